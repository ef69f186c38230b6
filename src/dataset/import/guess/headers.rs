//! What columns are called, in several languages.

use crate::value::text::fold;

/// What a column may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Date,
    Start,
    End,
    Year,
    Person,
    Other,
    Country,
    Place,
    Kind,
    Status,
    Event,
    Topic,
    Remark,
    Locator,
}

use Role::*;

/// Folded words of headers; of several that fit the longest counts, then the first.
const WORDS: &[(Role, &[&str])] = &[
    (
        Start,
        &[
            "start",
            "start date",
            "from",
            "begin",
            "arrival",
            "von",
            "beginn",
            "ankunft",
            "debut",
            "inicio",
            "начало",
            "开始",
            "baslangic",
        ],
    ),
    (End, &["end", "end date", "until", "to", "departure", "bis", "ende", "abreise", "fin", "конец", "结束", "bitis"]),
    (
        Date,
        &[
            "date",
            "dates",
            "day",
            "when",
            "datum",
            "tag",
            "wann",
            "termin",
            "fecha",
            "data",
            "jour",
            "quand",
            "дата",
            "日期",
            "tarih",
            "التاريخ",
        ],
    ),
    (Year, &["year", "jahr", "annee", "ano", "год", "年", "yil"]),
    (
        Other,
        &[
            "with whom",
            "with",
            "met with",
            "met",
            "counterpart",
            "counterparts",
            "participants",
            "mit wem",
            "mit",
            "gesprachspartner",
            "teilnehmer",
            "avec",
            "avec qui",
            "con quien",
            "с кем",
            "участники",
            "会见",
        ],
    ),
    (
        Person,
        &[
            "leader",
            "leaders",
            "people",
            "persons",
            "presidents",
            "traveller",
            "traveler",
            "visitor",
            "who",
            "name",
            "person",
            "president",
            "wer",
            "reisender",
            "gast",
            "politiker",
            "qui",
            "dirigeant",
            "quien",
            "лидер",
            "кто",
            "领导人",
            "kim",
        ],
    ),
    (
        Country,
        &["country", "countries", "state", "land", "staat", "pays", "pais", "paese", "страна", "国家", "ulke", "البلد"],
    ),
    (
        Place,
        &[
            "place",
            "places",
            "city",
            "cities",
            "town",
            "where",
            "location",
            "locale",
            "locations",
            "area",
            "areas",
            "areas visited",
            "venue",
            "ort",
            "orte",
            "stadt",
            "wo",
            "lieu",
            "ville",
            "lugar",
            "ciudad",
            "место",
            "город",
            "地点",
            "城市",
            "yer",
            "sehir",
        ],
    ),
    (
        Kind,
        &["kind", "type", "format", "class", "category", "art", "typ", "nature", "tipo", "вид", "тип", "类型", "tur"],
    ),
    (Status, &["status", "stand", "estado", "statut", "статус", "状态"]),
    (Event, &["event", "summit", "occasion", "anlass", "gipfel", "evenement", "evento", "событие"]),
    (Topic, &["topic", "topics", "subject", "agenda", "thema", "themen", "sujet", "tema", "тема"]),
    (
        Remark,
        &[
            "remark",
            "remarks",
            "note",
            "notes",
            "comment",
            "comments",
            "purpose",
            "description",
            "details",
            "notiz",
            "bemerkung",
            "bemerkungen",
            "anmerkung",
            "zweck",
            "remarque",
            "objet",
            "notas",
            "примечание",
            "цель",
            "备注",
            "not",
        ],
    ),
    (
        Locator,
        &[
            "id",
            "key",
            "number",
            "no",
            "nr",
            "ref",
            "reference",
            "page",
            "link",
            "url",
            "source",
            "seite",
            "quelle",
            "номер",
            "ссылка",
            "链接",
        ],
    ),
];

/// What a header says that its column is.
pub fn role(header: &str) -> Option<Role> {
    let folded = fold(header);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut best: Option<(usize, Role)> = None;
    for (role, phrases) in WORDS {
        for phrase in *phrases {
            let phrase: Vec<&str> = phrase.split(' ').collect();
            let stands = words.windows(phrase.len()).any(|window| window == phrase);
            if stands && best.is_none_or(|(length, _)| phrase.len() > length) {
                best = Some((phrase.len(), *role));
            }
        }
    }
    best.map(|(_, role)| role)
}

/// Headers of people that speak of more than one.
const PLURALS: &[&str] = &["leaders", "people", "persons", "presidents"];

/// Whether a header of people speaks of more than one.
pub fn is_plural(header: &str) -> bool {
    fold(header).split(|c: char| !c.is_alphanumeric()).any(|word| PLURALS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_in_several_languages() {
        for (header, expected) in [
            ("start_date", Some(Start)),
            ("End date", Some(End)),
            ("Date(s)", Some(Date)),
            ("With whom", Some(Other)),
            ("Mit wem?", Some(Other)),
            ("Gesprächspartner", Some(Other)),
            ("Areas visited", Some(Place)),
            ("Страна", Some(Country)),
            ("日期", Some(Date)),
            ("Bemerkung", Some(Remark)),
            ("id", Some(Locator)),
            ("colour", None),
        ] {
            assert_eq!(role(header), expected, "{header}");
        }
    }

    #[test]
    fn every_word_is_folded() {
        for word in WORDS.iter().flat_map(|(_, words)| *words) {
            assert_eq!(fold(word), *word);
        }
    }
}
