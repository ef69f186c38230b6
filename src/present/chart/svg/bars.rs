//! Bars, labels on their left and numbers at their ends.

use super::super::model::{Amount, Bars, Labelled, Scale, part};
use super::canvas::{Anchor, BOLD, Canvas, LINE, WIDTH, folded, measured, widest};

/// How high a bar is, and how long the longest is at least.
const HEIGHT: f64 = 13.0;
const SHORTEST: f64 = 60.0;
/// What is not nothing is seen.
const LEAST: f64 = 2.0;
const GAP: f64 = 6.0;

pub fn draw(bars: &Bars, canvas: &mut Canvas) {
    for scale in &bars.scales {
        draw_scale(bars, scale, canvas);
        canvas.space(GAP);
    }
    if bars.scales.iter().any(Scale::is_vague) {
        canvas.key();
    }
}

/// Where things stand, from left to right.
struct Places {
    labels: f64,
    /// Where the names of several numbers begin, and how wide they are.
    names: Option<(f64, f64)>,
    bars: f64,
    zero: f64,
    /// The least and the greatest number, and how long their bars are.
    ends: (f64, f64),
    before: f64,
    after: f64,
    /// Whether numbers stand at the ends of bars rather than under them.
    beside: bool,
}

impl Places {
    fn of(bars: &Bars, scale: &Scale) -> Places {
        let labels = widest(bars.rows.iter().map(|row| row.label.as_str()), 180.0);
        let labels = labels.max((measured(&bars.named) * BOLD).min(180.0));
        let names =
            (scale.names.len() > 1).then(|| (labels + GAP, widest(scale.names.iter().map(String::as_str), 130.0)));
        let left = names.map_or(labels, |(from, wide)| from + wide) + GAP;
        // What is short stands behind the number, and has its room there.
        let tail = |row: &Labelled| if row.tail.is_empty() { 0.0 } else { measured(&row.tail) + GAP };
        let tails = bars.rows.iter().map(|row| Some(tail(row)).filter(|tail| *tail <= SHORTEST).unwrap_or(0.0));
        let numbers =
            tails.zip(&scale.rows).flat_map(|(tail, row)| row.iter().map(move |one| measured(&one.text) + tail));
        let numbers = numbers.fold(0.0, f64::max);
        let beside = left + SHORTEST + GAP + numbers <= WIDTH;
        let room = if beside { WIDTH - left - GAP - numbers } else { WIDTH - left };
        let (low, high) = scale.ends();
        let part = part(0.0, low, high);
        Places {
            labels,
            names,
            bars: left,
            zero: left + room * part,
            ends: (low, high),
            before: room * part,
            after: room * (1.0 - part),
            beside,
        }
    }

    fn x(&self, number: f64) -> f64 {
        let (low, high) = self.ends;
        match number {
            number if number < 0.0 => self.zero - number / low * self.before,
            number if number > 0.0 => self.zero + number / high * self.after,
            _ => self.zero,
        }
    }
}

fn draw_scale(bars: &Bars, scale: &Scale, canvas: &mut Canvas) {
    let places = Places::of(bars, scale);
    let bold = " font-weight=\"bold\"";
    let title =
        if scale.names.len() > 1 { Vec::new() } else { folded(&scale.names.concat(), (WIDTH - places.bars) / BOLD) };
    let left = canvas.lines(0.0, canvas.y, &folded(&bars.named, places.labels / BOLD), bold);
    let right = canvas.lines(places.bars, canvas.y, &title, bold);
    canvas.space(left.max(right) + 3.0);
    let top = canvas.y;
    for (row, amounts) in bars.rows.iter().zip(&scale.rows) {
        let label = folded(&row.label, places.labels);
        let height = canvas.lines(0.0, canvas.y, &label, "");
        let mut y = canvas.y;
        for (name, amount) in scale.names.iter().zip(amounts) {
            y = bar(name, amount, row, &places, y, canvas);
        }
        canvas.y = (canvas.y + height).max(y) + if label.len() > 1 || amounts.len() > 1 { 4.0 } else { 0.0 };
    }
    canvas.rule(places.zero, top, canvas.y);
}

/// One bar from `y` on; says where the next begins.
fn bar(name: &str, amount: &Amount, row: &Labelled, places: &Places, y: f64, canvas: &mut Canvas) -> f64 {
    let named = places.names.map_or(0.0, |(x, wide)| canvas.lines(x, y, &folded(name, wide), ""));
    let mut end = places.zero;
    if let Some(extent) = amount.extent {
        let at = |low: f64, high: f64| (places.x(low), (places.x(high) - places.x(low)).max(LEAST));
        let top = y + (LINE - HEIGHT) / 2.0;
        if extent.whole != extent.sure {
            for (from, to) in [(extent.whole.0, extent.sure.0), (extent.sure.1, extent.whole.1)] {
                let (x, wide) = at(from, to);
                if from < to {
                    canvas.possible(x, top, wide, HEIGHT);
                }
            }
        }
        if extent.sure != (0.0, 0.0) {
            let (x, wide) = at(extent.sure.0, extent.sure.1);
            canvas.sure(x, top, wide, HEIGHT);
        }
        end = end.max(places.x(extent.whole.1));
    }
    let x = end + GAP;
    let baseline = y + LINE - 5.0;
    let tail = if places.beside {
        canvas.text(x, baseline, &amount.text, Anchor::Start, "");
        row.tail.clone()
    } else {
        format!("{} {}", amount.text, row.tail)
    };
    let behind = x + measured(&amount.text) + GAP;
    if places.beside && (tail.is_empty() || behind + measured(&tail) <= WIDTH) {
        canvas.text(behind, baseline, &tail, Anchor::Start, " fill-opacity=\".75\"");
        return y + LINE.max(named);
    }
    let under = Some(tail.trim_end()).filter(|tail| !tail.is_empty()).map(|tail| folded(tail, WIDTH - places.bars));
    let under = canvas.lines(places.bars, y + LINE, &under.unwrap_or_default(), "");
    y + (LINE + under).max(named)
}
