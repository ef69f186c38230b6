//! CONNECT: the fewest meetings from one to the other, earliest first among equals.
//!
//! Which meetings may be links is a question like any other ([`graph`]); the chain is found here, from both sides
//! ([`shortest`]) or, with RISING, where each meeting begins after the latest end of the one before, from the goal
//! ([`rising`]), and told forwards by date ([`walk`]). What is shown of its meetings is asked for them alone.

mod graph;
mod rising;
mod shortest;
mod walk;

use super::sources::Sources;
use super::verdict::possibly;
use super::{RunError, Session, counted, decode};
use crate::answer::{Cell, Chart, Closing, Column, ColumnKind, Head, Row, Sink};
use crate::bind::tree::{BoundConnect, BoundQuery, Condition, Conjunct, PathRef, Shape, Thing};
use crate::catalog::NounId;
use crate::diagnostic::{Diagnostic, running};
use crate::packed::{self, Data, Failure, NOTHING};
use crate::plan::lower::{chain, meetings};
use crate::plan::rules::{self, Stage};
use crate::plan::tree::{Block, Packed, Source, Truth, Value};
use crate::plan::{self, Plan};
use crate::sql;
use crate::store::{Ended, MOST_BYTES, Raw};
use graph::{Graph, Told};
use walk::Chain;

/// What is shown of a meeting, and its sources.
type Said = (Vec<Cell>, Vec<usize>);

impl Session {
    pub(super) fn connect(&self, connect: &BoundConnect, text: &str, sink: &mut dyn Sink) -> Result<(), RunError> {
        let graph = self.graph(&connect.meetings, connect.rising)?;
        let links = links(&graph, connect)?;
        let mut columns = [("step", ColumnKind::Number), ("from", ColumnKind::Name), ("to", ColumnKind::Name)]
            .map(|(name, kind)| Column { name: name.to_string(), kind })
            .to_vec();
        let plan = self.plan_of_one(&connect.meetings, 0);
        columns.extend(plan.columns.iter().map(|c| Column { name: c.name.clone(), kind: decode::kind(&c.decode) }));
        let date = columns.iter().position(|column| column.kind == ColumnKind::Date);
        let chart = date.map(|date| Chart::Timeline { date, until: None, labels: vec![1, 2] });
        let cited = plan.sources.is_some();
        sink.head(&Head { query: text.to_string(), columns, cited, chart, ..Head::default() })?;
        let mut sources = Sources::new(&self.database);
        for (step, link) in (1..).zip(links.iter().flatten()) {
            let (said, numbers) = self.said(connect, graph.id(link.meeting), &mut sources)?;
            let names = [self.name(graph.who(link.from))?, self.name(graph.who(link.to))?];
            let cells = std::iter::once(Cell::Integer(step)).chain(names).chain(said).collect();
            sink.row(&Row { cells, certain: true, sources: numbers })?;
        }
        let mut notes = Vec::new();
        let rising = if connect.rising { ", each on a later day than the one before" } else { "" };
        let count = links.as_ref().map_or(0, |links| links.len() as u64);
        let summary = match &links {
            Some(_) => {
                let meetings = counted(count, "meeting", "meetings");
                format!("{meetings} from {} to {}{rising}", connect.from.label, connect.to.label)
            }
            None => {
                notes.extend(absent(&graph, connect)?);
                let possible = self.graph(&possibly(&connect.meetings), connect.rising)?.at_best();
                if let Some(links) = self::links(&possible, connect)? {
                    let meetings = counted(links.len() as u64, "meeting", "meetings");
                    notes.push(format!("a chain of {meetings} is possible: date too vague"));
                }
                notes.push("that there is none rests on what this file holds".to_string());
                format!("no chain of meetings leads from {} to {}{rising}", connect.from.label, connect.to.label)
            }
        };
        let sources = sources.finish()?;
        sink.closing(&Closing { summary, count, count_possible: count, notes, sources })?;
        Ok(())
    }

    /// The meetings that may be links, with who took part.
    fn graph(&self, query: &BoundQuery, rising: bool) -> Result<Graph<'_>, Diagnostic> {
        let data = self.settings.packed.then(|| self.database.packed()).flatten();
        // One publication may tell of other days: there the order of ids is not that of dates.
        if let (Some(data), None) = (data, &query.according) {
            match self.packed_graph(query, rising, data) {
                Err(Failure::Unfit(_)) => {}
                Err(Failure::Ended(diagnostic)) => return Err(diagnostic),
                Ok(graph) => return Ok(graph),
            }
        }
        self.sql_graph(query)
    }

    /// Of rows that SQL gives.
    fn sql_graph(&self, query: &BoundQuery) -> Result<Graph<'_>, Diagnostic> {
        let mut block = chain(query, self.reference_of(query));
        self.tidied(&mut block);
        let too_many = || running::answer_too_large(MOST_BYTES >> 20);
        let mut told: Vec<Told> = Vec::new();
        let ended = self.database.query(&sql::translate(&block), |row| {
            let id = |at| if row.get(at) == Raw::Null { NOTHING } else { row.integer(at) };
            told.push(Told { meeting: id(0), first: id(1), last: id(2), leader: id(3), country: id(4) });
            if told.len() < MOST_BYTES / graph::BYTES { Ok(()) } else { Err(too_many()) }
        });
        match ended {
            Ok(()) => Graph::of(told, self.go_on()).ok_or_else(too_many),
            Err(Ended::Failed(diagnostic) | Ended::Receiver(diagnostic)) => Err(diagnostic),
        }
    }

    /// Over packed columns as they stand: only which meetings may be links is computed.
    fn packed_graph(&self, query: &BoundQuery, rising: bool, data: &Data) -> Result<Graph<'_>, Failure> {
        let mut block = meetings(query, self.reference_of(query));
        rules::apply(&mut block, self.settings.rules, Stage::Tidying);
        let rows = packed::compute(&Packed { block, most: None }, data)?;
        Graph::packed(data, &rows, rising, self.go_on())
    }

    fn go_on(&self) -> graph::GoOn<'_> {
        Box::new(|| self.database.go_on())
    }

    /// What a party is called.
    fn name(&self, (noun, id): (NounId, i64)) -> Result<Cell, Diagnostic> {
        let of = |name: &str| Value::column(0, name);
        let block = Block::new(Source::Table(noun.noun().name), 0)
            .columns(vec![of("label")])
            .filter(Truth::equal(of("id"), Value::integer(id)));
        let label = self.database.collect(&sql::translate(&block), |row| row.text(0))?;
        Ok(Cell::Text(label.into_iter().flatten().next().unwrap_or_default()))
    }

    /// Rewritten, but for what packed columns could do: that is more than a meeting, or its parties, are worth.
    fn tidied(&self, block: &mut Block) {
        rules::apply(block, self.settings.rules, Stage::Tidying);
        rules::apply(block, self.settings.rules, Stage::Shaping);
    }

    fn plan_of_one(&self, meetings: &BoundQuery, id: i64) -> Plan {
        let one = one_meeting(meetings, id);
        let mut plan = plan::lower::plan(&one, self.reference_of(&one));
        self.tidied(&mut plan.rows);
        plan
    }

    fn said(&self, connect: &BoundConnect, meeting: i64, sources: &mut Sources<'_>) -> Result<Said, RunError> {
        let plan = self.plan_of_one(&connect.meetings, meeting);
        let mut said = (Vec::new(), Vec::new());
        self.database.query(&sql::translate(&plan.rows), |raw| {
            let row = super::row(&plan, raw, sources);
            said = (row.cells, row.sources);
            Ok::<(), std::io::Error>(())
        })?;
        Ok(said)
    }
}

/// One of the meetings with what is shown of it: who took part stands beside it already.
fn one_meeting(meetings: &BoundQuery, id: i64) -> BoundQuery {
    let columns = match &meetings.shape {
        Shape::Rows { columns } => columns.iter().filter(|column| column.name != "participants").cloned().collect(),
        Shape::Groups(_) => Vec::new(),
    };
    let things = vec![Thing { noun: NounId::Meetings, id, label: String::new() }];
    let condition = Condition::Is { entity: PathRef::row(0, NounId::Meetings), things };
    BoundQuery {
        cite: meetings.cite,
        according: meetings.according.clone(),
        ..BoundQuery::rows(NounId::Meetings, vec![Conjunct { condition, text: String::new() }], columns)
    }
}

/// The chain, if there is one; who stands for a country is led to it by no meeting at all.
fn links(graph: &Graph<'_>, connect: &BoundConnect) -> Result<Option<Chain>, Diagnostic> {
    let (from, to) = (graph.ends(&connect.from), graph.ends(&connect.to));
    let there = |(meeting, one)| graph::at(&to, meeting).iter().any(|(_, other)| *other == one);
    if connect.from == connect.to || from.iter().copied().any(there) {
        return Ok(Some(Vec::new()));
    }
    // Nobody is led to himself.
    let but = |ends: Vec<_>, thing: &Thing| ends.into_iter().filter(|(_, party)| !graph.is(*party, thing)).collect();
    let (from, to): (Vec<_>, Vec<_>) = (but(from, &connect.to), but(to, &connect.from));
    if connect.rising { rising::rising(graph, &from, &to) } else { shortest::shortest(graph, &from, &to) }
}

/// Of which end there is no meeting at all.
fn absent(graph: &Graph<'_>, connect: &BoundConnect) -> Result<Vec<String>, Diagnostic> {
    let mut notes: Vec<String> = Vec::new();
    for thing in [&connect.from, &connect.to] {
        if graph.ends(thing).is_empty() {
            let all = match graph.met()? {
                0 => "there is no meeting".to_string(),
                1 => format!("{} did not take part in the 1 meeting", thing.label),
                many => format!("{} took part in none of the {many} meetings", thing.label),
            };
            notes.extend((!notes.contains(&all)).then_some(all));
        }
    }
    Ok(notes)
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::walk::Link;
    use super::*;
    use crate::bind::tree::BoundStatement;
    use crate::store::Database;

    /// Meetings on one day each, one after the other, with leaders by their numbers and the countries they stand for.
    fn graph(meetings: &[(i64, &[(i64, i64)])]) -> Graph<'static> {
        let all = (0..).zip(meetings).flat_map(|(meeting, (day, leaders))| {
            let told = move |(leader, country)| Told { meeting, first: *day, last: *day, leader, country };
            leaders.iter().copied().map(told)
        });
        Graph::of(all.collect(), Box::new(|| Ok(()))).unwrap()
    }

    fn thing(noun: NounId, id: i64) -> Thing {
        Thing { noun, id, label: String::new() }
    }

    /// The meetings of the chain, counted from 0, without RISING and with it.
    fn chains(graph: &Graph<'_>, from: Thing, to: Thing) -> [Option<Vec<i64>>; 2] {
        let meetings = BoundQuery::rows(NounId::Meetings, Vec::new(), Vec::new());
        let mut connect = BoundConnect { from, to, rising: false, meetings };
        [false, true].map(|rising| {
            connect.rising = rising;
            let chain = links(graph, &connect).unwrap();
            chain.map(|links| links.iter().map(|link| graph.id(link.meeting)).collect())
        })
    }

    #[test]
    fn of_those_who_could_hand_on_the_one_with_the_earliest_next_meeting_does() {
        let graph = graph(&[(1, &[(1, 0), (2, 0), (3, 0)]), (5, &[(3, 0), (9, 0)]), (7, &[(2, 0), (9, 0)])]);
        let (from, to) = (thing(NounId::Leaders, 1), thing(NounId::Leaders, 9));
        assert_eq!(chains(&graph, from, to), [Some(vec![0, 1]), Some(vec![0, 1])]);
    }

    #[test]
    fn a_country_takes_part_where_somebody_stands_for_it() {
        // Leader 2 stood for country 50 once, but not where 1 was met.
        let graph = graph(&[(1, &[(2, 50), (3, 0)]), (2, &[(1, 10), (2, 60)]), (3, &[(1, 10), (3, 0)])]);
        let (from, to) = (thing(NounId::Countries, 10), thing(NounId::Countries, 50));
        assert_eq!(chains(&graph, from, to), [Some(vec![2, 0]), None]);
    }

    #[test]
    fn packed_columns_are_read_as_they_stand_and_lead_to_the_same_chain() {
        let database = Database::bundled().unwrap();
        database.pack_from(0);
        let session = Session::new(database, Settings::default()).unwrap();
        let mut found = 0;
        for ends in ["Kim TO Orban", "Kim TO Zelenskyy", "Arce TO Xi", "'North Korea' TO Hungary"] {
            for more in ["", " RISING", " SINCE 2024-06", " SINCE 2024-06 RISING"] {
                let text = format!("CONNECT {ends}{more}");
                let prepared = session.compile(&text).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"));
                let BoundStatement::Connect(connect) = &prepared[0].statement else { panic!("{text}") };
                let packed = session.database.packed().unwrap();
                let packed = session.packed_graph(&connect.meetings, connect.rising, packed).unwrap();
                let plain = session.sql_graph(&connect.meetings).unwrap();
                let chain = |graph: &Graph<'_>| {
                    let link = |link: &Link| (graph.who(link.from), graph.who(link.to), graph.id(link.meeting));
                    links(graph, connect).unwrap().map(|links| links.iter().map(link).collect::<Vec<_>>())
                };
                assert_eq!(chain(&packed), chain(&plain), "{text}");
                assert_eq!(absent(&packed, connect).unwrap(), absent(&plain, connect).unwrap(), "{text}");
                found += chain(&packed).map_or(0, |chain| chain.len());
            }
        }
        assert!(found > 8, "{found}");
    }
}
