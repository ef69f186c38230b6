//! A whole page: it holds everything it needs, asks for nothing from elsewhere, and runs nothing.

use super::escape::text;

/// The look: for reading on a screen of any width, by day and by night, and on paper.
const STYLE: &str = include_str!("page.css");

/// What a browser may do with a page: show it. Images only from the page itself.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// A page before it is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Page<'a> {
    /// A language tag (BCP 47).
    pub language: &'a str,
    pub title: &'a str,
    pub author: Option<&'a str>,
    /// Markup, safe already.
    pub body: &'a str,
}

/// The page as a file.
pub fn page(page: Page<'_>) -> String {
    let author = page.author.map(|author| format!("<meta name=\"author\" content=\"{}\">\n", text(author)));
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"generator\" content=\"bilat {version}\">\n{author}\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        language = text(page.language),
        version = env!("CARGO_PKG_VERSION"),
        author = author.unwrap_or_default(),
        title = text(page.title),
        body = page.body,
    )
}
