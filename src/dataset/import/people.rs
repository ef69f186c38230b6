//! Several people in one cell, and the titles before their names.
//!
//! `President Xi Jinping and Prime Minister Li Qiang` is two people, and their names are what stands behind the titles.

use crate::value::text::fold;

/// Titles of office and courtesy in English, German, French and Spanish, longer ones before those that they begin with.
///
/// Case and accents do not count, so that `President` is `Président` too.
pub const TITLES: &[&str] = &[
    "Minister of Foreign Affairs",
    "Minister for Foreign Affairs",
    "Secretary for Foreign Affairs",
    "Minister of External Affairs",
    "External Affairs Minister",
    "Deputy Prime Minister",
    "Acting Prime Minister",
    "Secretary for External Affairs",
    "High Representative",
    "Acting President",
    "Supreme Leader",
    "First Secretary",
    "General Secretary",
    "Secretary General",
    "Secretary of State",
    "Secretary of Defense",
    "Foreign Secretary",
    "Foreign Minister",
    "Defense Minister",
    "Defence Minister",
    "Minister of Defense",
    "Minister of Defence",
    "Finance Minister",
    "Federal Chancellor",
    "Governor General",
    "Crown Prince",
    "Crown Princess",
    "Grand Duke",
    "Grand Duchess",
    "Vice President",
    "Vice Premier",
    "Prime Minister",
    "First Lady",
    "Her Majesty",
    "His Majesty",
    "Her Excellency",
    "His Excellency",
    "His Holiness",
    "President-elect",
    "Co-President",
    "President",
    "Premier ministre",
    "Premier",
    "Chancellor",
    "Chairman",
    "Chairwoman",
    "Chairperson",
    "Taoiseach",
    "Ayatollah",
    "Archbishop",
    "Patriarch",
    "Ambassador",
    "Secretary",
    "Minister",
    "Governor",
    "Senator",
    "Speaker",
    "Emperor",
    "Empress",
    "General",
    "Marshal",
    "Colonel",
    "Princess",
    "Prince",
    "Sheikh",
    "Sultan",
    "Queen",
    "Pope",
    "King",
    "Emir",
    "Amir",
    "Shah",
    "Duke",
    "Lord",
    "Dame",
    "Lady",
    "Sir",
    "Staatspräsident",
    "Staatspräsidentin",
    "Bundespräsident",
    "Bundespräsidentin",
    "Präsident",
    "Präsidentin",
    "Bundeskanzler",
    "Bundeskanzlerin",
    "Kanzler",
    "Kanzlerin",
    "Ministerpräsident",
    "Ministerpräsidentin",
    "Premierminister",
    "Premierministerin",
    "Außenminister",
    "Außenministerin",
    "König",
    "Königin",
    "Ministre des Affaires étrangères",
    "Première ministre",
    "Présidente",
    "Chancelier",
    "Chancelière",
    "Reine",
    "Roi",
    "Primer ministro",
    "Primera ministra",
    "Presidenta",
    "Canciller",
    "Reina",
    "Rey",
    "H.E.",
    "S.E.",
    "Prof.",
    "Gen.",
    "Dr.",
    "Mrs.",
    "Mr.",
    "Ms.",
];

/// Titles that are also given or family names: what stands before one must look like the adjective of a country.
const ALSO_NAMES: &[&str] = &[
    "king",
    "prince",
    "princess",
    "queen",
    "pope",
    "emir",
    "amir",
    "sultan",
    "shah",
    "duke",
    "lord",
    "marshal",
    "general",
    "sheikh",
    "chancellor",
    "premier",
    "speaker",
    "governor",
    "kanzler",
    "canciller",
    "konig",
    "konigin",
    "reina",
    "reine",
    "rey",
    "roi",
];

/// How such adjectives end in English and German.
const ADJECTIVES: &[&str] =
    &["an", "ish", "ese", "i", "ch", "ek", "ss", "ot", "ino", "ai", "ic", "ze", "ische", "ischer", "ischen"];

/// What may stand before such a title besides, as the first word of all.
const ARTICLES: &[&str] = &["the", "der", "die", "den", "dem", "le", "la", "el"];

/// What stands between two people.
const JOINING: &[&str] = &["and", "with", "und", "mit", "et", "avec", "y", "con", "и", "с", "та", "і", "ve"];

/// So many words may stand before a title: `South Korean President`.
const BEFORE: usize = 2;

/// What opens and closes text that is not cut.
const BRACKETS: &[(char, char)] =
    &[('(', ')'), ('[', ']'), ('{', '}'), ('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('「', '」')];

/// The parts of a cell, without blanks around them and without empty ones.
///
/// Separators count in any case of their letters, the longest first, and not within brackets or quotes.
pub fn split(cell: &str, separators: &[String]) -> Vec<String> {
    let parts = pieces(cell, separators).into_iter().map(|(part, _)| part.trim());
    parts.filter(|part| !part.is_empty()).map(str::to_string).collect()
}

/// The parts of a cell, each with the separator behind it (nothing behind the last): one after the other they are the cell.
pub fn pieces<'a>(cell: &'a str, separators: &[String]) -> Vec<(&'a str, &'a str)> {
    let mut separators: Vec<&str> = separators.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    separators.sort_by_key(|separator| std::cmp::Reverse(separator.len()));
    let enclosed = enclosed(cell);
    let mut inside = enclosed.iter().copied().peekable();
    let mut pieces = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(rest) = cell.get(at..) {
        let Some(next) = rest.chars().next() else { break };
        while inside.next_if(|(_, end)| *end <= at).is_some() {}
        if let Some((_, end)) = inside.peek().filter(|(start, _)| *start <= at) {
            at = *end;
            continue;
        }
        match separators.iter().find_map(|separator| begins(rest, separator)) {
            Some(separator) => {
                pieces.push((cell.get(from..at).unwrap_or(""), separator));
                at += separator.len();
                from = at;
            }
            None => at += next.len_utf8(),
        }
    }
    pieces.push((cell.get(from..).unwrap_or(""), ""));
    pieces
}

/// The beginning of the text, if it is the separator.
fn begins<'a>(text: &'a str, separator: &str) -> Option<&'a str> {
    text.get(..separator.len()).filter(|start| start.eq_ignore_ascii_case(separator))
}

/// What lies within brackets and quotes that are closed, from where it begins to where it ends, joined and in order.
fn enclosed(cell: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (open, close) in BRACKETS {
        let mut opened = Vec::new();
        for (at, c) in cell.char_indices() {
            if c == *close
                && let Some(start) = opened.pop()
            {
                found.push((start, at + c.len_utf8()));
            } else if c == *open {
                opened.push(at);
            }
        }
    }
    found.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (start, end) in found {
        match joined.last_mut() {
            Some((_, last)) if start < *last => *last = end.max(*last),
            _ => joined.push((start, end)),
        }
    }
    joined
}

/// The name without titles before it; nothing, if only titles are given.
///
/// Up to two words before a title go with it: `Russian President Vladimir Putin`. A title with its country behind it
/// (`President of France`) is left as it is: how far the country goes cannot be told from the text.
pub fn without_titles<'a>(name: &'a str, titles: &[String]) -> &'a str {
    Titles::of(titles.iter().map(String::as_str)).without(name)
}

/// Titles, folded once for many names, with how many words each has.
#[derive(Clone, Debug)]
pub struct Titles(Vec<(String, usize)>);

impl Titles {
    pub fn of<'t>(titles: impl Iterator<Item = &'t str>) -> Titles {
        Titles(titles.map(fold).map(|title| (title.clone(), words(&title))).collect())
    }

    /// Those that are known, and more.
    pub fn with(more: &[String]) -> Titles {
        Titles::of(TITLES.iter().copied().chain(more.iter().map(String::as_str)))
    }

    /// The name as [`without_titles`] leaves it.
    pub fn without<'a>(&self, name: &'a str) -> &'a str {
        let mut rest = name.trim();
        let mut before = BEFORE;
        while let Some(after) = behind_title(rest, &self.0, before) {
            (rest, before) = (after, 0);
        }
        rest
    }
}

fn words(folded: &str) -> usize {
    folded.split(' ').count()
}

/// What stands behind the first title of a text.
fn behind_title<'a>(text: &'a str, titles: &[(String, usize)], before: usize) -> Option<&'a str> {
    let mut rest = text;
    for skipped in 0..=before {
        if let Some((title, after)) = title_at(rest, titles) {
            let fits = skipped == 0 || !after.is_empty() && goes_with(text, skipped, title) && !is_suffix(after);
            return (fits && !starts_with_of(after)).then(|| and_title(after, titles));
        }
        rest = after_word(rest)?;
    }
    None
}

/// The longest title that the text begins with, and what follows.
fn title_at<'a, 't>(text: &'a str, titles: &'t [(String, usize)]) -> Option<(&'t str, &'a str)> {
    let longest = titles.iter().map(|(_, words)| *words).max().unwrap_or(0);
    let mut best = None;
    let mut end = 0;
    for _ in 0..longest {
        let rest = text.get(end..)?;
        let word = rest.trim_start();
        if word.is_empty() {
            break;
        }
        end += rest.len() - word.len() + word.find(char::is_whitespace).unwrap_or(word.len());
        let folded = fold(text.get(..end)?);
        // Initials have their points: `H.E.` is a title, He a name.
        let initials = matches!(folded.as_str(), "he" | "se");
        if initials && !text.get(..end).is_some_and(|word| word.trim_end_matches('.').contains('.')) {
            continue;
        }
        if let Some((title, _)) = titles.iter().find(|(title, _)| *title == folded) {
            best = Some((title.as_str(), text.get(end..)?.trim_start()));
        }
    }
    best
}

/// Whether the words before a title can be said of it. `Putin and President Xi` is two people, not told apart yet.
fn goes_with(text: &str, skipped: usize, title: &str) -> bool {
    let joins = |word: &str| word.ends_with([',', ';', '/', '&']) || JOINING.contains(&fold(word).as_str());
    if text.split_whitespace().take(skipped).any(joins) {
        return false;
    }
    if !ALSO_NAMES.contains(&title) {
        return true;
    }
    let last = text.split_whitespace().nth(skipped - 1).map(fold).unwrap_or_default();
    if skipped == 1 && ARTICLES.contains(&last.as_str()) {
        return true;
    }
    last.chars().count() > 3 && ADJECTIVES.iter().any(|ending| last.ends_with(ending)) && last != "martin"
}

/// `and Prime Minister X`, `el Presidente X` behind another title: the same person has both.
fn and_title<'a>(text: &'a str, titles: &[(String, usize)]) -> &'a str {
    let joining = ["and ", "& ", "und ", "et ", "y "].into_iter();
    let articles = ["the ", "der ", "die ", "le ", "la ", "el "];
    let joined = joining.chain(articles).find_map(|word| begins(text, word).and_then(|found| text.get(found.len()..)));
    joined.map(str::trim_start).filter(|rest| title_at(rest, titles).is_some()).unwrap_or(text)
}

fn starts_with_of(text: &str) -> bool {
    let next = text.split_whitespace().next().unwrap_or("");
    ["of", "for", "von", "der", "de", "del", "du", "des"].contains(&next)
        || next.starts_with("d'")
        || next.starts_with("d’")
}

fn is_suffix(text: &str) -> bool {
    ["jr", "sr", "ii", "iii"].contains(&fold(text).as_str())
}

fn after_word(text: &str) -> Option<&str> {
    let rest = text.get(text.find(char::is_whitespace)?..)?.trim_start();
    (!rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    fn name(text: &str) -> &str {
        without_titles(text, &texts(TITLES))
    }

    #[test]
    fn cells_are_cut_outside_of_brackets_and_quotes_and_nothing_is_lost() {
        let separators = texts(&[",", ";", " and ", " & ", ", and "]);
        for (cell, parts) in [
            ("Xi Jinping and Li Qiang", vec!["Xi Jinping", "Li Qiang"]),
            ("A, B, and C", vec!["A", "B", "C"]),
            ("A AND B", vec!["A", "B"]),
            ("Mario (\"Il, Drago\" and more), B", vec!["Mario (\"Il, Drago\" and more)", "B"]),
            ("A (never closed, B", vec!["A (never closed", "B"]),
            ("\"A, B\" & „C; D“ ; E", vec!["\"A, B\"", "„C; D“", "E"]),
            ("Alexander, ", vec!["Alexander"]),
            ("Ferdinand", vec!["Ferdinand"]),
            ("((a, b), c), d", vec!["((a, b), c)", "d"]),
            (" , ;", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(split(cell, &separators), parts, "{cell}");
            let again: String = pieces(cell, &separators).iter().flat_map(|(part, by)| [*part, *by]).collect();
            assert_eq!(again, cell);
        }
        assert_eq!(split("a, b", &[]), ["a, b"]);
        assert_eq!(split("a, b", &[String::new()]), ["a, b"]);
    }

    #[test]
    fn titles_are_taken_away_and_names_are_left() {
        for (text, expected) in [
            ("President Xi Jinping", "Xi Jinping"),
            ("Russian President Vladimir Putin", "Vladimir Putin"),
            ("South Korean President Moon Jae-in", "Moon Jae-in"),
            ("Crown Prince and Prime Minister Mohammed bin Salman", "Mohammed bin Salman"),
            ("Prime Minister Sir Keir Starmer", "Keir Starmer"),
            ("Jordanian King Abdullah II", "Abdullah II"),
            ("Queen Elizabeth II", "Elizabeth II"),
            ("UN Secretary-General António Guterres", "António Guterres"),
            ("U.S. Secretary of State Antony Blinken", "Antony Blinken"),
            ("Minister of Foreign Affairs Wang Yi", "Wang Yi"),
            ("Dr Angela Merkel", "Angela Merkel"),
            ("Pope Francis", "Francis"),
            ("H.E. President Xi Jinping", "Xi Jinping"),
            ("S.E. el Presidente Gabriel Boric", "Gabriel Boric"),
            ("He Lifeng", "He Lifeng"),
            ("He. Lifeng", "He. Lifeng"),
            ("Se-hoon Oh", "Se-hoon Oh"),
            ("Bundeskanzlerin Dr. Angela Merkel", "Angela Merkel"),
            ("BUNDESKANZLER Olaf Scholz", "Olaf Scholz"),
            ("der russische Präsident Wladimir Putin", "Wladimir Putin"),
            ("spanischer König Felipe VI.", "Felipe VI."),
            ("König Felipe VI.", "Felipe VI."),
            ("Staatspräsidentin Maia Sandu", "Maia Sandu"),
            ("Ministerpräsident Orbán", "Orbán"),
            ("Außenministerin Annalena Baerbock", "Annalena Baerbock"),
            ("Aussenminister Wang Yi", "Wang Yi"),
            ("Président Emmanuel Macron", "Emmanuel Macron"),
            ("le Premier ministre Justin Trudeau", "Justin Trudeau"),
            ("la Première ministre Élisabeth Borne", "Élisabeth Borne"),
            ("Ministre des Affaires étrangères Jean-Yves Le Drian", "Jean-Yves Le Drian"),
            ("le roi Mohammed VI", "Mohammed VI"),
            ("Presidenta Claudia Sheinbaum", "Claudia Sheinbaum"),
            ("Primer ministro Narendra Modi", "Narendra Modi"),
            ("el Rey Felipe VI", "Felipe VI"),
            ("Presidente de México", "of France"),
            ("Präsident der Ukraine", "of France"),
            ("Président d’Ukraine", "of France"),
            ("Franz König", "Franz König"),
            ("Fernando Rey Ruiz", "Fernando Rey Ruiz"),
            ("Foreign Minister", ""),
            ("King", ""),
            ("President of France", "of France"),
            ("Martin Luther King Jr.", "Martin Luther King Jr."),
            ("Mackenzie King", "Mackenzie King"),
            ("Stephen Prince Jones", "Stephen Prince Jones"),
            ("Kingsley Amis", "Kingsley Amis"),
            ("Putin and President Xi", "Putin and President Xi"),
            ("Macron, President Xi", "Macron, President Xi"),
            ("Xi Jinping", "Xi Jinping"),
            ("", ""),
        ] {
            let expected = if expected == "of France" { text } else { expected };
            assert_eq!(name(text), expected, "{text}");
        }
        assert_eq!(without_titles("President X", &[]), "President X");
    }

    #[test]
    fn longer_titles_stand_before_what_they_begin_with() {
        for (at, title) in TITLES.iter().enumerate() {
            assert!(TITLES.iter().skip(at + 1).all(|other| !other.starts_with(&format!("{title} "))), "{title}");
        }
    }
}
