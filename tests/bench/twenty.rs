//! Twenty questions.

mod generate;

use std::path::Path;

fn main() {
    let size: usize = std::env::var("SIZE").ok().and_then(|text| text.parse().ok()).unwrap_or(1000);
    let path = generate::file(Path::new(env!("CARGO_TARGET_TMPDIR")), size);
    if size <= 10_000 {
        let database = bilat::store::Database::open(&path).expect("it opens");
        bilat::dataset::examine(&database, &bilat::store::Progress::default())
            .unwrap_or_else(|e| panic!("{:?}", e.first()));
    }
}
