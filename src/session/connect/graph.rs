//! Who met whom: columns of participants, with ways from a meeting to its parties and from a party to its meetings.
//!
//! Where columns are packed they are read as they stand, and nothing is made but a set of the meetings that may be links,
//! a bit each. Otherwise the same columns are made of the rows that SQL gives, with [`BYTES`] a participant meanwhile.

use crate::bind::tree::Thing;
use crate::catalog::NounId;
use crate::diagnostic::Diagnostic;
use crate::packed::{Bits, Column, Data, Failure, Found, Index, NOTHING, Rows, Values, Which};
use crate::value::date::Day;
use std::cell::Cell;
use std::sync::Arc;

/// A party by its number: leaders first, then countries whose leaders are not known.
pub(super) type Party = u32;

/// A meeting by its number; they are in the order of dates.
pub(super) type Meeting = u32;

/// What a participant takes at most while columns are made of rows.
pub(super) const BYTES: usize = 128;

/// Whether to go on.
pub(super) type GoOn<'s> = Box<dyn Fn() -> Result<(), Diagnostic> + 's>;

/// A participant as SQL gives it, in the order of meetings.
pub(super) struct Told {
    pub meeting: i64,
    pub first: Day,
    pub last: Day,
    /// [`NOTHING`] where not known.
    pub leader: i64,
    pub country: i64,
}

pub(super) struct Graph<'s> {
    meeting: Arc<Column>,
    leader: Side,
    country: Side,
    by_meeting: Arc<Index>,
    /// The first and the last day of each meeting, where chains rise.
    days: Option<[Arc<Column>; 2]>,
    /// The greatest number of a meeting.
    last: Meeting,
    /// The meetings that may be links.
    open: Bits,
    /// Of each meeting its id, where that is not its number.
    ids: Option<Vec<i64>>,
    go_on: GoOn<'s>,
    steps: Cell<u32>,
}

/// One column that tells who someone is.
struct Side {
    column: Arc<Column>,
    index: Arc<Index>,
    /// Of each value its id, where that is not the value; upwards.
    ids: Option<Vec<i64>>,
}

/// Room for the parties of a meeting, kept from one to the next.
#[derive(Default)]
pub(super) struct Crowd {
    leaders: Vec<i64>,
    countries: Vec<i64>,
    pub parties: Vec<Party>,
}

/// Room for the meetings of a party.
#[derive(Default)]
pub(super) struct Diary {
    seats: Vec<u32>,
    values: Vec<i64>,
    /// Upwards.
    pub meetings: Vec<Meeting>,
}

impl Side {
    fn packed(data: &Data, name: &str) -> Result<Side, Failure> {
        let index = data.index("participants", name)?.ok_or(FAR_APART)?;
        Ok(Side { column: data.column("participants", name)?, index, ids: None })
    }

    /// Values as they come, numbered without gaps.
    fn of(values: Vec<i64>) -> Option<Side> {
        let mut ids: Vec<i64> = values.iter().copied().filter(|value| *value != NOTHING).collect();
        ids.sort_unstable();
        ids.dedup();
        let number = |value: i64| ids.binary_search(&value).ok().and_then(|at| i64::try_from(at).ok());
        let numbers = values.into_iter().map(|value| number(value).unwrap_or(NOTHING));
        let column = Column::of_numbers(numbers.collect());
        Some(Side { index: Arc::new(Index::of(&column)?), column: Arc::new(column), ids: Some(ids) })
    }

    /// How many values it may have.
    fn span(&self) -> u32 {
        u32::try_from(self.column.high - self.column.low + 1).unwrap_or(0)
    }

    /// The value that an id has.
    fn value(&self, id: i64) -> Option<i64> {
        match &self.ids {
            Some(ids) => ids.binary_search(&id).ok().and_then(|at| i64::try_from(at).ok()),
            None => Some(id),
        }
    }

    /// The id of a value, counted from the least.
    fn id(&self, place: u32) -> i64 {
        match &self.ids {
            Some(ids) => ids.get(place as usize).copied().unwrap_or(NOTHING),
            None => self.column.low + i64::from(place),
        }
    }

    /// The place of a value, counted from the least.
    fn place(&self, value: i64) -> Option<u32> {
        let place = u32::try_from(value.checked_sub(self.column.low)?).ok()?;
        (place < self.span()).then_some(place)
    }
}

const FAR_APART: Failure = Failure::Unfit("values that lie far apart");

impl<'s> Graph<'s> {
    /// Over packed columns, of the meetings whose ids these are.
    pub(super) fn packed(data: &Data, meetings: &Rows, rising: bool, go_on: GoOn<'s>) -> Result<Graph<'s>, Failure> {
        let last = data.rows("meetings")?;
        let mut open = Bits::for_rows(last);
        let Some(Values::Numbers(ids)) = meetings.columns.first() else { return Err(Failure::Unfit("no ids")) };
        ids.iter().for_each(|id| open.insert(*id));
        let days = match rising {
            true => Some([data.column("meetings", "start_min")?, data.column("meetings", "end_max")?]),
            false => None,
        };
        Ok(Graph {
            meeting: data.column("participants", "meeting_id")?,
            leader: Side::packed(data, "leader_id")?,
            country: Side::packed(data, "country_id")?,
            by_meeting: data.index("participants", "meeting_id")?.ok_or(FAR_APART)?,
            days,
            last,
            open,
            ids: None,
            go_on,
            steps: Cell::new(0),
        })
    }

    /// Of rows; `None` where there are more than can be counted.
    pub(super) fn of(mut told: Vec<Told>, go_on: GoOn<'s>) -> Option<Graph<'s>> {
        told.retain(|told| told.leader != NOTHING || told.country != NOTHING);
        let mut ids: Vec<i64> = Vec::new();
        let mut days = [Vec::new(), Vec::new()];
        let mut numbers = Vec::with_capacity(told.len());
        for told in &told {
            if ids.last() != Some(&told.meeting) {
                ids.push(told.meeting);
                days[0].push(told.first);
                days[1].push(told.last);
            }
            numbers.push(i64::try_from(ids.len()).ok()?);
        }
        let last = u32::try_from(ids.len()).ok()?;
        let mut open = Bits::for_rows(last);
        numbers.iter().for_each(|number| open.insert(*number));
        let meeting = Column::of_numbers(numbers);
        Some(Graph {
            by_meeting: Arc::new(Index::of(&meeting)?),
            meeting: Arc::new(meeting),
            leader: Side::of(told.iter().map(|told| told.leader).collect())?,
            country: Side::of(told.iter().map(|told| told.country).collect())?,
            days: Some(days.map(|days| Arc::new(Column::of_numbers(days)))),
            last,
            open,
            ids: Some(ids),
            go_on,
            steps: Cell::new(0),
        })
    }

    /// With the days that let most meetings follow each other.
    pub(super) fn at_best(mut self) -> Graph<'s> {
        self.days = self.days.map(|[first, last]| [last, first]);
        self
    }

    /// How many numbers of parties there are.
    pub(super) fn count(&self) -> usize {
        self.leader.span() as usize + self.country.span() as usize
    }

    /// The greatest number of a meeting.
    pub(super) fn last(&self) -> Meeting {
        self.last
    }

    /// A set of meetings, empty.
    pub(super) fn nothing(&self) -> Bits {
        Bits::for_rows(self.last)
    }

    /// How many meetings with a party may be links.
    ///
    /// # Errors
    /// When someone stops it.
    pub(super) fn met(&self) -> Result<usize, Diagnostic> {
        let mut crowd = Crowd::default();
        let mut met = 0;
        for meeting in self.open.rows() {
            self.step()?;
            self.parties(meeting, &mut crowd);
            met += usize::from(!crowd.parties.is_empty());
        }
        Ok(met)
    }

    pub(super) fn id(&self, meeting: Meeting) -> i64 {
        match &self.ids {
            Some(ids) => ids.get((meeting as usize).wrapping_sub(1)).copied().unwrap_or(NOTHING),
            None => i64::from(meeting),
        }
    }

    /// Who a party is.
    pub(super) fn who(&self, party: Party) -> (NounId, i64) {
        match party.checked_sub(self.leader.span()) {
            None => (NounId::Leaders, self.leader.id(party)),
            Some(place) => (NounId::Countries, self.country.id(place)),
        }
    }

    /// Whether it is that leader: nobody is led to himself.
    pub(super) fn is(&self, party: Party, thing: &Thing) -> bool {
        thing.noun == NounId::Leaders && self.who(party) == (NounId::Leaders, thing.id)
    }

    /// Called at each meeting: from time to time it asks whether to go on.
    ///
    /// # Errors
    /// When not.
    pub(super) fn step(&self) -> Result<(), Diagnostic> {
        const OFTEN: u32 = 4096;
        self.steps.set(self.steps.get().wrapping_add(1));
        if self.steps.get().is_multiple_of(OFTEN) { (self.go_on)() } else { Ok(()) }
    }

    /// The first and the last day of a meeting, where days are known.
    pub(super) fn days(&self, meeting: Meeting) -> (Day, Day) {
        self.days.as_ref().map_or((0, 0), |[first, last]| (first.value(meeting), last.value(meeting)))
    }

    /// The days of several meetings.
    pub(super) fn all_days(&self, meetings: &[Meeting], days: &mut [Vec<Day>; 2]) {
        for (column, days) in self.days.iter().flatten().zip(days) {
            column.load(Which::Each(meetings), days);
        }
    }

    fn party(&self, leader: i64, country: i64) -> Option<Party> {
        match leader {
            NOTHING => self.country.place(country).map(|place| place + self.leader.span()),
            leader => self.leader.place(leader),
        }
    }

    /// The parties of a meeting, in their order.
    pub(super) fn parties(&self, meeting: Meeting, crowd: &mut Crowd) {
        let seats = self.by_meeting.find(i64::from(meeting));
        load(&self.leader.column, seats, &mut crowd.leaders);
        crowd.parties.clear();
        if !crowd.leaders.contains(&NOTHING) {
            crowd.parties.extend(crowd.leaders.iter().filter_map(|leader| self.leader.place(*leader)));
            return;
        }
        load(&self.country.column, seats, &mut crowd.countries);
        let both = crowd.leaders.iter().zip(&crowd.countries);
        crowd.parties.extend(both.filter_map(|(leader, country)| self.party(*leader, *country)));
    }

    /// How many seats a party has at most: how far it leads.
    pub(super) fn weight(&self, party: Party) -> usize {
        match party.checked_sub(self.leader.span()) {
            None => self.leader.index.find(self.leader.column.low + i64::from(party)).len(),
            Some(place) => self.country.index.find(self.country.column.low + i64::from(place)).len(),
        }
    }

    /// The meetings of a party, upwards.
    pub(super) fn meetings(&self, party: Party, diary: &mut Diary) {
        diary.seats.clear();
        match party.checked_sub(self.leader.span()) {
            None => {
                let found = self.leader.index.find(self.leader.column.low + i64::from(party));
                found.for_each(|seat| diary.seats.push(seat));
            }
            Some(place) => {
                let found = self.country.index.find(self.country.column.low + i64::from(place));
                found.for_each(|seat| diary.seats.push(seat));
                self.leader.column.load(Which::Each(&diary.seats), &mut diary.values);
                let mut leaders = diary.values.iter();
                diary.seats.retain(|_| leaders.next() == Some(&NOTHING));
            }
        }
        self.meeting.load(Which::Each(&diary.seats), &mut diary.values);
        diary.meetings.clear();
        let open = diary.values.iter().filter(|meeting| self.open.has(**meeting));
        diary.meetings.extend(open.filter_map(|meeting| u32::try_from(*meeting).ok()));
        diary.meetings.sort_unstable();
        diary.meetings.dedup();
    }

    /// The meetings with those who are that leader, or stand for that country, upwards.
    pub(super) fn ends(&self, thing: &Thing) -> Vec<(Meeting, Party)> {
        let side = if thing.noun == NounId::Leaders { &self.leader } else { &self.country };
        let Some(value) = side.value(thing.id) else { return Vec::new() };
        let seats = side.index.find(value);
        let (mut meetings, mut leaders, mut countries) = (Vec::new(), Vec::new(), Vec::new());
        load(&self.meeting, seats, &mut meetings);
        load(&self.leader.column, seats, &mut leaders);
        load(&self.country.column, seats, &mut countries);
        let all = meetings.into_iter().zip(leaders.into_iter().zip(countries));
        let open = all.filter(|(meeting, _)| self.open.has(*meeting));
        let ends = open.filter_map(|(meeting, (leader, country))| {
            Some((u32::try_from(meeting).ok()?, self.party(leader, country)?))
        });
        let mut ends: Vec<(Meeting, Party)> = ends.collect();
        ends.sort_by_key(|(meeting, _)| *meeting);
        ends
    }
}

/// The ends at one meeting.
pub(super) fn at(ends: &[(Meeting, Party)], meeting: Meeting) -> &[(Meeting, Party)] {
    let begin = ends.partition_point(|(known, _)| *known < meeting);
    let rest = ends.get(begin..).unwrap_or(&[]);
    let count = rest.iter().take_while(|(known, _)| *known == meeting).count();
    rest.get(..count).unwrap_or(&[])
}

fn load(column: &Column, rows: Found<'_>, out: &mut Vec<i64>) {
    match rows {
        Found::Range(first, end) => column.load(Which::Range(first, end.saturating_sub(first) as usize), out),
        Found::Each(rows) => column.load(Which::Each(rows), out),
    }
}
