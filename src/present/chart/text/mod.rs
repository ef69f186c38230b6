//! Charts as text: blocks on a terminal, plain letters where there is only ASCII; as wide as the terminal, and without
//! one as wide as most are, with every label whole.

mod bars;
mod heat;
mod timeline;

use super::line::{Line, folded, width};
use super::model::{Picture, Shape};
use crate::present::Style;

/// How wide a chart is where no terminal says it.
const USUAL: usize = 80;
/// Nothing is drawn for less.
const NARROWEST: usize = 20;
/// Bars shorter than that say nothing: their numbers go under them.
const SHORTEST: usize = 8;

/// The signs that charts are made of.
struct Signs {
    sure: &'static str,
    /// Parts of a sure cell, from the least.
    parts: &'static [&'static str],
    possible: &'static str,
    earlier: &'static str,
    later: &'static str,
    zero: &'static str,
    rule: &'static str,
    tick: &'static str,
    shades: [&'static str; 4],
}

static BLOCKS: Signs = Signs {
    sure: "█",
    parts: &["▏", "▎", "▍", "▌", "▋", "▊", "▉"],
    possible: "░",
    earlier: "←",
    later: "→",
    zero: "│",
    rule: "─",
    tick: "┬",
    shades: ["░", "▒", "▓", "█"],
};

static ASCII: Signs = Signs {
    sure: "#",
    parts: &[],
    possible: ".",
    earlier: "<",
    later: ">",
    zero: "|",
    rule: "-",
    tick: "+",
    shades: [".", ":", "+", "#"],
};

/// The lines of a chart.
pub fn lines(picture: &Picture, style: Style) -> Vec<String> {
    let page = Page::new(style);
    let mut lines = match &picture.shape {
        Shape::Bars(bars) => page.bars(bars),
        Shape::Timeline(timeline) => page.timeline(timeline),
        Shape::Heat(heat) => page.heat(heat),
    };
    for remark in super::remarks(picture) {
        lines.extend(page.fold(&remark, page.width).into_iter().map(|line| page.quiet(&line)));
    }
    lines
}

/// What is drawn on.
struct Page {
    signs: &'static Signs,
    width: usize,
    /// Whether labels stay whole, however long: there is no terminal to fit.
    whole: bool,
    color: bool,
}

impl Page {
    fn new(style: Style) -> Page {
        Page {
            signs: if style.ascii { &ASCII } else { &BLOCKS },
            width: style.width.map_or(USUAL, |width| width.max(NARROWEST)),
            whole: style.width.is_none(),
            color: style.color,
        }
    }

    fn fold(&self, text: &str, room: usize) -> Vec<String> {
        if self.whole { vec![text.to_string()] } else { folded(text, room) }
    }

    fn folded(&self, text: &str, room: usize) -> Vec<Line> {
        self.fold(text, room).iter().map(|line| Line::of(line)).collect()
    }

    fn bold(&self, text: &str, room: usize) -> Vec<Line> {
        let bold = self.color.then(|| anstyle::Style::new().bold());
        self.fold(text, room).iter().map(|line| Line::painted(line, bold)).collect()
    }

    fn quiet(&self, text: &str) -> String {
        Line::painted(text, self.dim()).into_text()
    }

    fn dim(&self) -> Option<anstyle::Style> {
        self.color.then(|| anstyle::Style::new().dimmed())
    }

    /// The hue of what is sure, and a lighter one of what is possible.
    fn hue(&self, sure: bool) -> Option<anstyle::Style> {
        let hue = anstyle::Style::new().fg_color(Some(anstyle::AnsiColor::Cyan.into()));
        self.color.then(|| if sure { hue } else { hue.dimmed() })
    }

    /// How wide a column of these texts is: as they need, on a terminal at most that part of it.
    fn column<'t>(&self, texts: impl Iterator<Item = &'t str>, part: usize) -> usize {
        let widest = texts.map(width).max().unwrap_or(0);
        if self.whole { widest } else { widest.min(part) }
    }

    /// What the two kinds of bar are, where both are drawn, and the arrows.
    fn key(&self, arrows: &[Option<&str>]) -> Vec<String> {
        let (sure, possible) = (self.signs.sure, self.signs.possible);
        let arrows: Vec<&str> = arrows.iter().copied().flatten().collect();
        let open = if arrows.is_empty() { String::new() } else { format!("  {} open", arrows.join(" ")) };
        let key = format!("{sure} surely  {possible} possibly{open}");
        self.fold(&key, self.width).iter().map(|line| self.quiet(line)).collect()
    }
}
