//! Phrases: with whom, where, about what, when, and who says so.

use super::Writer;
use crate::oracle::data::EVENTS;
use bilat::catalog::{NounId, When};

impl Writer<'_> {
    pub(super) fn phrase(&self, noun: NounId) -> Option<String> {
        use NounId::*;
        let certainty = self.certainty();
        let time = (noun.noun().when != When::Never).then(|| self.date_phrase());
        let other = match noun {
            Meetings | Events | Pairs => match self.below(5) {
                0 | 1 => Some(format!("{certainty}WITH {}", self.party())),
                2 => Some(format!("{certainty}WITH ({} OR {})", self.party(), self.party())),
                3 if noun != Events => Some(format!("WITH {} AND {}", self.party(), self.party())),
                _ => Some(format!("WITHOUT {}", self.party())),
            },
            _ => None,
        };
        let place = match noun {
            Meetings => match self.below(5) {
                0 => Some(format!("AT {}", self.name(Events))),
                1 => Some(format!("AT {}", self.name(Places))),
                2 => Some(format!("ABOUT {}", self.name(Topics))),
                _ => Some(format!("{certainty}IN {}", self.area())),
            },
            Visits | Events => Some(format!("{certainty}IN {}", self.area())),
            _ => None,
        };
        let travel = match noun {
            Visits | Journeys if self.one_in(2) => Some(format!("{certainty}BY {}", self.party())),
            Visits | Journeys => Some(format!("{certainty}TO {}", self.area())),
            _ => None,
        };
        let says =
            matches!(noun, Meetings | Visits | Events).then(|| format!("ACCORDING TO {}", self.name(Publications)));
        let all: Vec<String> = [time, other, place, travel, says].into_iter().flatten().collect();
        (!all.is_empty()).then(|| self.rng.pick(&all).clone())
    }

    fn certainty(&self) -> &'static str {
        if self.one_in(4) { self.pick(&["POSSIBLY ", "CERTAINLY "]) } else { "" }
    }

    /// SINCE and its like, with a period of which the side that matters has an end.
    pub(super) fn date_phrase(&self) -> String {
        let certainty = self.certainty();
        let relation = self.pick(&["SINCE", "AFTER", "BEFORE", "UNTIL", "DURING", "OVERLAPS"]);
        let period = match (relation, self.below(10)) {
            ("SINCE" | "BEFORE" | "DURING" | "OVERLAPS", 0) => format!("{}..", self.date()),
            ("AFTER" | "UNTIL" | "DURING" | "OVERLAPS", 1) => format!("..{}", self.date()),
            (_, 2) => format!("event '{}'..2025", self.pick(EVENTS)),
            ("DURING" | "OVERLAPS", 3) => format!("event '{0}'..event '{0}'", self.pick(EVENTS)),
            _ => self.period(),
        };
        format!("{certainty}{relation} {period}")
    }

    pub(super) fn party(&self) -> String {
        use NounId::*;
        self.name(*self.rng.pick(&[Leaders, Leaders, Countries, Regions, Groups]))
    }

    pub(super) fn area(&self) -> String {
        use NounId::*;
        self.name(*self.rng.pick(&[Places, Countries, Regions, Groups]))
    }
}
