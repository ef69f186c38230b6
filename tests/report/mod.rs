//! Pages: what a story becomes, what a stranger's story or data cannot do, and what a real browser shows.

mod browser;

use browser::Browser;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn stories() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/stories")
}

fn bilat(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bilat")).args(arguments).current_dir(folder).output().unwrap()
}

/// The page of a story about the file, and the exit status.
fn page(folder: &Path, story: &str, more: &[&str]) -> (String, i32) {
    std::fs::write(folder.join("story.md"), story).unwrap();
    let output = bilat(folder, &[&["report", "story.md"], more].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.lines().all(|line| line.contains(" claim")), "{said}");
    (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
}

#[test]
fn the_page_of_the_article_is_what_its_story_makes() {
    let made = bilat(&stories(), &["report", "article.md"]);
    assert!(matches!(made.status.code(), Some(0 | 1 | 5)), "{}", String::from_utf8_lossy(&made.stderr));
    let path = stories().join("article.html");
    if std::env::var_os("UPDATE").is_some() {
        return std::fs::write(path, made.stdout).unwrap();
    }
    assert!(
        std::fs::read(path).unwrap() == made.stdout,
        "article.html is not what article.md makes: UPDATE=1 rewrites it"
    );
}

#[test]
fn names_hold_from_block_to_block_and_values_stand_in_the_text() {
    let folder = tempfile::tempdir().unwrap();
    let story = "# Talks\n\n```bilat hide\nLET talks = FROM meetings WITH $who;\n```\n\nThere were `= count(FROM talks)`, at most \
                 `= count(FROM accounts WHERE publication = 'the article' AND date >= 2024-07)` told, the last on \
                 `= SELECT max(date) FROM talks`.\n\n```bilat 'The talks'\nFROM talks CHART;\nASSERT 'Few' count(FROM talks) < 9;\n```\n\n\
                 ```bilat summary\n```\n";
    let (html, status) = page(folder.path(), story, &["--param", "who=Xi"]);
    assert_eq!(status, 0);
    for part in [
        "<title>Talks</title>",
        ">3</a>, at most",
        ">27 to 53</a> told",
        "2024-07-08</a>.",
        "<figcaption>The talks</figcaption>",
        "<svg",
        "1 claim: 1 holds, 0 fail, 0 undecided",
        "--param who=Xi",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("LET talks"), "a hidden block is not shown");
    // Every link within the page leads somewhere, and every name is given once.
    let ids: Vec<&str> = html.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let mut distinct = ids.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), ids.len());
    for link in html.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(ids.contains(&link), "{link} leads nowhere");
    }
}

#[test]
fn the_status_is_that_of_the_claims_and_mistakes_write_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let claim = |claim: &str| format!("```bilat\nASSERT count({claim};\n```\n");
    for (story, status, written) in [
        (claim("FROM meetings WITH Modi) = 1"), 0, true),
        (claim("FROM meetings WITH Modi) < 1"), 1, true),
        (claim("FROM meetings WITH Rahmon DURING 2024-05-08) = 1"), 5, true),
        (claim("FROM meetings WITH Mody) = 1"), 3, false),
    ] {
        std::fs::write(folder.path().join("story.md"), &story).unwrap();
        let output = bilat(folder.path(), &["report", "story.md", "-o", "story.html"]);
        assert_eq!(output.status.code(), Some(status), "{story}");
        assert_eq!(folder.path().join("story.html").exists(), written, "{story}");
        let _ = std::fs::remove_file(folder.path().join("story.html"));
    }
    assert_eq!(bilat(folder.path(), &["report", "story.md", "-o", "story.pdf"]).status.code(), Some(2));
    assert_eq!(bilat(folder.path(), &["report", "none.md"]).status.code(), Some(4));
}

/// A file whose every name would be markup, or a script, if it were let.
fn hostile(folder: &Path) {
    let data = folder.join("data");
    std::fs::create_dir(&data).unwrap();
    let script = "<script>document.title='owned'</script>";
    let image = "\"\"><img src=x onerror=document.title='owned'>";
    for (name, text) in [
        ("file", format!("key,value\nreference_date,2024-12-31\ntitle,{script}\n")),
        ("leaders", format!("key,name\na,{script}\nb,\"{image}\"\n")),
        ("meetings", format!("key,date,remark\nm,2024-05-28,</table></main>{script}\n")),
        ("participants", "key,meeting,leader\np,m,a\nq,m,b\n".to_string()),
        ("publications", format!("key,title,address\nx,{script},javascript:document.title='owned'\n")),
        ("accounts", "key,publication,meeting,preferred\nc,x,m,yes\n".to_string()),
    ] {
        std::fs::write(data.join(name).with_extension("csv"), text).unwrap();
    }
    let built = bilat(folder, &["build", "data", "-o", "hostile.db"]);
    assert!(built.status.success(), "{built:?}");
}

const HOSTILE: &str = "---\ntitle: <script>document.title='owned'</script>\n---\n\
    Text <script>document.title='owned'</script> and <img src=x onerror=\"document.title='owned'\"> and \
    <https://example.org/\"onmouseover=\"document.title='owned'>.\n\n<style>body { display: none }</style>\n\n\
    <iframe src=\"https://example.org\"></iframe>\n\n```bilat '<script>alert(1)</script>'\n\
    SELECT date, participants, remark, '</script><script>alert(2)</script>' AS \"<b>\" FROM meetings CHART;\n\
    FROM meetings;\nASSERT '<script>alert(3)</script>' count(FROM meetings) > 7;\n```\n";

#[test]
fn a_hostile_name_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    hostile(folder.path());
    let story = HOSTILE.replace(" AS \"<b>\"", " AS b");
    let (html, status) = page(folder.path(), &story, &["--db", "hostile.db"]);
    assert_eq!(status, 1);
    let markup = ["<script", "<iframe", "<img", "href=\"javascript", "<style>body"];
    for part in markup {
        assert!(!html.contains(part), "{part}: {html}");
    }
    let whole =
        bilat(folder.path(), &["hostile.db", "-c", "FROM meetings CITE", "-c", "FROM leaders", "--format", "html"]);
    let whole = String::from_utf8(whole.stdout).unwrap();
    assert!(markup.iter().all(|part| !whole.contains(part)), "{whole}");
    let path = folder.path().join("page.html");
    std::fs::write(&path, &html).unwrap();
    let Some(mut browser) = Browser::start() else {
        println!("skipped: there is no browser");
        return;
    };
    browser.open(&path);
    assert_eq!(browser.complaints(), [""; 0]);
    assert_eq!(browser.value("document.title"), "<script>document.title='owned'</script>");
    assert_eq!(browser.value("document.scripts.length + document.images.length"), 0);
    assert_eq!(browser.value("getComputedStyle(document.body).display"), "block");
    let inside = "[...document.querySelectorAll('td')].some(cell => cell.textContent.includes('<script>'))";
    assert_eq!(browser.value(inside), true);
}

/// Whatever sticks out of the window.
const TOO_WIDE: &str = "[...document.body.querySelectorAll('*')].filter(it => it.getBoundingClientRect().right > innerWidth + 1 \
    && !it.closest('.scroll, pre, .chart')).map(it => it.outerHTML.slice(0, 120))";

#[test]
fn the_page_reads_well_on_a_phone_and_on_a_desk_in_light_and_dark() {
    let Some(mut browser) = Browser::start() else {
        println!("skipped: there is no browser");
        return;
    };
    let page = stories().join("article.html");
    for (width, scheme) in [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")] {
        browser.look(width, scheme);
        browser.open(&page);
        assert_eq!(browser.complaints(), [""; 0], "{width} {scheme}");
        assert_eq!(browser.value("innerWidth"), width);
        assert_eq!(browser.value("document.documentElement.scrollWidth <= innerWidth"), true, "{width}");
        assert_eq!(browser.value(TOO_WIDE), serde_json::json!([]), "{width}");
        // Text stands out from its ground, by the formula of WCAG 2.
        let contrast = "(() => { const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map(v => { v /= 255; \
            return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 }); return .2126 * r + .7152 * g + .0722 * b }; \
            const style = getComputedStyle(document.body); const [a, b] = [light(style.color), light(style.backgroundColor)]; \
            return (Math.max(a, b) + .05) / (Math.min(a, b) + .05) })()";
        assert!(browser.value(contrast).as_f64().unwrap() > 7.0, "{width} {scheme}");
    }
    let headings = "[...document.querySelectorAll('h1, h2, h3, h4')].map(it => Number(it.tagName[1]))";
    let headings: Vec<i64> = serde_json::from_value(browser.value(headings)).unwrap();
    assert_eq!((headings[0], headings.iter().filter(|level| **level == 1).count()), (1, 1));
    assert!(headings.windows(2).all(|pair| pair[1] <= pair[0] + 1), "no level is left out: {headings:?}");
    let charts = "[...document.querySelectorAll('svg')].every(it => it.getAttribute('role') == 'img' && it.querySelector('title, desc'))";
    assert_eq!(browser.value(charts), true);
    assert!(browser.value("document.querySelectorAll('svg').length").as_i64().unwrap() >= 3);
    assert_eq!(browser.value("document.documentElement.lang"), "en");
}
