//! An axis of days: where it begins and ends, and the ticks that there is room for.

use super::model::Span;
use crate::value::date::{Day, DayRange, DayText};
use crate::value::period::{Period, Unit};

/// Days along a line.
pub struct Axis {
    pub first: Day,
    pub last: Day,
    pub ticks: Vec<Tick>,
}

pub struct Tick {
    pub day: Day,
    /// The day, month or year that begins there, as a query writes it.
    pub text: String,
}

type Step = (Option<Unit>, i64, i64);

/// The distances between ticks, from the finest: a unit (none: days), how many of it, and about how many
/// days that is.
const STEPS: &[Step] = &[
    (None, 1, 1),
    (None, 2, 2),
    (Some(Unit::Week), 1, 7),
    (Some(Unit::Month), 1, 30),
    (Some(Unit::Month), 2, 60),
    (Some(Unit::Month), 3, 91),
    (Some(Unit::Month), 6, 182),
    (Some(Unit::Year), 1, 365),
    (Some(Unit::Year), 2, 730),
    (Some(Unit::Year), 5, 1826),
    (Some(Unit::Year), 10, 3652),
    (Some(Unit::Year), 20, 7305),
    (Some(Unit::Year), 50, 18_262),
    (Some(Unit::Year), 100, 36_524),
    (Some(Unit::Year), 200, 73_048),
    (Some(Unit::Year), 500, 182_621),
    (Some(Unit::Year), 1000, 365_242),
    (Some(Unit::Year), 2000, 730_485),
];

impl Axis {
    /// Over all days that the spans name, `room` wide, where a text with its distance takes `width`; nothing without any
    /// day.
    pub fn over(spans: &[Span], room: f64, width: impl Fn(&str) -> f64) -> Option<Axis> {
        let days = || spans.iter().flat_map(|span| span.days());
        let (mut first, mut last) = (days().min()?, days().max()?);
        // An arrow towards an open end wants a place of its own.
        let margin = (last - first) / 20 + 1;
        first -= if spans.iter().any(|span| span.first.is_none()) { margin } else { 0 };
        last += if spans.iter().any(|span| span.last.is_none()) { margin } else { 0 };
        let axis = |step: &Step| {
            let ticks = ticks(step, first, last, room, &width)?;
            Some(Axis { first: ticks.first().map_or(first, |tick| tick.day.min(first)), last, ticks })
        };
        Some(STEPS.iter().find_map(axis).unwrap_or(Axis { first, last, ticks: Vec::new() }))
    }

    /// Where a day begins, as a part of the whole from 0 to 1.
    pub fn part(&self, day: Day) -> f64 {
        let days = (self.last - self.first + 1).max(1) as f64;
        ((day - self.first) as f64 / days).clamp(0.0, 1.0)
    }
}

/// The ticks of a step, from the one at or before the first day; nothing if they would stand too close.
fn ticks(step: &Step, first: Day, last: Day, room: f64, width: impl Fn(&str) -> f64) -> Option<Vec<Tick>> {
    let (unit, count, about) = *step;
    let days = (last - first + 1) as f64;
    if days / about as f64 > room {
        return None;
    }
    let mut ticks: Vec<Tick> = Vec::new();
    let mut number = number(unit, first).div_euclid(count) * count;
    while let Some(tick) = tick(unit, number).filter(|tick| tick.day <= last) {
        let days = (last - ticks.first().map_or(tick.day, |tick| tick.day) + 1) as f64;
        if let Some(before) = ticks.last()
            && (tick.day - before.day) as f64 / days * room < width(&before.text)
        {
            return None;
        }
        ticks.push(tick);
        number += count;
    }
    (!ticks.is_empty()).then_some(ticks)
}

/// Days are numbered as they are, all else as periods.
fn number(unit: Option<Unit>, day: Day) -> i64 {
    unit.map_or(day, |unit| unit.number(day))
}

fn tick(unit: Option<Unit>, number: i64) -> Option<Tick> {
    let text = match unit {
        None => DayText(number).to_string(),
        Some(Unit::Year) => format!("{number:04}"),
        // A week is known by its Monday.
        Some(Unit::Week) => {
            let week = Period { unit: Unit::Week, number }.to_string();
            DayText(DayRange::parse(&week).ok()?.first).to_string()
        }
        Some(unit) => Period { unit, number }.to_string(),
    };
    let day = DayRange::parse(&text).ok()?.first;
    Some(Tick { day, text })
}
