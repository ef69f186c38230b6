//! The program: see [`bilat::cli`].

fn main() {
    std::process::exit(bilat::cli::run());
}
