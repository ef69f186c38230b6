//! What goes through the whole language: names, dates, what is vague or undecided, what was held, what is complete.

use super::{Entry, Says, Section};

const fn entry(
    name: &'static str,
    words: &'static [&'static str],
    says: &'static str,
    example: &'static str,
    mistake: &'static str,
) -> Entry {
    Entry { name, words, productions: &[], says: Says::Here(says), example, mistake: Some(mistake) }
}

pub const SUBJECTS: Section = Section {
    title: "What goes through all of it",
    about: "Names and dates are read alike wherever they stand, and no answer hides what it leaves open.",
    productions: &[],
    entries: &[
        entry(
            "names in the data",
            &["names", "spelling"],
            "a name is found when the text is read: as a whole, then the same words in any order, then words of one name; \
             in any stored language and script, without regard to case, accents, hyphens or apostrophes, codes too. Where \
             nothing is found the nearest names are offered, and where several are, all of them; a word for the kind \
             decides: country 'Georgia'",
            "SELECT date, counterparts FROM meetings WITH 'Путин' IN blr;",
            "FROM meetings WITH Congo;",
        ),
        entry(
            "dates",
            &["date", "calendar"],
            "a date is a year, a month, a day, a quarter or an ISO week: 2024, 2024-05, 2024-05-16, 2024-Q2, 2024-W20; a \
             longer time is from..to, and stands for all its days; event 'name' and TODAY may stand where a date may",
            "SELECT date, country FROM visits BY Putin DURING 2024-W20..2024-05;",
            "FROM meetings SINCE 20240516;",
        ),
        entry(
            "vague dates",
            &["vague", "EDTF"],
            "a stored date says as much as its source: 2024-06 is some day in June, [2024-07-03..2024-07-04] one of two \
             days, 2024-06-18/2024-06-19 all of both; ~ is about, ? is doubtful. A condition on such a date may be \
             undecided",
            "SELECT date, counterparts FROM meetings WITH Putin SINCE 2024-07-03 UNTIL 2024-07-04 WHERE NOT CERTAINLY date = 2024-07-03;",
            "FROM meetings WHERE month(date) > event 'US complaints';",
        ),
        entry(
            "undecided",
            &["possible", "Kleene"],
            "a condition on what is vague or not known is neither true nor false. The answer holds the rows of which the \
             whole is true, and the closing line counts those of which it may be, with the reason; POSSIBLY lets them in, \
             and count_possible() counts them too",
            "SELECT count(), count_possible() FROM meetings WITH Putin SINCE 2024-07-04;",
            "SELECT count_posible() FROM meetings;",
        ),
        entry(
            "status",
            &["held", "planned"],
            "meetings, visits and events are those that were held, wherever they stand; a condition on status lifts that, \
             and the closing line counts what stayed out",
            "SELECT date, counterparts, status FROM meetings WITH Putin AND Erdogan WHERE status IN ('held', 'invited');",
            "FROM meetings WHERE status = 'plan';",
        ),
        entry(
            "complete or not",
            &["coverage", "absence"],
            "that the file has no row means something only where it claims to hold all of them: FROM coverage lists these \
             claims, and elsewhere an ASSERT that there is none stays undecided. So it is with the meetings and visits \
             of leaders, countries and events in a condition: NO meetings (…) and size(meetings) < 3 are undecided, \
             size(meetings) >= 3 can hold",
            "ASSERT NONE (FROM meetings WITH Modi AND Xi);",
            "FROM coverages;",
        ),
        entry(
            "counterparts",
            &[],
            "the participants other than the first name behind WITH",
            "SELECT date, counterparts, counterparts.country FROM meetings WITH Orban;",
            "SELECT counterparts FROM meetings;",
        ),
    ],
};
