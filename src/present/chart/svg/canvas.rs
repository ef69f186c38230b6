//! A drawing that grows downwards, and how wide texts are in it.

use super::super::line::folded_by;
use super::super::model::clean;
use crate::value::markup::escaped;

/// How wide a chart is.
pub const WIDTH: f64 = 400.0;
/// From one line of text to the next, and of small text.
pub const LINE: f64 = 19.0;
pub const SMALL: f64 = 16.0;

/// Blue that is told from grey by all, on white and on black.
pub const HUE: &str = "#0072b2";
pub const FONTS: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif";

/// What is around a drawing.
pub struct Frame<'a> {
    pub margin: f64,
    pub style: &'a str,
    pub title: &'a str,
    pub text: &'a str,
}

/// A drawing that grows downwards.
pub struct Canvas {
    id: String,
    pub body: String,
    /// Where the next line goes.
    pub y: f64,
    /// Whether the stripes of what is possible are needed.
    striped: bool,
}

/// Where a text stands on its line.
#[derive(Clone, Copy)]
pub enum Anchor {
    Start,
    Middle,
}

impl Canvas {
    pub fn new(id: &str) -> Canvas {
        Canvas { id: id.to_string(), body: String::new(), y: 0.0, striped: false }
    }

    pub const fn space(&mut self, units: f64) {
        self.y += units;
    }

    /// A line over the whole width, folded.
    pub fn line(&mut self, text: &str, attributes: &str) {
        for line in folded(text, WIDTH / BOLD) {
            self.text(0.0, self.y + LINE - 5.0, &line, Anchor::Start, attributes);
            self.y += LINE;
        }
    }

    /// The same in small letters.
    pub fn small(&mut self, text: &str) {
        for line in folded(&clean(text), WIDTH * 14.0 / 12.0) {
            self.text(0.0, self.y + SMALL - 4.0, &line, Anchor::Start, " font-size=\"12\" fill-opacity=\".75\"");
            self.y += SMALL;
        }
    }

    pub fn text(&mut self, x: f64, y: f64, text: &str, anchor: Anchor, attributes: &str) {
        if text.is_empty() {
            return;
        }
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
        };
        let (x, y, text) = (number(x), number(y), escaped(&clean(text)));
        self.body.push_str(&format!("<text x=\"{x}\" y=\"{y}\"{anchor}{attributes}>{text}</text>\n"));
    }

    /// Lines of text from `y` on; says how high they are.
    pub fn lines(&mut self, x: f64, y: f64, lines: &[String], attributes: &str) -> f64 {
        for (at, line) in lines.iter().enumerate() {
            self.text(x, y + LINE * (at as f64 + 1.0) - 5.0, line, Anchor::Start, attributes);
        }
        LINE * lines.len() as f64
    }

    /// A bar of what is sure.
    pub fn sure(&mut self, x: f64, y: f64, width: f64, height: f64) {
        let (x, y, width, height) = (number(x), number(y), number(width), number(height));
        self.body.push_str(&format!(
            "<rect class=\"chart-sure\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{HUE}\"/>\n"
        ));
    }

    /// A bar of what is only possible: striped, with an outline.
    pub fn possible(&mut self, x: f64, y: f64, width: f64, height: f64) {
        self.striped = true;
        let (left, top) = (number(x + 0.5), number(y + 0.5));
        let (width, height) = (number((width - 1.0).max(1.0)), number(height - 1.0));
        self.body.push_str(&format!(
            "<rect class=\"chart-possible\" x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" \
             fill=\"url(#{}-stripes)\" stroke=\"{HUE}\"/>\n",
            self.id
        ));
    }

    /// A thin line downwards.
    pub fn rule(&mut self, x: f64, from: f64, to: f64) {
        let (x, from, to) = (number(x), number(from), number(to));
        self.body.push_str(&format!(
            "<path d=\"M{x} {from}V{to}\" stroke=\"currentColor\" stroke-opacity=\".35\" fill=\"none\"/>\n"
        ));
    }

    /// What the two kinds of bar are.
    pub fn key(&mut self) {
        let y = self.y + 4.0;
        self.sure(0.0, y, 16.0, 11.0);
        self.text(22.0, y + 10.0, "surely", Anchor::Start, " font-size=\"12\"");
        self.possible(76.0, y, 16.0, 11.0);
        self.text(98.0, y + 10.0, "possibly", Anchor::Start, " font-size=\"12\"");
        self.y += LINE + 2.0;
    }

    pub fn into_element(self, frame: &Frame<'_>) -> String {
        let (id, margin) = (&self.id, frame.margin);
        let (left, width, height) = (number(-margin), number(WIDTH + 2.0 * margin), number(self.y + 2.0 * margin));
        let stripes = if self.striped {
            format!(
                "<defs><pattern id=\"{id}-stripes\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" \
                 patternTransform=\"rotate(45)\"><rect class=\"chart-stripe\" width=\"1.6\" height=\"5\" \
                 fill=\"{HUE}\"/></pattern></defs>\n"
            )
        } else {
            String::new()
        };
        let size = if margin > 0.0 { format!(" width=\"{width}\" height=\"{height}\"") } else { String::new() };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\"{size} viewBox=\"{left} {left} {width} {height}\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-desc\" class=\"chart\" font-family=\"{FONTS}\" font-size=\"14\" \
             fill=\"currentColor\">\n<title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n{}{stripes}{}\
             </svg>\n",
            escaped(&clean(frame.title)),
            escaped(&clean(frame.text)),
            frame.style,
            self.body,
        )
    }
}

/// Only what an id may hold, beginning with a letter.
pub fn safe_id(id: &str) -> String {
    let id: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    if id.starts_with(|c: char| c.is_ascii_alphabetic()) { id } else { format!("chart{id}") }
}

/// A length, to a tenth.
pub fn number(length: f64) -> String {
    let rounded = (length * 10.0).round() / 10.0;
    if rounded == 0.0 { "0".to_string() } else { rounded.to_string() }
}

/// About how wide a text is: no font is known, so letters are taken to be rather wide.
pub fn measured(text: &str) -> f64 {
    use unicode_width::UnicodeWidthChar;
    let of = |c: char| match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | ' ' | '\'' | '|' | '!' | '(' | ')' | '['
        | ']' | '/' => 5.6,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' => 14.0,
        'A'..='Z' => 10.0,
        '0'..='9' | '_' => 9.0,
        ' '..='~' => 8.6,
        c => match c.width().unwrap_or(0) {
            0 => 0.0,
            1 => 9.4,
            wide => 7.5 * wide as f64,
        },
    };
    text.chars().map(of).sum()
}

/// Bold letters are wider.
pub const BOLD: f64 = 1.15;

pub fn folded(text: &str, room: f64) -> Vec<String> {
    folded_by(text, room.max(20.0), measured)
}

/// How wide the widest of these texts is, and at most that wide.
pub fn widest<'t>(texts: impl Iterator<Item = &'t str>, most: f64) -> f64 {
    texts.map(measured).fold(0.0, f64::max).min(most)
}
