//! Text for HTML: markup escaped, characters that command, hide or reorder shown as escapes, addresses only of the web.

use crate::present::safe;
use crate::value::markup::escaped;

/// Text of an element or of an attribute in quotes; newlines and tabs are shown as escapes.
pub fn text(raw: &str) -> String {
    escaped(&safe::safe(raw))
}

/// The same for text that is laid out in lines: newlines stay, tabs become blanks.
pub fn lines(raw: &str) -> String {
    escaped(&safe::safe_lines(&raw.replace("\r\n", "\n").replace('\t', "    ")))
}

/// Whether an address leads to a page of the web, and to nothing else.
pub fn is_web(address: &str) -> bool {
    let scheme = |scheme: &str| address.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme));
    let clean = !address.chars().any(|c| c.is_whitespace() || c.is_control() || safe::is_forbidden(c));
    clean && (scheme("http://") || scheme("https://"))
}

/// A link to a page of the web, shown by `shown`; any other address is text.
pub fn web(address: &str, shown: &str) -> String {
    if is_web(address) {
        format!("<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", text(address), text(shown))
    } else {
        text(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_markup() {
        assert_eq!(text("<a href='x'>&\"\n"), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;\\u{000A}");
        assert_eq!(lines("a\r\n\tb\u{202E}"), "a\n    b\\u{202E}");
        for code in (0..=0x10FFFF).filter_map(char::from_u32) {
            let made = text(&code.to_string());
            assert!(!made.contains(['<', '>', '"', '\'']) && !made.chars().any(safe::is_forbidden), "{code:?}");
        }
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        assert!(is_web("https://example.org/a?b=c#d"));
        assert!(is_web("HTTP://example.org"));
        for address in [
            "javascript:alert(1)",
            " https://example.org",
            "https://example.org/\u{202E}gnp",
            "https://a b",
            "java\nscript:x",
            "data:text/html,x",
            "//example.org",
            "file:///etc/passwd",
            "",
        ] {
            assert!(!is_web(address), "{address}");
            assert!(!web(address, address).contains("<a"), "{address}");
        }
    }
}
