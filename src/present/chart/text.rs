//! Charts as text: blocks on a terminal, plain letters where there is only ASCII; as wide as the terminal, and without
//! one as wide as most are, with every label whole.

use super::axis::Axis;
use super::heat::{Heat, Heated};
use super::line::{Line, beside, folded, width};
use super::model::{Amount, Bars, Dated, Labelled, Picture, Scale, Shape, Span, Timeline, part};
use crate::present::Style;
use crate::value::date::Day;

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

    fn bars(&self, bars: &Bars) -> Vec<String> {
        let mut lines = Vec::new();
        for scale in &bars.scales {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend(self.scale(bars, scale));
        }
        if bars.scales.iter().any(Scale::is_vague) {
            lines.extend(self.key(&[]));
        }
        lines
    }

    fn scale(&self, bars: &Bars, scale: &Scale) -> Vec<String> {
        let labels = bars.rows.iter().map(|row| row.label.as_str()).chain([bars.named.as_str()]);
        let several = scale.names.len() > 1;
        let labels = self.column(labels, if several { self.width * 3 / 10 } else { self.width * 2 / 5 });
        let names = if several { self.column(scale.names.iter().map(String::as_str), self.width / 5) } else { 0 };
        let left = labels + 2 + if several { names + 2 } else { 0 };
        // What is short stands behind the number, and has its room there.
        let tail = |row: &Labelled| if row.tail.is_empty() { 0 } else { width(&row.tail) + 1 };
        let tails = bars.rows.iter().map(|row| if tail(row) <= SHORTEST { tail(row) } else { 0 });
        let numbers = tails.zip(&scale.rows).flat_map(|(tail, row)| row.iter().map(move |one| width(&one.text) + tail));
        let numbers = numbers.max().unwrap_or(0);
        let room = self.width.saturating_sub(left).max(2);
        let fits = self.whole || numbers + 1 + SHORTEST <= room;
        let bar = if fits { room.saturating_sub(numbers + 1) } else { room };
        let ruler = Ruler::new(scale.ends(), if self.whole { bar.max(USUAL / 4) } else { bar });
        let title = if several { Vec::new() } else { self.bold(&scale.names.concat(), room) };
        let mut lines = beside(&[(labels + 2, self.bold(&bars.named, labels)), (room, title)]);
        for (row, amounts) in bars.rows.iter().zip(&scale.rows) {
            let mut label = self.folded(&row.label, labels);
            for (name, amount) in scale.names.iter().zip(amounts) {
                let name = if several { self.folded(name, names) } else { Vec::new() };
                let drawn = self.bar(amount, row, &ruler, (room, fits));
                let height = name.len().max(drawn.len()).max(1);
                let rest = label.split_off(label.len().min(height));
                lines.extend(beside(&[(labels + 2, label), (left - labels - 2, name), (room, drawn)]));
                label = rest;
            }
            lines.extend(beside(&[(labels, label)]));
        }
        lines
    }

    /// One bar with its number at its end, or under it, and the sources behind that.
    fn bar(&self, amount: &Amount, row: &Labelled, ruler: &Ruler, (room, fits): (usize, bool)) -> Vec<Line> {
        let mut line = Line::default();
        let taken = amount.extent.map_or(0, |extent| self.extent(&mut line, ruler, extent.sure, extent.whole));
        if taken == 0 && ruler.before > 0 {
            line.pad(ruler.before);
            line.add(self.signs.zero);
        }
        let gap = if taken == 0 && ruler.before == 0 { "" } else { " " };
        let behind = |text: &str| width(gap) + taken.max(ruler.zero()) + width(text) <= room;
        let whole = if row.tail.is_empty() { amount.text.clone() } else { format!("{} {}", amount.text, row.tail) };
        let (here, under) = if self.whole || behind(&whole) {
            (whole, String::new())
        } else if fits {
            (amount.text.clone(), row.tail.clone())
        } else {
            (String::new(), whole)
        };
        line.add(gap);
        line.add(&here);
        let mut lines = vec![line];
        if !under.is_empty() {
            lines.extend(self.folded(&under, room));
        }
        lines
    }

    /// Draws from `sure` to `whole`, and says at which column it ends.
    fn extent(&self, line: &mut Line, ruler: &Ruler, sure: (f64, f64), whole: (f64, f64)) -> usize {
        if ruler.before > 0 {
            let (all, solid) = (ruler.cells(-whole.0, ruler.before), ruler.cells(-sure.0, ruler.before));
            let solid = if whole.0 < sure.0 { solid.min(all.saturating_sub(1)) } else { solid };
            line.pad(ruler.before - all);
            line.paint(&self.signs.possible.repeat(all - solid), self.hue(false));
            line.paint(&self.signs.sure.repeat(solid), self.hue(true));
            line.add(self.signs.zero);
        }
        let finest = self.signs.parts.len() + 1;
        let mut eighths = ruler.parts(sure.1, finest);
        let mut light = 0;
        if whole.1 > sure.1 {
            // What is only possible is always seen, if by one cell.
            eighths = eighths.min((ruler.after - 1) * finest);
            let solid = eighths.div_ceil(finest);
            light = ruler.parts(whole.1, finest).div_ceil(finest).saturating_sub(solid).max(1);
        }
        line.paint(&self.signs.sure.repeat(eighths / finest), self.hue(true));
        let part = (eighths % finest).checked_sub(1).and_then(|at| self.signs.parts.get(at));
        line.paint(part.copied().unwrap_or(""), self.hue(true));
        line.paint(&self.signs.possible.repeat(light), self.hue(false));
        let after = eighths.div_ceil(finest) + light;
        if ruler.before > 0 { ruler.before + 1 + after } else { after }
    }

    fn timeline(&self, timeline: &Timeline) -> Vec<String> {
        let spans: Vec<Span> = timeline.rows.iter().filter_map(|row| row.span).collect();
        let wide = (self.width * 2 / 5).max(SHORTEST);
        let axis = Axis::over(&spans, wide as f64, |text| (width(text) + 2) as f64);
        let room = self.width - wide - 2;
        // Dates stand in a column of their own; longer ones than most stick out.
        let dates = timeline.rows.iter().map(|row| width(&row.date)).chain([width(&timeline.date)]);
        let dates = dates.filter(|wide| self.whole || *wide <= room / 3).max().unwrap_or(0);
        let columns = Columns { wide, dates, room };
        let scale = axis.as_ref().map(|axis| vec![Line::of(&labels(axis, wide)), self.rule(axis, wide)]);
        let names = self.dated(&timeline.date, &timeline.named, "", &columns, true);
        let mut lines = beside(&[(wide + 2, scale.unwrap_or_default()), (room, names)]);
        for row in &timeline.rows {
            lines.extend(self.line_of_time(row, axis.as_ref(), &columns));
        }
        if spans.iter().any(|span| span.is_vague()) {
            lines.extend(self.key(&[
                spans.iter().any(|span| span.first.is_none()).then_some(self.signs.earlier),
                spans.iter().any(|span| span.last.is_none()).then_some(self.signs.later),
            ]));
        }
        lines
    }

    fn line_of_time(&self, row: &Dated, axis: Option<&Axis>, columns: &Columns) -> Vec<String> {
        let mark = row.span.map(|span| self.mark(span, axis, columns.wide));
        let text = self.dated(&row.date, &row.row.label, &row.row.tail, columns, false);
        beside(&[(columns.wide + 2, mark.into_iter().collect()), (columns.room, text)])
    }

    /// The date, then the label beside it, or under it where the date is long.
    fn dated(&self, date: &str, label: &str, tail: &str, columns: &Columns, bold: bool) -> Vec<Line> {
        let parts: Vec<&str> = [label, tail].into_iter().filter(|part| !part.is_empty()).collect();
        let text = parts.join(" ");
        let paint = (bold && self.color).then(|| anstyle::Style::new().bold());
        let from = columns.dates + if columns.dates > 0 { 2 } else { 0 };
        if width(date) > columns.dates {
            let whole = if text.is_empty() { date.to_string() } else { format!("{date}  {text}") };
            return self.fold(&whole, columns.room).iter().map(|line| Line::painted(line, paint)).collect();
        }
        let parts = self.fold(&text, columns.room.saturating_sub(from));
        let line = |(at, part): (usize, &String)| {
            let mut line = Line::painted(if at == 0 { date } else { "" }, paint);
            line.pad(from);
            line.paint(part, paint);
            line
        };
        parts.iter().enumerate().map(line).collect()
    }

    fn mark(&self, span: Span, axis: Option<&Axis>, wide: usize) -> Line {
        let cell = |day: Day| axis.map_or(0, |axis| column(axis, day, wide));
        let first = span.first.map_or(0, cell);
        // Where a day has several cells, it is drawn to its end.
        let next = |day: Day| axis.map_or(0.0, |axis| axis.part(day + 1) * wide as f64) as usize;
        let end = |day: Day| next(day).saturating_sub(1).max(cell(day));
        let last = span.last.map_or(wide - 1, end).clamp(first, wide - 1);
        let sure = span.sure.map(|(from, to)| (cell(from).max(first), end(to).min(last)));
        let mut line = Line::default();
        line.pad(first);
        for at in first..=last {
            if at == first && span.first.is_none() {
                line.paint(self.signs.earlier, self.hue(false));
            } else if at == last && span.last.is_none() {
                line.paint(self.signs.later, self.hue(false));
            } else if sure.is_some_and(|(from, to)| from <= at && at <= to) {
                line.paint(self.signs.sure, self.hue(true));
            } else {
                line.paint(self.signs.possible, self.hue(false));
            }
        }
        line
    }

    fn rule(&self, axis: &Axis, wide: usize) -> Line {
        let at: Vec<usize> = axis.ticks.iter().map(|tick| column(axis, tick.day, wide)).collect();
        let sign = |cell: usize| if at.contains(&cell) { self.signs.tick } else { self.signs.rule };
        Line::painted(&(0..wide).map(sign).collect::<String>(), self.dim())
    }

    fn heat(&self, heat: &Heat) -> Vec<String> {
        let labels = heat.rows.iter().map(|row| row.label.as_str()).chain([heat.rows_named.as_str()]);
        let labels = self.column(labels, self.width * 2 / 5);
        let room = self.width.saturating_sub(labels);
        let columns = (0..heat.columns.len()).map(|at| self.heated_column(heat, at, room)).collect::<Vec<_>>();
        let mut lines = Vec::new();
        for block in self.blocks(&columns, room) {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend(self.block(heat, block, &columns, labels));
        }
        if heat.cells.iter().flatten().flatten().any(|cell| cell.level.is_some_and(|level| level > 0.0)) {
            let number = match (heat.number.as_str(), heat.columns_named.as_str()) {
                ("", _) => String::new(),
                (number, columns) => format!("{number} across {columns}, "),
            };
            let key = format!("{} {number}from least to most", self.signs.shades.concat());
            lines.extend(self.fold(&key, self.width).iter().map(|line| self.quiet(line)));
        }
        lines
    }

    /// How wide a column is, and how much of it the numbers take.
    fn heated_column(&self, heat: &Heat, at: usize, room: usize) -> (usize, usize) {
        let cells = || heat.cells.iter().filter_map(|row| row.get(at).and_then(Option::as_ref));
        let numbers = self.column(cells().map(|cell| cell.text.as_str()), room.saturating_sub(5)).max(1);
        // Sources stand under the number on a terminal, else behind it.
        let tails = self.column(cells().map(|cell| cell.tail.as_str()), 12.min(room.saturating_sub(2)));
        let cell = numbers + 3;
        let cell = if self.whole && tails > 0 { cell + 1 + tails } else { cell.max(tails) };
        let head = width(&heat.columns[at]);
        let head = if self.whole { head } else { head.min(cell.max(12)).min(room.saturating_sub(2)) };
        (cell.max(head), numbers)
    }

    /// The columns in blocks that fit one under another.
    fn blocks(&self, columns: &[(usize, usize)], room: usize) -> Vec<std::ops::Range<usize>> {
        let mut blocks = Vec::new();
        let (mut from, mut taken) = (0, 0);
        for (at, (wide, _)) in columns.iter().enumerate() {
            if !self.whole && taken + 2 + wide > room && at > from {
                blocks.push(from..at);
                (from, taken) = (at, 0);
            }
            taken += 2 + wide;
        }
        blocks.push(from..columns.len());
        blocks
    }

    fn block(
        &self,
        heat: &Heat,
        block: std::ops::Range<usize>,
        columns: &[(usize, usize)],
        labels: usize,
    ) -> Vec<String> {
        let wide = |at: usize| columns[at].0 + 2;
        let named = |at: usize| (wide(at), self.bold(&heat.columns[at], columns[at].0));
        let title = std::iter::once((labels + 2, self.bold(&heat.rows_named, labels)));
        let mut lines = beside(&title.chain(block.clone().map(named)).collect::<Vec<_>>());
        for (row, cells) in heat.rows.iter().zip(&heat.cells) {
            let label = std::iter::once((labels + 2, self.folded(&row.label, labels)));
            let cell = |at: usize| {
                let cell = cells.get(at).and_then(Option::as_ref);
                (wide(at), cell.map(|cell| self.cell(cell, columns[at])).unwrap_or_default())
            };
            lines.extend(beside(&label.chain(block.clone().map(cell)).collect::<Vec<_>>()));
            if !row.tail.is_empty() && block.end == columns.len() {
                let room = self.width.saturating_sub(labels + 2);
                lines.extend(beside(&[(labels + 2, Vec::new()), (room, self.folded(&row.tail, room))]));
            }
        }
        lines
    }

    /// The number to the right, its shade behind it, and its sources.
    fn cell(&self, cell: &Heated, (wide, numbers): (usize, usize)) -> Vec<Line> {
        let mut lines = Vec::new();
        for text in self.fold(&cell.text, numbers) {
            let mut line = Line::default();
            line.pad(numbers.saturating_sub(width(&text)));
            line.add(&text);
            lines.push(line);
        }
        if let (Some(sign), Some(line)) = (self.shade(cell), lines.first_mut()) {
            line.add(" ");
            line.paint(&sign.repeat(2), self.hue(true));
        }
        match lines.first_mut().filter(|_| self.whole) {
            _ if cell.tail.is_empty() => {}
            Some(line) => {
                line.pad(numbers + 4);
                line.add(&cell.tail);
            }
            None => lines.extend(self.folded(&cell.tail, wide)),
        }
        lines
    }

    fn shade(&self, cell: &Heated) -> Option<&'static str> {
        let level = (cell.level? * self.signs.shades.len() as f64).ceil() as usize;
        level.checked_sub(1).and_then(|at| self.signs.shades.get(at)).copied()
    }
}

/// How a timeline's line is divided.
struct Columns {
    /// For the marks.
    wide: usize,
    dates: usize,
    /// For dates and labels.
    room: usize,
}

/// How long bars are.
struct Ruler {
    low: f64,
    high: f64,
    /// Cells before zero and after it.
    before: usize,
    after: usize,
}

impl Ruler {
    fn new((low, high): (f64, f64), room: usize) -> Ruler {
        if low >= 0.0 {
            return Ruler { low, high, before: 0, after: room.max(2) };
        }
        let room = room.saturating_sub(1).max(2);
        let before = ((room as f64 * part(0.0, low, high)).round() as usize).clamp(1, room - usize::from(high > 0.0));
        Ruler { low, high, before, after: (room - before).max(1) }
    }

    /// Where bars begin.
    fn zero(&self) -> usize {
        if self.before > 0 { self.before + 1 } else { 0 }
    }

    /// How many cells before zero a number takes.
    fn cells(&self, number: f64, cells: usize) -> usize {
        if number <= 0.0 { 0 } else { ((number / -self.low * cells as f64).round() as usize).clamp(1, cells) }
    }

    /// How many parts of cells after zero a number takes, `finest` to a cell.
    fn parts(&self, number: f64, finest: usize) -> usize {
        let all = self.after * finest;
        if number <= 0.0 { 0 } else { ((number / self.high * all as f64).round() as usize).clamp(1, all) }
    }
}

/// In which cell a day lies.
fn column(axis: &Axis, day: Day, wide: usize) -> usize {
    ((axis.part(day) * wide as f64) as usize).min(wide - 1)
}

/// The texts of the ticks, each above its own, the last ones moved back if they would stick out.
fn labels(axis: &Axis, wide: usize) -> String {
    let mut line = String::new();
    for tick in &axis.ticks {
        let at = column(axis, tick.day, wide).min(wide.saturating_sub(width(&tick.text)));
        if line.is_empty() || at > line.len() {
            line.extend(std::iter::repeat_n(' ', at - line.len()));
            line.push_str(&tick.text);
        }
    }
    line
}
