//! What people write, and what it means.

use super::*;
use crate::value::date::to_day;
use jiff::civil::Date;

fn anchor(text: &str) -> Option<Day> {
    Some(to_day(text.parse::<Date>().unwrap()))
}

fn read(text: &str, reading: Reading) -> String {
    match stated(text, &reading) {
        Ok(stated) => {
            assert!(VagueDate::parse(&stated.text).is_ok(), "{text}: {}", stated.text);
            format!("{}{}", stated.text, if stated.relative { " relative" } else { "" })
        }
        Err(why) => format!("error: {why}"),
    }
}

#[test]
fn dates_of_many_forms_and_languages() {
    for (text, expected) in [
        ("2024-05-16", "2024-05-16"),
        ("[2024-05-16..2024-05-18]", "[2024-05-16..2024-05-18]"),
        ("2024-05-16/2024-05-17", "2024-05-16/2024-05-17"),
        ("2024-05?", "2024-05?"),
        ("2024-05-16T10:30:00Z", "2024-05-16"),
        ("2024-05-16 10:30", "2024-05-16"),
        ("20240516", "2024-05-16"),
        ("16.05.2024 14:30", "2024-05-16"),
        ("16.05.2024, 14:30:05 Uhr", "2024-05-16"),
        ("May 16, 2024, 2:30 PM", "2024-05-16"),
        ("16 May 2024 9:05", "2024-05-16"),
        ("2024/05/16", "2024-05-16"),
        ("2024-Q2", "[2024-04-01..2024-06-30]"),
        ("16 May 2024", "2024-05-16"),
        ("May 16, 2024", "2024-05-16"),
        ("16th of May, 2024", "2024-05-16"),
        ("Thursday, 16 May 2024", "2024-05-16"),
        ("2024 May 16", "2024-05-16"),
        ("16–17 May 2024", "2024-05-16/2024-05-17"),
        ("16-17 May 2024", "2024-05-16/2024-05-17"),
        ("16 — 17 May 2024", "2024-05-16/2024-05-17"),
        ("16/17 May 2024", "2024-05-16/2024-05-17"),
        ("May 16–17, 2024", "2024-05-16/2024-05-17"),
        ("16 and 17 May 2024", "2024-05-16/2024-05-17"),
        ("6 or 7 May 2024", "[2024-05-06..2024-05-07]"),
        ("16–16 May 2024", "2024-05-16"),
        ("30 August – 3 September 2024", "2024-08-30/2024-09-03"),
        ("December 30, 2023 – January 2, 2024", "2023-12-30/2024-01-02"),
        ("30 December – 2 January 2024", "2023-12-30/2024-01-02"),
        ("30 December 2023 – 2 January", "2023-12-30/2024-01-02"),
        ("2024-05-16 to 2024-05-17", "2024-05-16/2024-05-17"),
        ("from 3 to 4 July 2024", "2024-07-03/2024-07-04"),
        ("May 2024", "2024-05"),
        ("in May 2024", "2024-05"),
        ("05/2024", "2024-05"),
        ("May–June 2024", "2024-05/2024-06"),
        ("2023–2024", "2023/2024"),
        ("2024-05/06", "2024-05/2024-06"),
        ("2024-11/12", "2024-11/2024-12"),
        ("2024-05–06", "2024-05/2024-06"),
        ("2024/11–12", "2024-11/2024-12"),
        ("2024-11/02", "2024-11/2025-02"),
        ("05–06/2024", "2024-05/2024-06"),
        ("2024", "2024"),
        ("16.05.2024", "2024-05-16"),
        ("16. 5. 2024", "2024-05-16"),
        ("16/05/2024", "2024-05-16"),
        ("05/16/2024", "2024-05-16"),
        ("05.05.2024", "2024-05-05"),
        ("16.–17.05.2024", "2024-05-16/2024-05-17"),
        ("16.05.–17.05.2024", "2024-05-16/2024-05-17"),
        ("16. Mai 2024", "2024-05-16"),
        ("16. bis 17. Mai 2024", "2024-05-16/2024-05-17"),
        ("3. März 2024", "2024-03-03"),
        ("du 16 au 17 mai 2024", "2024-05-16/2024-05-17"),
        ("1er août 2024", "2024-08-01"),
        ("16 de mayo de 2024", "2024-05-16"),
        ("del 16 al 17 de mayo de 2024", "2024-05-16/2024-05-17"),
        ("16 мая 2024 г.", "2024-05-16"),
        ("с 16 по 17 мая 2024 года", "2024-05-16/2024-05-17"),
        ("16 травня 2024 року", "2024-05-16"),
        ("1 червня 2024 р.", "2024-06-01"),
        ("16 Mayıs 2024", "2024-05-16"),
        ("3 ŞUBAT 2024", "2024-02-03"),
        ("5 Ağu 2024", "2024-08-05"),
        ("early May 2024", "[2024-05-01..2024-05-10]"),
        ("mid-May 2024", "[2024-05-11..2024-05-20]"),
        ("late February 2024", "[2024-02-21..2024-02-29]"),
        ("Anfang Mai 2024", "[2024-05-01..2024-05-10]"),
        ("mi-mai 2024", "[2024-05-11..2024-05-20]"),
        ("late 2024", "[2024-09-01..2024-12-31]"),
        ("c. 2024", "2024~"),
        ("circa 16 May 2024?", "2024-05-16%"),
        ("between 3 and 4 July 2024", "[2024-07-03..2024-07-04]"),
        ("between May and July 2024", "[2024-05-01..2024-07-31]"),
        ("zwischen 3. und 7. Juli 2024", "[2024-07-03..2024-07-07]"),
        ("before 7 July 2024", "[..2024-07-06]"),
        ("until 7 July 2024", "[..2024-07-07]"),
        ("after 7 July 2024", "[2024-07-08..]"),
        ("since July 2024", "[2024-07-01..]"),
        ("16 May 2024 –", "2024-05-16/.."),
    ] {
        assert_eq!(read(text, Reading::default()), expected, "{text}");
    }
}

#[test]
fn what_is_no_date_or_more_than_one_says_why() {
    for (text, why) in [
        ("05/06/2024", "05/06/2024 can be two dates: the order \"day first\" or \"month first\" decides"),
        ("30 Aug – 3 Sept", "it has no year: the option year or anchor gives one"),
        ("30 February 2024", "that month has 29 days"),
        ("2024-02-30", "that month has 29 days"),
        ("13/13/2024", "months run from 01 to 12"),
        ("16.05.24", "a year of two digits could be of any century"),
        ("16–17", "it has a day without its month"),
        ("Friday, 16 May 2024", "2024-05-16 is another day of the week"),
        ("17–16 May 2024", "it would end before it starts"),
        ("3 and 7 July 2024", "it has two dates that are not two days in a row"),
        ("16, 17 May 2024", "it has more numbers than one date"),
        ("3 July, 7 August 2024", "it has more numbers than one date"),
        ("16–17–18 May 2024", "another form is used here"),
        ("2024-05/13", "it has a day without its month"),
        ("16–06/2024", "it has a day without its month"),
        ("2024-05/6", "it has a day without its month"),
        ("May 2024 – 6", "it has a day without its month"),
        ("16 May 2024 10:00 – 14:30", "the character U+003A has no meaning in a date"),
        ("16 May 2024 – 14:30", "the character U+003A has no meaning in a date"),
        ("May 2024 14:30", "the character U+003A has no meaning in a date"),
        ("16–17 May 2024 14:30", "the character U+003A has no meaning in a date"),
        ("16.05.2024 14:75", "the character U+003A has no meaning in a date"),
        ("soon", "'soon' is no word of dates"),
        ("16 May 2024 (?)", "the character U+0028 has no meaning in a date"),
        ("123 May 2024", "a number of 3 digits is neither a day nor a year"),
        ("yesterday", "it counts from a day: the option anchor gives one"),
        ("this week", "it counts from a day: the option anchor gives one"),
        ("on Friday", "it counts from a day: the option anchor gives one"),
        ("in June", "it has no year: the option year or anchor gives one"),
        ("early 16 May 2024", "a day has no beginning, middle or end here"),
        ("between 3 July 2024", "between takes two dates with and between them"),
        ("", "there is no date in it"),
        ("of the", "there is no date in it"),
        ("-", "there is no date in it"),
        ("../..", "x"),
    ] {
        let expected = if why == "x" { "../..".to_string() } else { format!("error: {why}") };
        assert_eq!(read(text, Reading::default()), expected, "{text}");
    }
    assert!(stated(&"1 May 2024 ".repeat(30), &Reading::default()).is_err());
}

#[test]
fn options_decide_what_the_text_leaves_open() {
    let order = |order| Reading { order, ..Reading::default() };
    for (text, day, month) in [
        ("05/06/2024", "2024-06-05", "2024-05-06"),
        ("5.6.2024", "2024-06-05", "2024-05-06"),
        ("05-06-2024", "2024-06-05", "2024-05-06"),
        ("2024-05-06", "2024-05-06", "2024-05-06"),
        ("16/05/2024", "2024-05-16", "error: 16 in 16/05/2024 is no month, and the order is \"month first\""),
        ("05/16/2024", "error: 16 in 05/16/2024 is no month, and the order is \"day first\"", "2024-05-16"),
    ] {
        assert_eq!(read(text, order(DayOrder::DayFirst)), day, "{text}");
        assert_eq!(read(text, order(DayOrder::MonthFirst)), month, "{text}");
    }
    let year = Reading { year: Some(2016), ..Reading::default() };
    for (text, expected) in [
        ("30 Aug – 3 Sept", "2016-08-30/2016-09-03"),
        ("30 Dec – 2 Jan", "2016-12-30/2017-01-02"),
        ("16–17 May", "2016-05-16/2016-05-17"),
        ("May 16", "2016-05-16"),
        ("16–17 May 2024", "2024-05-16/2024-05-17"),
        ("June", "2016-06"),
    ] {
        assert_eq!(read(text, year), expected, "{text}");
    }
    let within = Reading { within: true, ..Reading::default() };
    for (text, expected) in [
        ("16–17 May 2024", "[2024-05-16..2024-05-17]"),
        ("2024-05-16/2024-05-17", "[2024-05-16..2024-05-17]"),
        ("May–June 2024", "[2024-05-01..2024-06-30]"),
        ("1–31 May 2024", "2024-05"),
        ("16 May 2024", "2024-05-16"),
        ("2024-05-16/..", "[2024-05-16..]"),
        ("../..", "error: another form is used here"),
    ] {
        assert_eq!(read(text, within), expected, "{text}");
    }
}

#[test]
fn relative_phrases_count_from_the_anchor() {
    // A Thursday.
    let reading = Reading { anchor: anchor("2024-05-16"), ..Reading::default() };
    for (text, expected) in [
        ("today", "2024-05-16"),
        ("yesterday", "2024-05-15"),
        ("morgen", "2024-05-17"),
        ("vorgestern", "2024-05-14"),
        ("this week", "[2024-05-13..2024-05-19]"),
        ("last week", "[2024-05-06..2024-05-12]"),
        ("nächste Woche", "[2024-05-20..2024-05-26]"),
        ("in dieser Woche", "[2024-05-13..2024-05-19]"),
        ("last month", "2024-04"),
        ("this year", "2024"),
        ("next year", "2025"),
        ("early next month", "[2024-06-01..2024-06-10]"),
        ("last Monday", "2024-05-13"),
        ("last Thursday", "2024-05-09"),
        ("next Thursday", "2024-05-23"),
        ("am kommenden Freitag", "2024-05-17"),
        ("this Monday", "2024-05-13"),
        ("on Friday", "[2024-05-10..2024-05-17]"),
        ("Thursday", "2024-05-16"),
        ("in June", "2024-06"),
        ("im Juni", "2024-06"),
        ("last June", "2023-06"),
        ("last April", "2024-04"),
        ("next May", "2025-05"),
        ("16–17 May", "2024-05-16/2024-05-17"),
    ] {
        assert_eq!(read(text, reading), format!("{expected} relative"), "{text}");
    }
    assert_eq!(read("16 May 2023", reading), "2023-05-16");
    for day in [OPEN_PAST, OPEN_FUTURE, i64::MIN, i64::MAX, 2_932_896] {
        let far = Reading { anchor: Some(day), ..Reading::default() };
        for text in ["tomorrow", "next week", "next month", "next year", "last May", "in June", "last Monday", "Friday"]
        {
            let _ = stated(text, &far);
        }
    }
}

#[test]
fn two_columns_make_one_stay() {
    let plain = Reading::default();
    for (start, end, expected) in [
        ("2024-05-16", "2024-05-17", "2024-05-16/2024-05-17"),
        ("2024-05-16", "2024-05-16", "2024-05-16"),
        ("16 May", "17 May 2024", "2024-05-16/2024-05-17"),
        ("16", "17 May 2024", "2024-05-16/2024-05-17"),
        ("30 December", "2 January 2024", "2023-12-30/2024-01-02"),
        ("2024-05-16", "", "2024-05-16"),
        ("", "2024-05-17", "2024-05-17"),
        ("", "May 2024", "2024-05"),
        ("2024-05-16 09:00", "17.05.2024 14:30", "2024-05-16/2024-05-17"),
        ("16", "May 2024", "error: it has a day without its month"),
        ("May 2024", "2024-06-03", "2024-05/2024-06-03"),
        ("[2024-05-16..2024-05-17]", "2024-05-19", "[2024-05-16..2024-05-17]/2024-05-19"),
        ("2024-05-17", "2024-05-16", "error: it would end before it starts"),
        ("", "", "error: there is no date in it"),
        ("2024-05-16", "soon", "error: 'soon' is no word of dates"),
    ] {
        let made = from_two(start, end, &plain).map_or_else(|why| format!("error: {why}"), |made| made.text);
        assert_eq!(made, expected, "{start} {end}");
    }
    let within = Reading { within: true, ..plain };
    assert_eq!(from_two("2024-05-16", "2024-05-17", &within).unwrap().text, "[2024-05-16..2024-05-17]");
    assert_eq!(from_two("", "2024-05-17", &within).unwrap().text, "2024-05-17");
}
