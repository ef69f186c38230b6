//! Bars, labels on their left and numbers at their ends.

use super::super::line::{Line, beside, width};
use super::super::model::{Amount, Bars, Labelled, Scale, part};
use super::{Page, SHORTEST, USUAL};

impl Page {
    pub(super) fn bars(&self, bars: &Bars) -> Vec<String> {
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
