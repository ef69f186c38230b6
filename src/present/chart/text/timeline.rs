//! A timeline: marks on one axis of days, and on their right what each is.

use super::super::axis::Axis;
use super::super::line::{Line, beside, width};
use super::super::model::{Dated, Span, Timeline};
use super::{Page, SHORTEST};
use crate::value::date::Day;

impl Page {
    pub(super) fn timeline(&self, timeline: &Timeline) -> Vec<String> {
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
}

/// How a timeline's line is divided.
struct Columns {
    /// For the marks.
    wide: usize,
    dates: usize,
    /// For dates and labels.
    room: usize,
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
