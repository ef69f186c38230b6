//! Completion at every kind of place: what is offered first, where it is put, and what is not offered.

use bilat::assist::complete;
use bilat::session::{Session, Settings};
use bilat::store::Database;

/// `typed`, then what is put there, with `|` where it begins; nothing for nothing.
const FIRST: &[(&str, &str)] = &[
    // Keywords, one word or two.
    ("FROM meetings WITHO", "FROM meetings |WITHOUT"),
    ("FROM meetings wi", "FROM meetings |WITH"),
    ("FROM meetings WITH Putin GR", "FROM meetings WITH Putin |GROUP BY"),
    ("FROM meetings WITH Putin order b", "FROM meetings WITH Putin |ORDER BY"),
    ("FROM meetings ACCORDING T", "FROM meetings |ACCORDING TO"),
    ("AS O", "|AS OF"),
    ("desc", "|DESCRIBE"),
    // Nouns, queries with a name, the query before.
    ("FROM mee", "FROM |meetings"),
    ("EXPLAIN FROM vis", "EXPLAIN FROM |visits"),
    ("DESCRIBE mee", "DESCRIBE |meetings"),
    ("LET talks = FROM visits; FROM ta", "LET talks = FROM visits; FROM |talks"),
    ("LET talks = FROM visits; FROM talks WHERE jour", "LET talks = FROM visits; FROM talks WHERE |journey"),
    ("SELECT date FROM la", "SELECT date FROM |last"),
    // Members along a path, behind clauses, in functions and in brackets.
    ("SELECT place.country.reg", "SELECT place.country.|region"),
    ("SELECT counterparts.leader.of", "SELECT counterparts.leader.|office"),
    ("FROM meetings GROUP BY host_c", "FROM meetings GROUP BY |host_country"),
    (
        "SELECT count() FROM meetings GROUP BY month(date) ACROSS pla",
        "SELECT count() FROM meetings GROUP BY month(date) ACROSS |place",
    ),
    ("SELECT rank(PER pla", "SELECT rank(PER |place"),
    ("SELECT count(DISTINCT pla", "SELECT count(DISTINCT |place"),
    ("FROM meetings WHERE ANY participants (cou", "FROM meetings WHERE ANY participants (|country"),
    ("FROM meetings WHERE EVERY participants (leader.cou", "FROM meetings WHERE EVERY participants (leader.|country"),
    ("FROM leaders WHERE EXISTS (FROM visits WHERE jou", "FROM leaders WHERE EXISTS (FROM visits WHERE |journey"),
    // Names: prefix, any word, no accents, aliases, other scripts, several words, inside, slips.
    ("FROM meetings WITH Vlad", "FROM meetings WITH |'Vladimir Putin'"),
    ("FROM meetings WITH 'put", "FROM meetings WITH |'Vladimir Putin'"),
    ("FROM meetings WITH erdogan", "FROM meetings WITH |'Recep Tayyip Erdoğan'"),
    ("FROM meetings WITH Selensky", "FROM meetings WITH |'Volodymyr Zelenskyy'"),
    ("FROM meetings WITH 習", "FROM meetings WITH |'Xi Jinping'"),
    ("FROM meetings WITH Пут", "FROM meetings WITH |'Vladimir Putin'"),
    ("FROM meetings WITH Xi AND Kim J", "FROM meetings WITH Xi AND |'Kim Jong Un'"),
    ("FROM meetings WITH lensky", "FROM meetings WITH |'Volodymyr Zelenskyy'"),
    ("FROM meetings WITH putn", "FROM meetings WITH |'Vladimir Putin'"),
    ("FROM leaders WHERE NOT MET orb", "FROM leaders WHERE NOT MET |'Viktor Orbán'"),
    ("FROM leaders WHERE ATTENDED sco", "FROM leaders WHERE ATTENDED |'SCO summit in Astana'"),
    ("CONNECT Orban TO ze", "CONNECT Orban TO |'Volodymyr Zelenskyy'"),
    ("FROM meetings SINCE event 'SC", "FROM meetings SINCE event |'SCO summit in Astana'"),
    ("FROM meetings ACCORDING TO the a", "FROM meetings ACCORDING TO |'the article'"),
    ("FROM meetings ABOUT ukr", "FROM meetings ABOUT |'Peace initiative for Ukraine'"),
    ("FROM meetings IN ast", "FROM meetings IN |'Astana'"),
    ("ASSERT count(FROM meetings WITH put", "ASSERT count(FROM meetings WITH |'Vladimir Putin'"),
    // Values of what is compared.
    ("FROM meetings WHERE status = canc", "FROM meetings WHERE status = |'cancelled'"),
    ("FROM meetings WHERE status IN ('held', 'canc", "FROM meetings WHERE status IN ('held', |'cancelled'"),
    ("FROM meetings WHERE ANY participants (role = 'g", "FROM meetings WHERE ANY participants (role = |'guest'"),
    (
        "FROM meetings WHERE ANY participants (country = 'Hung",
        "FROM meetings WHERE ANY participants (country = |'Hungary'",
    ),
    ("FROM meetings WHERE format = 'state vs", "FROM meetings WHERE format = |'state visit'"),
    ("LET $who = 'Xi'; FROM meetings WITH $w", "LET $who = 'Xi'; FROM meetings WITH $|who"),
    // Slips in words.
    ("FROM meetngs", "FROM |meetings"),
    ("SELECT cuont", "SELECT |count("),
    ("FROM leaders WHERE cuontry", "FROM leaders WHERE |country"),
    // Where nothing can stand.
    ("FROM meetings WITH 'Xi Jinping'", ""),
    ("FROM meetings WITH the Hungr", ""),
    ("SELECT date.", ""),
    ("FROM meetings; elephant", ""),
];

fn session() -> Session {
    Session::new(Database::bundled().unwrap(), Settings::default()).unwrap()
}

#[test]
fn the_first_of_what_is_offered_is_what_is_most_likely_meant() {
    let session = session();
    let mut wrong = Vec::new();
    for (typed, expected) in FIRST {
        let (start, found) = complete(&session, typed, typed.len());
        let put = found.first().map(|first| format!("{}|{}", &typed[..start], first.text)).unwrap_or_default();
        if put != *expected {
            wrong.push(format!("{typed}⇥\n  expected {expected}\n  offered  {put}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_offered_says_what_it_is() {
    let session = session();
    let what = |typed: &str| complete(&session, typed, typed.len()).1.first().unwrap().what.clone();
    assert_eq!(what("FROM meetings WITH orb"), "Prime Minister of Hungary");
    assert_eq!(what("FROM meetings WITH Selenskyj"), "President of Ukraine, also Wolodymyr Selenskyj");
    assert_eq!(what("FROM meetings WHERE status = canc"), "it was called off");
    assert_eq!(what("LET $who = 'Xi'; FROM meetings WITH $w"), "Xi");
}

#[test]
fn whatever_is_put_there_reads_back() {
    let session = session();
    for phrase in ["WITH", "IN", "AT", "ABOUT", "ACCORDING TO"] {
        let typed = format!("FROM meetings {phrase} ");
        let (start, found) = complete(&session, &typed, typed.len());
        assert!(found.len() > 3, "{phrase}");
        for candidate in found.iter().filter(|candidate| candidate.text.starts_with('\'')) {
            let text = format!("{}{}", &typed[..start], candidate.text);
            let mistakes = session.compile(&text).err().unwrap_or_default();
            // Two things may have one name; that is said, and how to tell them apart.
            assert!(mistakes.iter().all(|mistake| mistake.code == "B212"), "{text}: {mistakes:?}");
        }
    }
}
