//! Readers: CSV, TSV, JSON and JSON Lines, encodings, lines, and what is refused.

use super::{shown, tables};
use bilat::catalog::NounId;
use bilat::dataset::import::{own, read};
use bilat::dataset::records;
use bilat::store::Progress;
use std::io::Read;
use std::path::Path;

#[test]
fn separated_cells_are_found_with_their_lines() {
    for (text, expected) in [
        ("a,b\n1,2\n", vec!["a|b", "2: 1|2"]),
        ("a;b,c\n1;2\n", vec!["a|b,c", "2: 1|2"]),
        ("a\tb\n1\t2\n", vec!["a|b", "2: 1|2"]),
        ("a|b\r\n1|2", vec!["a|b", "2: 1|2"]),
        ("name\nXi\n", vec!["name", "2: Xi"]),
        ("\"a,x\";b\n1;2", vec!["a,x|b", "2: 1|2"]),
        ("a,b\r1,2\r3,4", vec!["a|b", "2: 1|2", "3: 3|4"]),
        ("a,b\r\n\"x\r\ny\",2\r\n3,4\r\n", vec!["a|b", "2: x\ny|2", "4: 3|4"]),
        ("a,b\n\"x\ry\",2\n3,4\n", vec!["a|b", "2: x\ny|2", "4: 3|4"]),
        ("a,b\n\n ,\n1,\n", vec!["a|b", "4: 1|"]),
        ("a,b\n \"say \"\"yes\"\"\" ,x\"y\n", vec!["a|b", "2: say \"yes\"|x\"y"]),
        ("a,b\n'=1+1,-5\n''@x,'tis\n", vec!["a|b", "2: =1+1|-5", "3: '@x|'tis"]),
        ("a,b\n", vec!["a|b"]),
        ("e\u{301},b\n1,e\u{301}\n", vec!["\u{e9}|b", "2: 1|\u{e9}"]),
    ] {
        assert_eq!(shown("t.csv", text.as_bytes()), expected, "{text:?}");
        assert_eq!(shown("t", text.as_bytes()), expected, "{text:?} without an ending");
    }
    assert_eq!(shown("t.tsv", b"a,b\tc\n\\N\t\n'=1\t\\N\n"), ["a,b|c", "3: '=1|"]);
}

#[test]
fn objects_are_rows_with_their_lines() {
    for (name, text, expected) in [
        (
            "t.json",
            r#"[{"a": 1.50, "b": true},
 {"b": "x\ny", "c": ["u", 2, null]}, {"a": null},

 {"a": 12345678901234567890123}]"#,
            vec!["a|b|c", "1: 1.50|true|", "2: |x\ny|u; 2", "4: 12345678901234567890123||"],
        ),
        ("t", "[{\"a\":1}]", vec!["a", "1: 1"]),
        (
            "t.json",
            "{\"meetings\": [{\"a\": 1}],\n\"visits\":\n[\n{\"b\": \"'=1\"}]}",
            vec!["[meetings]", "a", "1: 1", "[visits]", "b", "4: '=1"],
        ),
        ("t.json", "[]", vec![""]),
        ("t.jsonl", "{\"a\": 1}\r\n\n{\"a\": 2, \"b\": 3}\n", vec!["a|b", "1: 1|", "3: 2|3"]),
        ("t", "{\"a\": 1}\n{\"a\": 2}\n", vec!["a", "1: 1", "2: 2"]),
        ("t", "{\n\"t\": [{\"a\": 1}]}", vec!["[t]", "a", "2: 1"]),
    ] {
        assert_eq!(shown(name, text.as_bytes()), expected, "{text}");
    }
}

#[test]
fn encodings_are_found_by_their_marks() {
    let text = "a,b\nXi Jìnpíng,习近平\n";
    let expected = ["a|b", "2: Xi Jìnpíng|习近平"];
    let units: Vec<u16> = text.encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    assert_eq!(shown("t.csv", text.as_bytes()), expected);
    assert_eq!(shown("t.csv", &[b"\xEF\xBB\xBF", text.as_bytes()].concat()), expected);
    assert_eq!(shown("t.csv", &[&b"\xFF\xFE"[..], &little].concat()), expected);
    assert_eq!(shown("t.csv", &[&b"\xFE\xFF"[..], &big].concat()), expected);
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    let long = format!("a,b\n{},2\n", "x".repeat(1_000_001));
    let deep = format!("[{}{}]", "[".repeat(200), "]".repeat(200));
    let inner = format!("[{{\"a\": {}{}}}]", "[".repeat(100_000), "]".repeat(100_000));
    let wide = format!("[{}]", (0..1_001).map(|n| format!("{{\"k{n}\":1}}")).collect::<Vec<_>>().join(","));
    let columns = vec!["c"; 1_001].join(",");
    for (name, bytes, expected) in [
        ("t.csv", &b""[..], "I601 t.csv: it is empty"),
        ("t.csv", b" \n\n", "I601 t.csv: it is empty"),
        ("t.csv", b",\n\"\",\n", "I601 t.csv: it is empty"),
        ("t.csv", b"a,b\n1\n", "I601 t.csv:2: 1 cell, but the header has 2"),
        ("t.csv", b"a,b\n\"x\ny\",1\n1,2,3\n", "I601 t.csv:4: 3 cells, but the header has 2"),
        ("t.csv", b"a,b\n1,\"2\n3,4\n", "I603 t.csv:2: the quote of cell 2 is never closed"),
        ("t.csv", b"a,b\n\"1\"x,2\n", "I601 t.csv:2: there is text behind the quotes of cell 1"),
        ("t.csv", b"a,a\n1,2\n", "I604 t.csv:1: column 2 is a second 'a'"),
        ("t.csv", b"a,\n1,2\n", "I604 t.csv:1: column 2 has no name"),
        ("t.csv", b"a,b\n1,\x002\n", "D314 t.csv:2, column b: the character U+0000 does not belong there"),
        ("t.csv", b"a,b\r\n1,\x1b[31m\r\n", "D314 t.csv:2, column b: the character U+001B does not belong there"),
        ("t.csv", b"a,b\n1,\xe9t\xe9\n", "I602 t.csv:2: the byte E9 is not UTF-8, at character 3"),
        ("t.csv", b"\xFF\xFEa", "I602 t.csv:1: the last character of UTF-16 is cut off, at character 1"),
        ("t.csv", b"\xFF\xFEa\0\0\xD8", "I602 t.csv:1: the half of a character D800 is not UTF-16, at character 2"),
        ("t.csv", long.as_bytes(), "D314 t.csv:2, column a: 1000001 bytes are too many for one cell"),
        ("t.csv", columns.as_bytes(), "I606 t.csv: it has more than 1000 columns"),
        ("t.json", b"[{\"a\": 1},\n{\"a\" 2}]", "I601 t.json:2: this is not JSON: expected `:`, at character 6"),
        ("t.json", b"[{\"a\": 1}", "I601 t.json:1: this is not JSON: EOF while parsing a list, at character 9"),
        ("t.json", b"[{\"a\": 1}] x", "I601 t.json:1: this is not JSON: trailing characters, at character 12"),
        ("t.json", b"[1]", "I605 t.json:1: an object is needed here"),
        ("t.json", b"7", "I605 t.json:1: a list of objects is needed here"),
        ("t.json", b"{\"a\": 1}", "I605 t.json:1, member a: a list of objects is needed here"),
        ("t.json", b"{\"a\": [],\n\"a\": []}", "I605 t.json:2, member a: this member is given a second time"),
        ("t.json", b"[\n{\"a\": 1,\n\"a\": 2}]", "I605 t.json:3, member a: this member is given a second time"),
        ("t.json", b"[\n{\"a\": {}}]", "I605 t.json:2, member a: an object within an object cannot be a cell"),
        ("t.json", b"[{\"a\": [[1]]}]", "I605 t.json:1, member a: a list within a list cannot be a cell"),
        (
            "t.json",
            b"[{\"a\": [\"x; y\"]}]",
            "I605 t.json:1, member a: 'x; y' has a semicolon in it, which parts the items of a list",
        ),
        ("t.json", b"[{\"a\": \"\\u0000\"}]", "D314 t.json:1, column a: the character U+0000 does not belong there"),
        ("t.json", b"[{\"\": 1}]", "I604 t.json:1: a member has no name"),
        ("t.json", b"[{\"a\": 1, \"a \": 2}]", "I604 t.json:1: a member is a second 'a'"),
        ("t.json", deep.as_bytes(), "I605 t.json:1: an object is needed here"),
        ("t.json", inner.as_bytes(), "I605 t.json:1, member a: a list within a list cannot be a cell"),
        ("t.json", wide.as_bytes(), "I604 t.json:1: there are more than 1000 members"),
        ("t.jsonl", b"{\"a\": 1}\n[1]\n", "I605 t.jsonl:2: an object is needed here"),
        (
            "t.jsonl",
            b"{\"a\": 1}\n{\"a\": \n",
            "I601 t.jsonl:2: this is not JSON: EOF while parsing a value, at character 6",
        ),
    ] {
        let shown = shown(name, bytes);
        assert_eq!(shown.first().map(String::as_str), Some(expected), "{:?}", String::from_utf8_lossy(bytes).get(..40));
    }
}

#[test]
fn what_is_too_large_is_refused_and_mistakes_have_an_end() {
    let endless = std::io::repeat(b'x').take(read::LARGEST + 10);
    assert_eq!(read::take("t.csv", endless).unwrap_err().code, "I606");
    let ragged = format!("a,b\n{}", "1\n".repeat(500_000));
    assert_eq!(tables("t.csv", ragged.as_bytes()).unwrap_err().len(), 100);
    // One object of many members and many of few would make a table far larger than the file.
    let first: String = (0..900).map(|n| format!("\"k{n}\":1,")).collect();
    let sparse = format!("[{{{first}\"x\":1}}{}]", ",{\"x\":1}".repeat(100_000));
    assert_eq!(tables("t.json", sparse.as_bytes()).unwrap_err()[0].code, "I606");
    let stopped = Progress::default();
    stopped.stopper().stop();
    assert_eq!(read::read("t.csv", b"a\n1\n", Some("csv"), &stopped).unwrap_err()[0].code, "R409");
}

#[test]
fn tables_in_our_own_shape_are_records() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let expected = records::read_folder(&folder).unwrap();
    for (noun, rows) in &expected.nouns {
        let file = format!("{}.csv", noun.noun().name);
        let tables = tables(&file, &std::fs::read(folder.join(&file)).unwrap()).unwrap();
        let (found, made) = own::rows(&tables[0], None).unwrap();
        assert_eq!((found, &made), (*noun, rows), "{file}");
    }
    let table = &tables("leader.csv", b"key,nme\na,Ann\n").unwrap()[0];
    let mistakes = |noun| own::rows(table, noun).unwrap_err();
    assert_eq!(
        (mistakes(None)[0].code, mistakes(None)[0].suggestions.as_slice()),
        ("I607", &["leaders".to_string()][..])
    );
    let given = mistakes(Some(NounId::Leaders));
    assert_eq!((given[0].code, given[0].suggestions[0].as_str()), ("D302", "name"));
    let named = tables("x.json", br#"{"leaders": [{"key": "a", "name": "Ann"}]}"#).unwrap();
    assert_eq!(own::rows(&named[0], None).unwrap().1[0].cell("name"), Some("Ann"));
}
