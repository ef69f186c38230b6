//! Names that look like others: a warning for each that was made to deceive, none for any that is real.

use bilat::dataset::import::lookalike::{Lookalikes, suspicious};
use bilat::dataset::import::people::{TITLES, without_titles};
use bilat::dataset::records;
use std::path::Path;

/// Every name that the bundled data give, with the thing that has it.
fn real() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let records = records::read_folder(&folder).unwrap();
    let mut names = Vec::new();
    for (noun, rows) in &records.nouns {
        let noun = noun.noun();
        for row in rows {
            let thing = row.cell("of").map_or(format!("{}:{}", noun.name, row.key), str::to_string);
            let columns: &[&str] = match noun.name {
                "names" => &["text"],
                "leaders" => &["name", "native_name"],
                "countries" | "places" => &["name"],
                _ => &[],
            };
            names.extend(
                columns.iter().filter_map(|column| row.cell(column)).map(|text| (text.to_string(), thing.clone())),
            );
        }
    }
    assert!(names.len() > 2_000, "{}", names.len());
    names
}

/// Every name of a bundled leader, in all its spellings, comes through whole.
#[test]
fn no_name_of_a_leader_is_taken_for_a_title() {
    let titles: Vec<String> = TITLES.iter().map(|title| (*title).to_string()).collect();
    let names = real();
    let leaders: Vec<&String> =
        names.iter().filter(|(_, thing)| thing.starts_with("leaders:")).map(|(text, _)| text).collect();
    assert!(leaders.len() > 200, "{}", leaders.len());
    let cut: Vec<&String> = leaders.into_iter().filter(|name| without_titles(name, &titles) != name.as_str()).collect();
    assert!(cut.is_empty(), "{} are cut: {cut:?}", cut.len());
}

fn learnt(names: &[(String, String)]) -> Lookalikes {
    let mut known = Lookalikes::default();
    names.iter().for_each(|(text, thing)| known.learn(text, thing));
    known
}

#[test]
fn no_real_name_is_warned_of() {
    let names = real();
    let known = learnt(&names);
    let warnings: Vec<String> = names
        .iter()
        .flat_map(|(text, thing)| {
            let warnings = [suspicious(text), known.warning(text, Some(thing)), known.warning(text, None)];
            warnings.into_iter().flatten().map(move |why| format!("{text} ({thing}): {why}"))
        })
        .collect();
    assert!(warnings.is_empty(), "{} of {}:\n{}", warnings.len(), names.len(), warnings.join("\n"));
}

/// A real name, what of it is changed, and into what.
const CRAFTED: [(&str, &str, &str); 100] = [
    // Cyrillic in Latin.
    ("Vladimir Putin", "P", "Р"),
    ("Vladimir Putin", "i", "і"),
    ("Vladimir Putin", "a", "а"),
    ("Xi Jinping", "X", "Х"),
    ("Xi Jinping", "Xi", "Хі"),
    ("Xi Jinping", "J", "Ј"),
    ("Narendra Modi", "o", "о"),
    ("Narendra Modi", "e", "е"),
    ("Viktor Orbán", "O", "О"),
    ("Viktor Orbán", "k", "к"),
    ("Kim Jong Un", "K", "К"),
    ("Kim Jong Un", "m", "м"),
    ("Ilham Aliyev", "y", "у"),
    ("Ilham Aliyev", "I", "І"),
    ("Luis Arce", "c", "с"),
    ("Luis Arce", "s", "ѕ"),
    ("Russia", "s", "ѕ"),
    ("Russia", "a", "а"),
    ("China", "C", "С"),
    ("China", "h", "һ"),
    ("Hungary", "H", "Н"),
    ("Belarus", "B", "В"),
    ("Moscow", "M", "М"),
    ("Moscow", "c", "с"),
    ("Tokyo", "T", "Т"),
    ("Tokyo", "y", "у"),
    ("Paris", "P", "Р"),
    ("Astana", "A", "А"),
    // Greek in Latin.
    ("Vladimir Putin", "u", "υ"),
    ("Vladimir Putin", "n", "η"),
    ("Xi Jinping", "i", "ι"),
    ("Narendra Modi", "N", "Ν"),
    ("Kazakhstan", "K", "Κ"),
    ("Hungary", "H", "Η"),
    ("Moscow", "M", "Μ"),
    ("Moscow", "o", "ο"),
    ("Tokyo", "T", "Τ"),
    ("Brazil", "B", "Β"),
    ("Egypt", "E", "Ε"),
    ("Iran", "I", "Ι"),
    // Armenian, Cherokee, Lisu in Latin.
    ("Moscow", "o", "օ"),
    ("Turkey", "u", "ս"),
    ("China", "n", "ո"),
    ("Paris", "P", "Ꮲ"),
    ("Germany", "G", "Ꮐ"),
    ("Germany", "e", "ҽ"),
    ("Astana", "A", "ꓮ"),
    ("Brazil", "B", "ꓐ"),
    // Latin in Cyrillic, Greek, Armenian.
    ("Владимир Путин", "а", "a"),
    ("Владимир Путин", "р", "p"),
    ("Россия", "о", "o"),
    ("Россия", "с", "c"),
    ("Китай", "К", "K"),
    ("Украина", "а", "a"),
    ("Азербайджан", "А", "A"),
    ("Египет", "е", "e"),
    ("Франция", "а", "a"),
    ("Венгрия", "е", "e"),
    // What nobody sees.
    ("Vladimir Putin", "r P", "r\u{200b} P"),
    ("Vladimir Putin", "Put", "Pu\u{200b}t"),
    ("Xi Jinping", "Xi", "X\u{200d}i"),
    ("Xi Jinping", "Jin", "Ji\u{200c}n"),
    ("Narendra Modi", "Mo", "M\u{2060}o"),
    ("Viktor Orbán", "ban", "b\u{ad}an"),
    ("Viktor Orbán", "Vik", "V\u{ad}ik"),
    ("China", "Ch", "C\u{feff}h"),
    ("Russia", "R", "\u{200e}R"),
    ("Russia", "a", "a\u{200f}"),
    ("Moscow", "os", "o\u{61c}s"),
    ("Tokyo", "ok", "o\u{34f}k"),
    ("Paris", "ar", "a\u{180e}r"),
    ("India", "n", "n\u{e0041}"),
    ("Iran", "ra", "r\u{115f}a"),
    ("Egypt", "gy", "g\u{3164}y"),
    ("Cuba", "ub", "u\u{2063}b"),
    // What turns the order round.
    ("Vladimir Putin", "Putin", "\u{202e}nituP"),
    ("Xi Jinping", "Xi", "\u{202d}Xi\u{202c}"),
    ("Moscow", "Mos", "\u{2067}Mos\u{2069}"),
    ("Luis Arce", "Arce", "\u{202b}Arce"),
    ("Kim Jong Un", "Kim", "\u{2066}Kim\u{2069}"),
    // Letters that stand for others.
    ("Vladimir Putin", "P", "Ｐ"),
    ("Vladimir Putin", "V", "𝐕"),
    ("Xi Jinping", "X", "𝖷"),
    ("Narendra Modi", "M", "ℳ"),
    ("Viktor Orbán", "k", "𝚔"),
    ("China", "C", "ℂ"),
    ("Russia", "R", "ℛ"),
    ("Moscow", "w", "ｗ"),
    ("Hungary", "H", "ℍ"),
    ("Paris", "P", "ⓟ"),
    // Letters and digits of the same script.
    ("Vladimir Putin", "l", "I"),
    ("Vladimir Putin", "l", "1"),
    ("Vladimir Putin", "m", "rn"),
    ("Iran", "I", "l"),
    ("Iraq", "I", "1"),
    ("Oman", "O", "0"),
    ("Oman", "m", "rn"),
    ("Ilham Aliyev", "Il", "lI"),
    ("Moscow", "o", "0"),
    ("India", "I", "l"),
];

#[test]
fn each_of_a_hundred_crafted_names_is_warned_of() {
    let names = real();
    let known = learnt(&names);
    let mut missed = Vec::new();
    let mut warned = 0;
    for (name, part, other) in CRAFTED {
        assert!(names.iter().any(|(text, _)| text == name), "{name} is no name of the data");
        // An accent hides a part from the search; then it is put in where it looks the same.
        let crafted = if name.contains(part) { name.replacen(part, other, 1) } else { format!("{name}{other}") };
        assert_ne!(crafted, name);
        match known.warning(&crafted, None) {
            Some(_) => warned += 1,
            None => missed.push(format!("{name} as {}", crafted.escape_unicode())),
        }
    }
    assert!(missed.is_empty(), "{warned} of 100:\n{}", missed.join("\n"));
}
