//! The words of dates in the languages that tables come in, and what each means.

use crate::value::text::fold;
use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Month(i64),
    /// Counted from Monday, which is 1.
    Weekday(i64),
    Part(Part),
    /// A day that lies so many after the anchor.
    Today(i64),
    /// The one before, the same or the next: -1, 0, 1.
    Which(i64),
    Unit(Unit),
    /// Between the ends of a span; at the beginning, up to a day.
    To,
    /// Between the two days of which one is meant.
    Or,
    And,
    Between,
    Before,
    After,
    /// From a day on; before a span it says nothing.
    Since,
    About,
    /// Says nothing.
    Noise,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Early,
    Mid,
    Late,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Week,
    Month,
    Year,
}

/// English, German, French, Spanish, Russian, Ukrainian, Turkish; full names, cases and short forms.
const WORDS: &[(Word, &str)] = &[
    (Word::Month(1), "january jan januar jänner janvier janv enero ene январь января янв січень січня січ ocak oca"),
    (
        Word::Month(2),
        "february feb februar feber février févr fév febrero февраль февраля фев февр лютий лютого лют şubat şub",
    ),
    (Word::Month(3), "march mar märz mär mrz mars marzo март марта мар березень березня бер mart"),
    (Word::Month(4), "april apr avril avr abril abr апрель апреля апр квітень квітня кві квіт nisan nis"),
    (Word::Month(5), "may mai mayo май мая травень травня тра трав mayıs"),
    (Word::Month(6), "june jun juni juin junio июнь июня июн червень червня чер черв haziran haz"),
    (Word::Month(7), "july jul juli juillet juil julio июль июля июл липень липня лип temmuz tem"),
    (Word::Month(8), "august aug août agosto ago август августа авг серпень серпня сер серп ağustos ağu"),
    (
        Word::Month(9),
        "september sep sept septembre septiembre setiembre set сентябрь сентября сен сент вересень вересня вер верес \
         eylül eyl",
    ),
    (Word::Month(10), "october oct oktober okt octobre octubre октябрь октября окт жовтень жовтня жов жовт ekim eki"),
    (Word::Month(11), "november nov novembre noviembre ноябрь ноября ноя нояб листопад листопада лис лист kasım kas"),
    (
        Word::Month(12),
        "december dec dezember dez décembre déc diciembre dic декабрь декабря дек грудень грудня гру груд aralık ara",
    ),
    (Word::Weekday(1), "monday mon montag mo lundi lunes понедельник понеділок pazartesi"),
    (Word::Weekday(2), "tuesday tue tues dienstag di mardi martes вторник вівторок salı"),
    (Word::Weekday(3), "wednesday wed mittwoch mercredi miércoles среда среду середа середу çarşamba"),
    (Word::Weekday(4), "thursday thu thur thurs donnerstag do jeudi jueves четверг четвер perşembe"),
    (Word::Weekday(5), "friday fri freitag fr vendredi viernes пятница пятницу п'ятниця п'ятницю cuma"),
    (Word::Weekday(6), "saturday sat samstag sonnabend sa samedi sábado суббота субботу субота суботу cumartesi"),
    (Word::Weekday(7), "sunday sun sonntag so dimanche domingo воскресенье неділя неділю pazar"),
    (
        Word::Part(Part::Early),
        "early beginning anfang début principios comienzos начало начале початок початку başı başında",
    ),
    (Word::Part(Part::Mid), "mid middle mitte mi mediados середина середине середині ortası ortasında"),
    (Word::Part(Part::Late), "late end ende fin finales конец конце кінець кінці наприкінці sonu sonunda"),
    (Word::Today(-2), "vorgestern"),
    (Word::Today(-1), "yesterday gestern"),
    (Word::Today(0), "today tonight heute"),
    (Word::Today(1), "tomorrow morgen"),
    (Word::Today(2), "übermorgen"),
    (
        Word::Which(-1),
        "last past previous letzte letzten letzter letztes vergangene vergangenen vergangener vergangenes vorige \
         vorigen voriger voriges",
    ),
    (Word::Which(0), "this current diese diesen dieser diesem dieses laufenden"),
    (Word::Which(1), "next coming nächste nächsten nächster nächstes kommende kommenden kommender kommendes"),
    (Word::Unit(Unit::Week), "week woche"),
    (Word::Unit(Unit::Month), "month monat"),
    (Word::Unit(Unit::Year), "year jahr"),
    (Word::To, "to until till through bis au à al a hasta по до"),
    (Word::Or, "or oder ou o или або veya"),
    (Word::And, "and und et y e и і й та ve"),
    (Word::Between, "between zwischen entre между між"),
    (Word::Before, "before vor avant antes перед"),
    (Word::After, "after nach après después после після"),
    (Word::Since, "since from von ab seit du depuis desde с со з із від"),
    (Word::About, "c ca circa about around approximately um etwa vers hacia около приблизно"),
    (
        Word::Noise,
        "the of on in im am dem den der des de del le la el les en zum zur г год года году р рік року в у на yılı the",
    ),
];

static MEANINGS: LazyLock<HashMap<String, Word>> = LazyLock::new(|| {
    WORDS.iter().flat_map(|(word, texts)| texts.split_whitespace().map(|text| (fold(text), *word))).collect()
});

/// What a word means, whatever its case and accents.
pub fn word(text: &str) -> Option<Word> {
    MEANINGS.get(&fold(text)).copied()
}

/// What stands behind the number of a day: `16th`, `1er`.
pub fn is_ordinal(text: &str) -> bool {
    matches!(fold(text).as_str(), "st" | "nd" | "rd" | "th" | "er" | "го" | "е" | "те" | "o" | "a")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_has_two_meanings() {
        for (word, texts) in WORDS {
            for text in texts.split_whitespace() {
                assert_eq!(super::word(text), Some(*word), "{text}");
            }
        }
    }
}
