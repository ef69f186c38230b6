//! Charts as they are drawn, and that no answer whatever breaks one.

use super::*;
use crate::answer::{Cell, Chart, Closing, Column, ColumnKind, Outcome, Sink, Verdict};
use crate::present::Document;
use crate::present::safe::is_forbidden;
use crate::value::date::VagueDate;
use crate::value::period::{Period, Unit};
use unicode_width::UnicodeWidthStr;

const WIDE: Style = Style { width: Some(80), ..PIPE };
const NARROW: Style = Style { width: Some(40), ..PIPE };
const ASCII: Style = Style { width: Some(40), ascii: true, ..PIPE };
const PIPE: Style = Style { width: None, color: false, ascii: false, raw: false, continued: false };

fn head(names: &[&str], chart: Chart) -> Head {
    let column = |name: &&str| Column { name: (*name).to_string(), kind: ColumnKind::Name };
    Head { columns: names.iter().map(column).collect(), chart: Some(chart), ..Head::default() }
}

fn row(cells: Vec<Cell>) -> Row {
    Row { cells, certain: true, sources: Vec::new() }
}

fn word(text: &str) -> Cell {
    Cell::Text(text.to_string())
}

fn date(text: &str) -> Cell {
    Cell::Date(VagueDate::parse(text).unwrap())
}

fn month(number: i64) -> Cell {
    Cell::Period(Period { unit: Unit::Month, number: 2024 * 12 + number - 1 })
}

/// One label and one number.
fn bars(rows: Vec<(Cell, Cell)>) -> (Head, Vec<Row>) {
    let head = head(&["country", "count()"], Chart::Bars { labels: vec![0], numbers: vec![vec![1]] });
    (head, rows.into_iter().map(|(label, number)| row(vec![label, number])).collect())
}

fn timeline(rows: Vec<(Cell, Cell)>) -> (Head, Vec<Row>) {
    let head = head(&["date", "leader"], Chart::Timeline { date: 0, until: None, labels: vec![1] });
    (head, rows.into_iter().map(|(date, label)| row(vec![date, label])).collect())
}

fn drawn((head, rows): &(Head, Vec<Row>), style: Style) -> String {
    let drawn = text(head, rows, style).unwrap();
    if let Some(width) = style.width {
        drawn.lines().for_each(|line| assert!(line.width() <= width, "{line:?} is wider than {width}\n{drawn}"));
    }
    drawn
}

#[test]
fn bars_are_as_long_as_their_numbers_and_the_possible_is_light() {
    let rows = vec![
        (word("Russia"), Cell::Integer(10)),
        (word("China"), Cell::Range(4, 8)),
        (word("Kazakhstan"), Cell::Integer(0)),
        (Cell::Unknown, Cell::Integer(5)),
        (word("Cuba"), Cell::Unknown),
    ];
    let expected = "\
country     count()
Russia      ███████████████████████ 10
China       █████████▎░░░░░░░░░ 4..8
Kazakhstan  0
—           ███████████▌ 5
Cuba        —
█ surely  ░ possibly
";
    assert_eq!(drawn(&bars(rows.clone()), NARROW), expected);
    let expected = "\
country     count()
Russia      ####################### 10
China       #########......... 4..8
Kazakhstan  0
-           ############ 5
Cuba        -
# surely  . possibly
";
    assert_eq!(drawn(&bars(rows), ASCII), expected);
}

#[test]
fn numbers_below_zero_go_to_the_left() {
    let rows = vec![
        (word("a"), Cell::Integer(-2)),
        (word("b"), Cell::Number(1.5)),
        (word("c"), Cell::Range(-1, 2)),
        (word("d"), Cell::Integer(0)),
    ];
    let expected = "\
country  count()
a        ████████████│ -2
b                    │█████████ 1.5
c              ░░░░░░│░░░░░░░░░░░░ -1..2
d                    │ 0
█ surely  ░ possibly
";
    assert_eq!(drawn(&bars(rows), NARROW), expected);
}

#[test]
fn numbers_of_one_kind_share_a_scale_and_others_do_not() {
    let chart = Chart::Bars { labels: vec![0], numbers: vec![vec![1, 2], vec![3]] };
    let head = head(&["month(date)", "count()", "count_possible()", "avg(days)"], chart);
    let cells = |at, counts: [i64; 2], days| {
        row(vec![month(at), Cell::Integer(counts[0]), Cell::Integer(counts[1]), Cell::Number(days)])
    };
    let rows = vec![cells(5, [3, 4], 100.5), cells(6, [1, 1], 50.25)];
    let expected = "\
month(date)
2024-05      count()           ███████████████████████████████████▎ 3
             count_possible()  ███████████████████████████████████████████████ 4
2024-06      count()           ███████████▊ 1
             count_possible()  ███████████▊ 1

month(date)  avg(days)
2024-05      █████████████████████████████████████████████████████████████ 100.5
2024-06      ██████████████████████████████▌ 50.25
";
    assert_eq!(drawn(&(head, rows), WIDE), expected);
}

#[test]
fn a_timeline_has_its_days_on_one_axis() {
    let rows = vec![
        (date("2024-05-08"), word("Nikol Pashinyan")),
        (date("2024-05"), word("习近平")),
        (date("2024-06-18/2024-06-25"), word("नरेन्द्र मोदी")),
        (date("2024-06-01/[2024-06-10..2024-06-20]"), word("Tô Lâm")),
        (date("2024-07-01/.."), word("Viktor Orbán")),
        (Cell::Unknown, word("Ilham Aliyev")),
    ];
    let expected = "\
2024-05        2024-06   2024-07  date           leader
┬──────────────┬─────────────┬──
   █                              2024-05-08     Nikol Pashinyan
░░░░░░░░░░░░░░░                   2024-05        习近平
                       ████       2024-06-18/2024-06-25  नरेन्द्र मोदी
               █████░░░░░         2024-06-01/[2024-06-10..2024-06-20]  Tô Lâm
                             █░→  2024-07-01/..  Viktor Orbán
                                  —              Ilham Aliyev
█ surely  ░ possibly  → open
";
    assert_eq!(drawn(&timeline(rows.clone()), WIDE), expected);
    let expected = "\
2024-05  2024-07  date     leader
+-------------+-
 #                2024-05-08  Nikol
                  Pashinyan
........          2024-05  习近平
           ###    2024-06-18/2024-06-25
                  नरेन्द्र मोदी
       ###...     2024-06-01/[2024-06-10
                  ..2024-06-20]  Tô Lâm
              #>  2024-07-01/..  Viktor
                  Orbán
                  -        Ilham Aliyev
# surely  . possibly  > open
";
    assert_eq!(drawn(&timeline(rows), ASCII), expected);
}

fn months_by_region() -> (Head, Vec<Row>) {
    let head = head(&["region", "month(date)", "count()"], Chart::Heat { row: 0, column: 1, number: 2 });
    let cells = |region, at, number| row(vec![word(region), month(at), number]);
    let rows = vec![
        cells("Asia", 5, Cell::Integer(2)),
        cells("Asia", 7, Cell::Range(6, 8)),
        cells("Europe", 4, Cell::Integer(0)),
        cells("Europe", 5, Cell::Integer(4)),
        cells("Europe", 6, Cell::Unknown),
    ];
    (head, rows)
}

#[test]
fn two_groups_make_a_heat_table_with_the_columns_in_order() {
    let expected = "\
region  2024-04  2024-05  2024-06  2024-07
Asia             2 ▒▒              6..8 ██
Europe  0        4 ▓▓     —
░▒▓█ count() across month(date), from least to most
";
    assert_eq!(drawn(&months_by_region(), WIDE), expected);
    let expected = "\
region  2024-04  2024-05  2024-06
Asia             2 ::
Europe  0        4 ++     -

region  2024-07
Asia    6..8 ##
Europe
.:+# count() across month(date), from
least to most
";
    assert_eq!(drawn(&months_by_region(), ASCII), expected);
}

#[test]
fn columns_that_do_not_fit_stand_under_the_others() {
    let names = ["country", "2024-W19", "2024-W20", "2024-W21", "2024-W22", "2024-W23"];
    let head = head(&names, Chart::Across { labels: vec![0], values: 1 });
    let cells = |country: &str, numbers: [i64; 5]| {
        row(std::iter::once(word(country)).chain(numbers.map(Cell::Integer)).collect())
    };
    let answer = (head, vec![cells("Belarus", [0, 0, 1, 0, 2]), cells("Kazakhstan", [7, 1, 0, 0, 0])]);
    let expected = "\
country     2024-W19  2024-W20  2024-W21
Belarus     0         0         1 ░░
Kazakhstan  7 ██      1 ░░      0

country     2024-W22  2024-W23
Belarus     0         2 ▒▒
Kazakhstan  0         0
░▒▓█ from least to most
";
    assert_eq!(drawn(&answer, NARROW), expected);
    let lines = drawn(&answer, PIPE);
    assert_eq!(lines.lines().count(), 4, "{lines}");
}

#[test]
fn two_rows_for_one_cell_are_drawn_as_bars() {
    let (head, mut rows) = months_by_region();
    rows.push(rows[0].clone());
    let lines = drawn(&(head, rows), WIDE);
    assert!(lines.starts_with("region, month(date)  count()\nAsia, 2024-05 "), "{lines}");
}

#[test]
fn a_row_may_last_from_one_date_until_another() {
    let chart = Chart::Timeline { date: 0, until: Some(1), labels: vec![2] };
    let head = head(&["start", "end", "office"], chart);
    let cells = |start, end, office| row(vec![start, end, word(office)]);
    let rows = vec![
        cells(date("2012-05-07"), date("2018-05-07"), "President"),
        cells(date("2018-05-07"), Cell::Unknown, "again"),
        cells(Cell::Unknown, date("2012-05"), "before"),
        cells(Cell::Unknown, Cell::Unknown, "once"),
    ];
    let expected = "\
2012     2014      2016     2018  start, end     office
┬────────┬─────────┬────────┬───
 ██████████████████████████████   2012-05-07, 2018-05-07  President
                              █→  2018-05-07, —  again
←█                                —, 2012-05     before
                                  —, —           once
█ surely  ░ possibly  ← → open
";
    assert_eq!(drawn(&(head, rows), WIDE), expected);
}

#[test]
fn what_is_possible_only_is_light_and_sources_stand_behind() {
    let (head, mut rows) = bars(vec![(word("Cuba"), Cell::Integer(4)), (word("China"), Cell::Integer(2))]);
    rows[0].certain = false;
    rows[1].sources = (1..20).collect();
    let expected = "\
country  count()
Cuba     ░░░░░░░░░░░░░░░░░░░░░░░░░░░ 4 ?
China    █████████████▌ 2
         [1] [2] [3] [4] [5] [6] [7] [8]
         [9] [10] [11] [12] [13] [14]
         [15] [16] [17] [18] [19]
█ surely  ░ possibly
";
    assert_eq!(drawn(&(head, rows), NARROW), expected);
}

#[test]
fn long_labels_are_folded_on_a_terminal_and_whole_in_a_pipe() {
    let labels =
        ["Nguyễn Phú Trọng, General Secretary of the Communist Party of Vietnam", "नरेन्द्र मोदी", "习近平和普京在北京"];
    let answer = bars(labels.iter().map(|label| (word(label), Cell::Integer(3))).collect());
    let expected = "\
country           count()
Nguyễn Phú        ████████████████████ 3
Trọng, General
Secretary of the
Communist Party
of Vietnam
नरेन्द्र मोदी        ████████████████████ 3
习近平和普京在北  ████████████████████ 3
京
";
    assert_eq!(drawn(&answer, NARROW), expected);
    let piped = drawn(&answer, PIPE);
    labels.iter().for_each(|label| assert!(piped.lines().any(|line| line.starts_with(label)), "{piped}"));
    // The bars begin at one column, whatever the letters.
    let starts: Vec<usize> =
        piped.lines().skip(1).map(|line| line.split('█').next().unwrap_or_default().width()).collect();
    assert!(starts.iter().all(|start| *start == starts[0]), "{piped}");
}

#[test]
fn numbers_are_never_altered_however_large() {
    let largest =
        [Cell::Integer(i64::MIN), Cell::Integer(i64::MAX), Cell::Range(i64::MIN, i64::MAX), Cell::Number(1e300)];
    let answer = bars(largest.iter().map(|number| (word("x"), number.clone())).collect());
    for style in [NARROW, ASCII, WIDE, PIPE] {
        let together: String = drawn(&answer, style).split_whitespace().collect();
        for number in &largest {
            assert!(together.contains(&crate::answer::plain(number, "").unwrap()), "{together}");
        }
    }
}

#[test]
fn an_axis_has_the_ticks_that_there_is_room_for() {
    for (first, last, expected) in [
        ("2024-05-16", "2024-05-17", "2024-05-16      2024-05-17"),
        ("2024-05-16", "2024-05-16", "2024-05-16"),
        ("2024-05-08", "2024-06-02", "2024-05                  2024-06"),
        ("2023-11-08", "2024-07-02", "2023-10   2024-01    2024-04 "),
        ("0900-01-01", "2024-07-02", "0500      1000      1500"),
    ] {
        let lines = drawn(&timeline(vec![(date(first), word("a")), (date(last), word("b"))]), WIDE);
        assert!(lines.starts_with(expected), "{expected}\n{lines}");
    }
}

#[test]
fn more_than_a_thousand_bars_are_counted_and_not_drawn() {
    let answer = bars((0..1234).map(|at| (word("x"), Cell::Integer(at))).collect());
    let lines = drawn(&answer, WIDE);
    assert_eq!(lines.lines().count(), 1 + 1000 + 1);
    assert!(lines.ends_with("234 more rows are not drawn: more than 1000 bars are not for reading\n"), "{lines}");
    assert!(svg(&answer.0, &answer.1, "x").unwrap().contains(">234 more rows are not drawn"));
    assert!(describe(&answer.0, &answer.1).ends_with("are not for reading"));
}

#[test]
fn a_chart_is_described_in_words() {
    let (head, rows) = bars(vec![(word("Russia"), Cell::Integer(10)), (word("China"), Cell::Range(4, 12))]);
    assert_eq!(describe(&head, &rows), "Bar chart of count() by country: 2 rows; the largest count() is 4..12 (China)");
    let (head, rows) = timeline(vec![(date("2024-05"), word("a")), (Cell::Unknown, word("b"))]);
    let expected = "Timeline of date: 2 rows from 2024-05-01 to 2024-05-31; 1 row without a known date";
    assert_eq!(describe(&head, &rows), expected);
    let (head, rows) = months_by_region();
    let expected =
        "Heat table of count() by region and month(date): 2 rows, 4 columns; the largest is 6..8 (Asia, 2024-07)";
    assert_eq!(describe(&head, &rows), expected);
    assert!(describe(&head, &[]).starts_with("no chart: "));
}

#[test]
fn an_empty_answer_has_no_chart() {
    let (head, _) = months_by_region();
    assert_eq!(text(&head, &[], WIDE), None);
    assert_eq!(svg(&head, &[], "x"), None);
    assert_eq!(text(&Head::default(), &[row(vec![Cell::Integer(1)])], WIDE), None);
}

#[test]
fn colours_add_nothing_to_what_is_written() {
    for answer in [months_by_region(), bars(vec![(word("a"), Cell::Range(1, 2))])] {
        let colored = text(&answer.0, &answer.1, Style { color: true, ..WIDE }).unwrap();
        assert!(colored.contains("\u{1b}["), "{colored}");
        assert_eq!(anstream::adapter::strip_str(&colored).to_string(), drawn(&answer, WIDE));
    }
}

#[test]
fn a_picture_holds_what_the_text_holds_and_its_ids_are_its_own() {
    let rows = vec![(word("<b>Tô & Lâm</b>"), Cell::Range(1, 3)), (word("b"), Cell::Integer(2))];
    let (head, rows) = bars(rows);
    let picture = svg(&head, &rows, "first").unwrap();
    let parsed = roxmltree::Document::parse(&picture).unwrap();
    let texts: Vec<&str> =
        parsed.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text()).collect();
    for expected in ["country", "count()", "<b>Tô & Lâm</b>", "1..3", "b", "2", "possibly"] {
        assert!(texts.contains(&expected), "{expected}: {texts:?}");
    }
    let ids: Vec<&str> = parsed.descendants().filter_map(|node| node.attribute("id")).collect();
    assert_eq!(ids, ["first-title", "first-desc", "first-stripes"]);
    assert!(!picture.contains("http://") || picture.matches("http").count() == 1, "only the namespace: {picture}");
}

/// What a renderer writes of an answer, and what it says beside it.
fn rendered(format: crate::present::Format, (head, rows): &(Head, Vec<Row>)) -> (String, String) {
    let (mut out, mut notes) = (Vec::new(), Vec::new());
    let mut sink = crate::present::renderer(format, &mut out, &mut notes, PIPE);
    sink.head(head).unwrap();
    rows.iter().for_each(|row| sink.row(row).unwrap());
    let closing = Closing { summary: "2 groups".to_string(), ..Closing::default() };
    sink.closing(&closing).unwrap();
    drop(sink);
    (String::from_utf8(out).unwrap(), String::from_utf8(notes).unwrap())
}

#[test]
fn formats_for_reading_draw_what_is_asked_for() {
    use crate::present::Format;
    let (head, rows) = bars(vec![(word("````"), Cell::Integer(2)), (word("b"), Cell::Integer(1))]);
    let plain = (head.clone(), rows.clone());
    let asked = (Head { drawn: true, ..head.clone() }, rows.clone());
    let chart = text(&head, &rows, PIPE).unwrap();
    assert_eq!(rendered(Format::Chart, &plain).0, format!("{chart}2 groups\n"));
    assert_eq!(rendered(Format::Table, &asked).0, format!("{chart}2 groups\n"));
    assert!(!rendered(Format::Table, &plain).0.contains('█'));
    let fenced = format!("`````text\n{chart}`````\n\n2 groups\n\n");
    assert_eq!(rendered(Format::Markdown, &asked).0, fenced);
    assert!(rendered(Format::Csv, &asked).0.starts_with("country,count()\n"));
}

#[test]
fn what_cannot_be_drawn_is_a_table_that_says_why() {
    use crate::present::Format;
    let (head, rows) = bars(vec![(word("a"), Cell::Integer(2))]);
    let answer = (Head { chart: None, drawn: true, ..head }, rows);
    let (out, _) = rendered(Format::Chart, &answer);
    assert!(out.starts_with("country  count()\n────") && out.ends_with(&format!("2 groups\n{WITHOUT}\n")), "{out}");
    assert_eq!(rendered(Format::Table, &answer).0, out);
    let (out, notes) = rendered(Format::Svg, &answer);
    assert!(roxmltree::Document::parse(&out).is_ok() && out.contains(">no chart: "), "{out}");
    assert_eq!(notes, format!("{WITHOUT}\n"));
}

#[test]
fn several_answers_make_one_picture() {
    let (head, rows) = bars(vec![(word("a"), Cell::Range(1, 2))]);
    let claim = Verdict {
        query: "ASSERT 1 < 2".to_string(),
        label: Some("One < two".to_string()),
        outcome: Outcome::Holds,
        findings: Vec::new(),
        notes: Vec::new(),
        sources: Vec::new(),
    };
    let mut pictures = Pictures::default();
    for _ in 0..2 {
        pictures.head(&head).unwrap();
        rows.iter().for_each(|row| pictures.row(row).unwrap());
        pictures.closing(&Closing::default()).unwrap();
    }
    pictures.verdict(&claim).unwrap();
    let mut out = Vec::new();
    pictures.write(&mut out, &mut Vec::new()).unwrap();
    let picture = String::from_utf8(out).unwrap();
    let parsed = roxmltree::Document::parse(&picture).unwrap();
    let texts = parsed.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text());
    let texts: Vec<&str> = texts.filter(|text| ["a", "HOLDS", "One < two"].contains(text)).collect();
    assert_eq!(texts, ["a", "a", "HOLDS", "One < two"]);
}

/// Pseudo-random numbers (SplitMix64), the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap()
    }

    fn word(&mut self) -> String {
        const WORDS: &[&str] = &[
            "",
            "Xi Jinping",
            "习近平与普京",
            "नरेन्द्र मोदी",
            "\u{202E}gnippils\u{1b}[31m",
            "]]>&amp;<script>alert('x')</script>\"",
            "👨‍👩‍👧 family",
            "a\u{0301}\u{0301}\u{0301}\u{0301}\u{0301}\u{0301}",
            "      led by blanks",
            "ᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀ각",
            "تميم بن حمد آل ثاني",
            "line\nline\r\n\tline",
            "\u{FFFE}\u{FFFF}\0\u{7f}\u{85}",
            "Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz",
            "``` ```` `````",
        ];
        WORDS[self.roll(WORDS.len())].repeat(1 + self.roll(2))
    }

    fn cell(&mut self) -> Cell {
        const DATES: &[&str] =
            &["2024-05-08", "2024", "0001-01-01", "9999", "[..2024-07-07]", "2024-05-08/..", "../2020", "../.."];
        const NUMBERS: &[f64] = &[0.0, -0.0, 0.1, 1e300, -1e300, f64::MAX, f64::MIN, 5e-324, f64::NAN, f64::INFINITY];
        const WHOLE: &[i64] = &[0, 1, 2, 7, 1000, -3, i64::MAX, i64::MIN];
        match self.roll(9) {
            0 => Cell::Unknown,
            1 => Cell::Integer(WHOLE[self.roll(WHOLE.len())]),
            2 => Cell::Number(NUMBERS[self.roll(NUMBERS.len())]),
            3 => Cell::Range(WHOLE[self.roll(WHOLE.len())], WHOLE[self.roll(WHOLE.len())]),
            4 => date(DATES[self.roll(DATES.len())]),
            5 => month(i64::try_from(self.roll(40)).unwrap()),
            6 => Cell::List((0..self.roll(4)).map(|_| word(&self.word())).collect()),
            7 => Cell::Boolean(self.roll(2) == 0),
            _ => word(&self.word()),
        }
    }

    /// A cell that is of the kind a chart expects there, most of the time.
    fn fitting(&mut self, kind: usize) -> Cell {
        for _ in 0..12 {
            let cell = self.cell();
            let fits = match kind {
                0 => matches!(cell, Cell::Text(_) | Cell::List(_) | Cell::Period(_)),
                1 => matches!(cell, Cell::Integer(_) | Cell::Number(_) | Cell::Range(..)),
                _ => matches!(cell, Cell::Date(_)),
            };
            if fits {
                return cell;
            }
        }
        Cell::Unknown
    }

    fn answer(&mut self) -> (Head, Vec<Row>) {
        let some = |dice: &mut Dice, most: usize| (0..dice.roll(4)).map(|_| dice.roll(most)).collect::<Vec<_>>();
        let chart = match self.roll(4) {
            0 => Chart::Bars { labels: some(self, 7), numbers: (0..self.roll(4)).map(|_| some(self, 7)).collect() },
            1 => Chart::Timeline { date: self.roll(7), until: some(self, 7).pop(), labels: some(self, 7) },
            2 => Chart::Heat { row: self.roll(7), column: self.roll(7), number: self.roll(7) },
            _ => Chart::Across { labels: (0..self.roll(3)).collect(), values: self.roll(3) },
        };
        let kinds: Vec<usize> = (0..1 + self.roll(6)).map(|_| self.roll(3)).collect();
        let names: Vec<String> = kinds.iter().map(|_| self.word()).collect();
        let rows = (0..self.roll(9)).map(|_| Row {
            cells: kinds.iter().map(|kind| self.fitting(*kind)).collect(),
            certain: self.roll(5) > 0,
            sources: (0..self.roll(3)).map(|at| at + 1).collect(),
        });
        let rows = rows.collect();
        (head(&names.iter().map(String::as_str).collect::<Vec<_>>(), chart), rows)
    }
}

#[test]
fn no_answer_breaks_a_chart() {
    let mut dice = Dice(4);
    for round in 0..1500 {
        let (head, rows) = dice.answer();
        let (ascii, color) = (dice.roll(2) == 0, dice.roll(4) == 0);
        let width = [None, Some(0), Some(20), Some(33), Some(40), Some(80), Some(300)][dice.roll(7)];
        let sentence = describe(&head, &rows);
        assert!(!sentence.chars().any(is_forbidden), "{round}: {sentence}");
        let (Some(text), Some(svg)) =
            (text(&head, &rows, Style { width, color, ascii, ..PIPE }), svg(&head, &rows, "a b"))
        else {
            assert!(rows.is_empty());
            continue;
        };
        let plain = if color { anstream::adapter::strip_str(&text).to_string() } else { text.clone() };
        for line in plain.lines() {
            assert!(!line.chars().any(is_forbidden), "{round}: {line:?}");
            let room = width.map(|width| width.max(20));
            assert!(room.is_none_or(|room| line.width() <= room), "{round}: {line:?} in {room:?}\n{plain}\n{head:?}");
        }
        let parsed = roxmltree::Document::parse(&svg).unwrap_or_else(|fault| panic!("{round}: {fault}\n{svg}"));
        assert!(parsed.descendants().all(|node| node.tag_name().name() != "script"));
        assert!(!svg.chars().any(|c| c != '\n' && is_forbidden(c)), "{round}: {svg}");
        assert!(!svg.contains("NaN") || rows.iter().any(|row| format!("{row:?}").contains("NaN")), "{round}: {svg}");
        let lengths = parsed.descendants().flat_map(|node| node.attributes());
        let lengths = lengths.filter(|attribute| matches!(attribute.name(), "x" | "y" | "width" | "height"));
        for length in lengths {
            let length: f64 = length.value().parse().unwrap();
            assert!(length.is_finite() && length >= 0.0, "{round}: {length}\n{svg}");
        }
    }
}
