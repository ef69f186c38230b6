//! Charts as SVG: one element that needs no script, no style and no font from elsewhere, and takes the colour of the text
//! around it.
//!
//! Hues are attributes, which the style sheet of a page overrides by the classes `chart-sure` (fill), `chart-possible`
//! (stroke), `chart-stripe` (fill) and `chart-heat` (fill). Lengths are user units; at the width of a phone one is about
//! three quarters of a pixel.

mod bars;
mod heat;
mod timeline;

use super::line::folded_by;
use super::model::{Picture, Shape, clean};
use super::{described, remarks, titled};

/// How wide a chart is.
const WIDTH: f64 = 480.0;
/// From one line of text to the next, and of small text.
const LINE: f64 = 19.0;
const SMALL: f64 = 16.0;
/// Around a chart in a file of its own.
const MARGIN: f64 = 16.0;

/// Blue that is told from grey by all, on white and on black.
const HUE: &str = "#0072b2";
const FONTS: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif";

/// Of a file of its own: in the dark the same in lighter hues.
const STYLE: &str = "<style>\
.chart{color:#1b1b1b;background:#fff}\
@media (prefers-color-scheme:dark){.chart{color:#e8e8e8;background:#16181b}\
.chart-sure,.chart-stripe,.chart-heat{fill:#56b4e9}.chart-possible{stroke:#56b4e9}}\
</style>";

/// A chart for a page.
pub fn element(picture: &Picture, id: &str) -> String {
    let mut canvas = Canvas::new(&safe_id(id));
    draw(picture, &mut canvas);
    canvas.into_element(&Frame { margin: 0.0, style: "", title: &titled(picture), text: &described(picture) })
}

/// A file of its own: answers one under another, each with its chart and what stands under that.
pub struct Sheet {
    canvas: Canvas,
    title: Vec<String>,
    text: Vec<String>,
}

impl Sheet {
    pub fn new() -> Sheet {
        Sheet { canvas: Canvas::new("chart"), title: Vec::new(), text: Vec::new() }
    }

    /// Without a picture the lines are all.
    pub fn answer(&mut self, picture: Option<&Picture>, lines: &[String]) {
        self.part();
        match picture {
            Some(picture) => {
                draw(picture, &mut self.canvas);
                self.canvas.space(8.0);
                self.say(titled(picture), described(picture));
            }
            None => self.say("Answer without a chart".to_string(), lines.join("; ")),
        }
        lines.iter().for_each(|line| self.canvas.small(line));
    }

    pub fn verdict(&mut self, outcome: &str, label: &str, lines: &[String]) {
        self.part();
        self.canvas.line(&outcome.to_uppercase(), " font-weight=\"bold\"");
        self.canvas.line(label, "");
        self.canvas.space(4.0);
        lines.iter().for_each(|line| self.canvas.small(line));
        self.say(format!("Verdict: {outcome}"), label.to_string());
    }

    /// Before another answer there is room.
    fn part(&mut self) {
        self.canvas.space(if self.title.is_empty() { 0.0 } else { 2.0 * LINE });
    }

    fn say(&mut self, title: String, text: String) {
        self.title.push(title);
        self.text.push(text);
    }

    pub fn into_file(self) -> String {
        let (title, text) = (self.title.join("; "), self.text.join("; "));
        self.canvas.into_element(&Frame { margin: MARGIN, style: STYLE, title: &title, text: &text })
    }
}

fn draw(picture: &Picture, canvas: &mut Canvas) {
    match &picture.shape {
        Shape::Bars(bars) => bars::draw(bars, canvas),
        Shape::Timeline(timeline) => timeline::draw(timeline, canvas),
        Shape::Heat(heat) => heat::draw(heat, canvas),
    }
    remarks(picture).iter().for_each(|line| canvas.small(line));
}

/// What is around a drawing.
struct Frame<'a> {
    margin: f64,
    style: &'a str,
    title: &'a str,
    text: &'a str,
}

/// A drawing that grows downwards.
struct Canvas {
    id: String,
    body: String,
    /// Where the next line goes.
    y: f64,
    /// Whether the stripes of what is possible are needed.
    striped: bool,
}

/// Where a text stands on its line.
#[derive(Clone, Copy)]
enum Anchor {
    Start,
    Middle,
}

impl Canvas {
    fn new(id: &str) -> Canvas {
        Canvas { id: id.to_string(), body: String::new(), y: 0.0, striped: false }
    }

    const fn space(&mut self, units: f64) {
        self.y += units;
    }

    /// A line over the whole width, folded.
    fn line(&mut self, text: &str, attributes: &str) {
        for line in folded(text, WIDTH / BOLD) {
            self.text(0.0, self.y + LINE - 5.0, &line, Anchor::Start, attributes);
            self.y += LINE;
        }
    }

    /// The same in small letters.
    fn small(&mut self, text: &str) {
        for line in folded(&clean(text), WIDTH * 14.0 / 12.0) {
            self.text(0.0, self.y + SMALL - 4.0, &line, Anchor::Start, " font-size=\"12\" fill-opacity=\".75\"");
            self.y += SMALL;
        }
    }

    fn text(&mut self, x: f64, y: f64, text: &str, anchor: Anchor, attributes: &str) {
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
    fn lines(&mut self, x: f64, y: f64, lines: &[String], attributes: &str) -> f64 {
        for (at, line) in lines.iter().enumerate() {
            self.text(x, y + LINE * (at as f64 + 1.0) - 5.0, line, Anchor::Start, attributes);
        }
        LINE * lines.len() as f64
    }

    /// A bar of what is sure.
    fn sure(&mut self, x: f64, y: f64, width: f64, height: f64) {
        let (x, y, width, height) = (number(x), number(y), number(width), number(height));
        self.body.push_str(&format!(
            "<rect class=\"chart-sure\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{HUE}\"/>\n"
        ));
    }

    /// A bar of what is only possible: striped, with an outline.
    fn possible(&mut self, x: f64, y: f64, width: f64, height: f64) {
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
    fn rule(&mut self, x: f64, from: f64, to: f64) {
        let (x, from, to) = (number(x), number(from), number(to));
        self.body.push_str(&format!(
            "<path d=\"M{x} {from}V{to}\" stroke=\"currentColor\" stroke-opacity=\".35\" fill=\"none\"/>\n"
        ));
    }

    /// What the two kinds of bar are.
    fn key(&mut self) {
        let y = self.y + 4.0;
        self.sure(0.0, y, 16.0, 11.0);
        self.text(22.0, y + 10.0, "surely", Anchor::Start, " font-size=\"12\"");
        self.possible(76.0, y, 16.0, 11.0);
        self.text(98.0, y + 10.0, "possibly", Anchor::Start, " font-size=\"12\"");
        self.y += LINE + 2.0;
    }

    fn into_element(self, frame: &Frame<'_>) -> String {
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
fn safe_id(id: &str) -> String {
    let id: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    if id.starts_with(|c: char| c.is_ascii_alphabetic()) { id } else { format!("chart{id}") }
}

/// Text for XML; what XML cannot hold was made safe before.
fn escaped(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => made.push_str("&amp;"),
            '<' => made.push_str("&lt;"),
            '>' => made.push_str("&gt;"),
            '"' => made.push_str("&quot;"),
            '\'' => made.push_str("&#39;"),
            c => made.push(c),
        }
    }
    made
}

/// A length, to a tenth.
fn number(length: f64) -> String {
    let rounded = (length * 10.0).round() / 10.0;
    if rounded == 0.0 { "0".to_string() } else { rounded.to_string() }
}

/// About how wide a text is: no font is known, so letters are taken to be rather wide.
fn measured(text: &str) -> f64 {
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
const BOLD: f64 = 1.15;

fn folded(text: &str, room: f64) -> Vec<String> {
    folded_by(text, room.max(20.0), measured)
}

/// How wide the widest of these texts is, and at most that wide.
fn widest<'t>(texts: impl Iterator<Item = &'t str>, most: f64) -> f64 {
    texts.map(measured).fold(0.0, f64::max).min(most)
}
