//! Query texts in one form: the same statements with the same comments, laid out alike, and habits of other languages
//! written as they are here.
//!
//! A text is first mended ([`repair`]: patches that are surely right, until there is no mistake left), then read as
//! pieces with their comments ([`pieces`]), then laid out ([`layout`]). The layout knows tokens, brackets and the places
//! of clauses, and nothing of the tree: what the language learns, it need not.

mod layout;
mod pieces;
mod repair;

use crate::diagnostic::{Diagnostic, running};
use crate::span::Span;
use pieces::{Item, items};

/// A text in its one form, and what had to be repaired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formatted {
    pub text: String,
    /// In the order of their places.
    pub repairs: Vec<Repair>,
}

/// Something written otherwise here than it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Where it stood in the text as it came, in bytes.
    pub place: usize,
    /// What was repaired, in a short line.
    pub what: String,
}

/// The text in its one form. `is_column` says whether a word may be an attribute or a link.
///
/// A byte order mark is for those who read and write files: it is no part of what comes back.
///
/// # Errors
/// All mistakes of the text, if not all of them can be repaired.
pub fn format(text: &str, is_column: &dyn Fn(&str) -> bool) -> Result<Formatted, Vec<Diagnostic>> {
    let Some(mended) = repair::mend(text, is_column) else { return Err(super::parse(text).diagnostics) };
    let (mut read, rewritten) = items(&mended.text);
    layout::select_first(&mut read);
    let written = layout::lay_out(&read, line_ending(&mended.text));
    // Whatever the layout does, the same pieces with the same comments must come out of it.
    if contents(&items(&written).0) != contents(&read) {
        return Err(vec![running::bug("the formatted text does not say the same")]);
    }
    let mut repairs = mended.repairs.clone();
    repairs.extend(rewritten.into_iter().map(|repair| Repair { place: mended.origin(repair.place), ..repair }));
    repairs.sort_by_key(|repair| repair.place);
    Ok(Formatted { text: written, repairs })
}

/// A part of a text on one line, as it would be written there: without comments, whatever the layout of the text.
pub fn one_line(text: &str) -> String {
    let (read, _) = items(text);
    let statements = read.into_iter().filter_map(|item| match item {
        Item::Statement { mut pieces, .. } => {
            // The semicolon is no part of it.
            pieces.pop();
            Some(layout::one_line(&mut pieces))
        }
        Item::Comment(_) => None,
    });
    statements.collect::<Vec<_>>().join("; ")
}

/// Everything a reader of the text reads, in its order.
fn contents<'a>(items: &'a [Item<'_>]) -> Vec<&'a str> {
    let mut contents: Vec<&str> = Vec::new();
    for item in items {
        match item {
            Item::Comment(comment) => contents.push(comment.text),
            Item::Statement { pieces, .. } => {
                for piece in pieces {
                    contents.extend(piece.above.iter().map(|comment| comment.text));
                    contents.push(&piece.text);
                    contents.extend(piece.after.iter().map(|comment| comment.text));
                }
            }
        }
    }
    contents
}

/// The ending of the first line that neither a text nor a comment holds.
fn line_ending(text: &str) -> &'static str {
    let tokens = super::tokens(text);
    let mut held = super::lexer::comments(text, &tokens);
    held.extend(tokens.iter().map(|token| token.span));
    held.sort_unstable();
    let mut end = 0;
    let first = held.into_iter().find_map(|span| {
        let between = Span::new(end, span.start).text(text);
        let found = between.find('\n').map(|at| end + at);
        end = end.max(span.end);
        found
    });
    match first {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(text: &str) -> String {
        let once =
            format(text, &|word| word == "place").unwrap_or_else(|mistakes| panic!("{text}: {mistakes:#?}")).text;
        let twice = format(&once, &|_| false).unwrap();
        assert_eq!((twice.text.as_str(), twice.repairs.as_slice()), (once.as_str(), [].as_slice()));
        once
    }

    fn repairs(text: &str) -> Vec<String> {
        let formatted = format(text, &|word| word == "place").unwrap();
        formatted.repairs.into_iter().map(|repair| format!("{}: {}", repair.place, repair.what)).collect()
    }

    #[test]
    fn what_fits_stands_on_one_line() {
        assert_eq!(
            formatted("select  count ( )\nfrom meetings\n\twith Putin"),
            "SELECT count() FROM meetings WITH Putin;\n"
        );
        assert_eq!(
            formatted("FROM x WHERE a.b . c>=- 5 AND NOT(x-y*- -z!=2024 .. 2025) AND d IN( ..2024,2024-05.. )"),
            "FROM x WHERE a.b.c >= -5 AND NOT (x - y * - -z != 2024..2025) AND d IN (..2024, 2024-05..);\n"
        );
        assert_eq!(
            formatted("FROM leaders WHERE ANY meetings(place='x') AND size ( a )>1 GROUP /* of */\nBY a"),
            "FROM leaders WHERE ANY meetings (place = 'x') AND size(a) > 1 /* of */ GROUP BY a;\n"
        );
    }

    #[test]
    fn select_stands_first_unless_a_comment_would_lose_its_place() {
        assert_eq!(
            formatted("FROM meetings WITH Putin SELECT date, place WHERE place = 'x'"),
            "SELECT date, place FROM meetings WITH Putin WHERE place = 'x';\n"
        );
        assert_eq!(formatted("EXPLAIN FROM meetings SELECT date;"), "EXPLAIN SELECT date FROM meetings;\n");
        assert_eq!(formatted("FROM meetings -- all\nSELECT date"), "FROM meetings -- all\nSELECT date;\n");
    }

    #[test]
    fn quotes_are_single_where_nothing_needs_escaping() {
        assert_eq!(
            formatted(r#"FROM m WITH "Xi Jinping" AND "O'Neill" AND 'O''Neill' AND "a ""b""" AND """#),
            r#"FROM m WITH 'Xi Jinping' AND "O'Neill" AND 'O''Neill' AND 'a "b"' AND '';"#.to_string() + "\n"
        );
    }

    #[test]
    fn comments_stay_where_they_are() {
        let text = "\
-- about all
/* and
   more */

FROM meetings WITH Putin; -- behind
-- above
SELECT date, -- the day
  place
FROM meetings -- all of them
-- those with him
WITH Putin /* him */ AND Xi
WHERE place = 'x';

-- at the end
";
        assert_eq!(
            formatted(text),
            "\
-- about all
/* and
   more */

FROM meetings WITH Putin; -- behind
-- above
SELECT date, -- the day
  place
FROM meetings -- all of them
  -- those with him
  WITH Putin /* him */ AND Xi
WHERE place = 'x';

-- at the end
"
        );
        assert_eq!(
            formatted("FROM x -- a\n;;\n\n\n\n; FROM y /* b */; /* c */ FROM z"),
            "\
FROM x; -- a

FROM y; /* b */
/* c */
FROM z;
"
        );
        assert_eq!(formatted("SELECT a -- one\n, b -- two\n\n\n FROM x"), "SELECT a, -- one\n  b -- two\nFROM x;\n");
        for text in
            ["FROM x /* a\nb */ /* c */ WITH y", "FROM x /* a\nb */; /* c */", "FROM x; /* a\nb */ /* c */ FROM y"]
        {
            assert_eq!(formatted(text).matches("*/").count(), 2);
        }
        assert_eq!(formatted(" \n\n"), "");
        assert_eq!(formatted("-- alone"), "-- alone\n");
    }

    #[test]
    fn long_statements_have_a_line_for_each_clause() {
        let text = "SELECT month(date), count(), count_possible() FROM accounts WHERE publication = 'the article' AND \
             meeting.status = 'held' AND ANY meeting.participants (leader = 'Путин' AND meeting.place = 'the summer \
             residence of somebody') AND date BETWEEN 2024-05 AND 2024-06 OR date >= 2024-05 AND place IN ('aaaaaaaaaaaaaaaaaaaaaa', \
             'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'cccccccccccccccccccccccccccccccccccccc') GROUP BY month(date);";
        assert_eq!(
            formatted(text),
            "\
SELECT month(date), count(), count_possible()
FROM accounts
WHERE publication = 'the article'
    AND meeting.status = 'held'
    AND ANY meeting.participants (
      leader = 'Путин' AND meeting.place = 'the summer residence of somebody'
    )
    AND date BETWEEN 2024-05 AND 2024-06
  OR date >= 2024-05
    AND place IN (
      'aaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',
      'cccccccccccccccccccccccccccccccccccccc'
    )
GROUP BY month(date);
"
        );
        let text = "FROM meetings WITH 'Somebody with a long name' AND 'Somebody else with a long name' AT \
             'a summit with a long name too' POSSIBLY SINCE 2024-05-07;";
        assert_eq!(
            formatted(text),
            "\
FROM meetings
  WITH 'Somebody with a long name' AND 'Somebody else with a long name'
  AT 'a summit with a long name too'
  POSSIBLY SINCE 2024-05-07;
"
        );
    }

    #[test]
    fn queries_in_brackets_have_lines_of_their_own() {
        assert_eq!(
            formatted(
                "as of '2024-07-10'; let $n=-5; LET talks=from meetings with $who since $a .. TODAY where date<today -7"
            ),
            "AS OF 2024-07-10;\nLET $n = -5;\nLET talks = FROM meetings WITH $who SINCE $a..TODAY WHERE date < TODAY - 7;\n"
        );
        let text = "ASSERT 'more than twenty' count(FROM meetings WITH Putin SINCE 2024-05-07 SELECT date WHERE \
             format != 'talks') > 20 AND EXISTS (FROM visits WHERE leader = outer);\n\
             LET talks = SELECT date, counterparts, counterparts.country FROM meetings WITH Putin SINCE 2024-05-07 \
             WHERE format = 'talks';\n\
             ASSERT (SELECT count(DISTINCT counterparts) FROM meetings WITH Putin DURING 2023) = (SELECT count(DISTINCT \
             counterparts) FROM meetings WITH Putin DURING 2024);\n\
             ASSERT 'x' count(FROM leaders WHERE MET Putin SINCE event 'Fifth inauguration of Vladimir Putin' AND NONE \
             (FROM accounts WHERE named.leader = outer)) > 5;";
        assert_eq!(
            formatted(text),
            "\
ASSERT 'more than twenty'
  count(SELECT date FROM meetings WITH Putin SINCE 2024-05-07 WHERE format != 'talks') > 20
  AND EXISTS (FROM visits WHERE leader = outer);
LET talks =
  SELECT date, counterparts, counterparts.country
  FROM meetings WITH Putin SINCE 2024-05-07
  WHERE format = 'talks';
ASSERT (SELECT count(DISTINCT counterparts) FROM meetings WITH Putin DURING 2023)
  = (SELECT count(DISTINCT counterparts) FROM meetings WITH Putin DURING 2024);
ASSERT 'x'
  count(
    FROM leaders
    WHERE MET Putin SINCE event 'Fifth inauguration of Vladimir Putin'
      AND NONE (FROM accounts WHERE named.leader = outer)
  ) > 5;
"
        );
    }

    #[test]
    fn habits_are_repaired_and_said() {
        let text = "SELECT COUNT(*) n FROM meetings WITH Xi Jinping SINCE '2024-05'..'2024-5'\n\
             WHERE place<>“a b”&&x==1||y IS NOT NULL DURING 16.5.2024 LIMIT 5, 10";
        assert_eq!(
            formatted(text),
            "\
SELECT COUNT() AS n
FROM meetings WITH 'Xi Jinping' SINCE 2024-05..2024-05 DURING 2024-05-16
WHERE place != 'a b' AND x = 1 OR y IS NOT UNKNOWN
LIMIT 10 OFFSET 5;
"
        );
        assert_eq!(formatted("FROM m WITH Kim Jong Un AND ‘O’Neill’"), "FROM m WITH 'Kim Jong Un' AND 'O’Neill';\n");
        assert_eq!(
            repairs(text),
            [
                "7: COUNT(*) becomes COUNT()",
                "16: n becomes AS n",
                "37: Xi Jinping becomes 'Xi Jinping'",
                "54: '2024-05' becomes 2024-05",
                "65: '2024-5' becomes 2024-05",
                "74: DURING stands before WHERE: phrases stand right after the noun",
                "85: <> becomes !=",
                "87: “a b” becomes 'a b'",
                "96: && becomes AND",
                "99: == becomes =",
                "102: || becomes OR",
                "113: NULL becomes UNKNOWN",
                "125: 16.5.2024 becomes 2024-05-16",
                "135: LIMIT 5, 10 becomes LIMIT 10 OFFSET 5",
            ]
        );
    }

    #[test]
    fn a_clause_moves_past_a_comment_that_keeps_its_line() {
        assert_eq!(
            formatted("FROM meetings WHERE x = 1 -- one\n WITH Putin LIMIT 5"),
            "FROM meetings WITH Putin\nWHERE x = 1 -- one\nLIMIT 5;\n"
        );
    }

    #[test]
    fn what_is_not_sure_is_left_alone() {
        for text in [
            "FROM meetings WERE x = 1",
            "SELECT date place FROM meetings",
            "FROM leaders WHERE name ~ 'Pu'",
            "FROM meetings WITH Putin ODER BY date",
            "FROM meetings WITH Putin ADN Xi",
            "FROM meetings SINCE 5/6/2024",
            "FROM meetings WHERE x = NULL",
            "FROM meetings WITH O’Neill AND D’Arcy",
            "FROM meetings DURING 2024-06..2024-05",
            "FROM meetings BETWEEN '2024-05' AND '2024-06'",
            "FROM meetings WITH",
            "FROM meetings WITH 'Putin",
        ] {
            let mistakes = format(text, &|word| word == "place").map(|formatted| formatted.text).unwrap_err();
            assert_eq!(mistakes, crate::syntax::parse(text).diagnostics, "{text}");
        }
    }

    #[test]
    fn a_part_on_one_line_is_the_same_in_every_layout() {
        for text in ["count( DISTINCT  x )", "count(\n  distinct x -- each once\n)", "count(/* of */DISTINCT x)"] {
            assert_eq!(one_line(text), "count(DISTINCT x)");
        }
        assert_eq!(one_line("'two  blanks'"), "'two  blanks'");
    }

    #[test]
    fn lines_end_as_they_did() {
        assert_eq!(formatted("FROM x;\r\n\r\nFROM y -- z\r\nWITH a"), "FROM x;\r\n\r\nFROM y -- z\r\n  WITH a;\r\n");
        assert_eq!(formatted("FROM x WITH 'a\r\nb';\nFROM y"), "FROM x WITH 'a\r\nb';\nFROM y;\n");
    }
}
