//! Charts as SVG: one element that needs no script, no style and no font from elsewhere, and takes the colour of the text
//! around it.
//!
//! Hues are attributes, which the style sheet of a page overrides by the classes `chart-sure` (fill), `chart-possible`
//! (stroke), `chart-stripe` (fill) and `chart-heat` (fill). Lengths are user units; at the width of a phone one is about
//! four fifths of a pixel.

mod bars;
mod canvas;
mod heat;
mod timeline;

use super::model::{Picture, Shape};
use super::{described, remarks, titled};
use canvas::{Canvas, Frame, LINE, safe_id};

/// Around a chart in a file of its own.
const MARGIN: f64 = 16.0;

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

impl Default for Sheet {
    fn default() -> Sheet {
        Sheet { canvas: Canvas::new("chart"), title: Vec::new(), text: Vec::new() }
    }
}

impl Sheet {
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

    /// Whether nothing is on it.
    pub fn is_empty(&self) -> bool {
        self.title.is_empty()
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
