//! Rewrite rules: each gives the same answer with less work. They are named, listed in order, and can be left out.

mod days;
mod lead;
mod lists;
mod newest;
mod semijoin;
mod shape;
mod unused;
pub mod words;

use super::tree::Block;
use super::walk;

/// A rewrite of one block (with all blocks inside it).
pub struct Rule {
    pub name: &'static str,
    /// What it does, for EXPLAIN.
    pub help: &'static str,
    pub stage: Stage,
    /// Rewrites a block; says whether it changed anything.
    apply: fn(&mut Block) -> bool,
}

/// When rules are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Before it is looked for what can be computed beside the SQL: what nothing reads is left out.
    Tidying,
    /// On what SQL computes.
    Shaping,
}

/// All rules, in the order in which they are applied.
pub static RULES: &[Rule] = &[
    Rule {
        name: "drop-unused-columns",
        help: "columns of named blocks that nothing reads are not computed",
        stage: Stage::Tidying,
        apply: unused::columns,
    },
    Rule {
        name: "drop-unused-joins",
        help: "tables joined for a column that is no longer read are left out",
        stage: Stage::Tidying,
        apply: unused::joins,
    },
    Rule {
        name: "semi-join",
        help: "what a leader, a country or another known row narrows down is found first, and leads to the rows",
        stage: Stage::Shaping,
        apply: semijoin::drive,
    },
    Rule {
        name: "days-as-ids",
        help: "bounds on days are repeated as bounds on ids, which are in the order of the days",
        stage: Stage::Shaping,
        apply: days::as_ids,
    },
    Rule {
        name: "led-by-party",
        help: "meetings of one leader or country are read in the order of its index, so that nothing is gathered first",
        stage: Stage::Shaping,
        apply: lead::by_party,
    },
    Rule {
        name: "by-date-from-one-end",
        help: "the first or last rows by date are read by their ids from that end, until there are enough",
        stage: Stage::Shaping,
        apply: newest::from_one_end,
    },
    Rule {
        name: "lists-as-they-come",
        help: "lists of rows that are different anyway are neither grouped nor sorted",
        stage: Stage::Shaping,
        apply: lists::as_they_come,
    },
];

/// Which rules are applied; answers are the same with any of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chosen {
    #[default]
    All,
    None,
    /// All but the one at this place of [`RULES`].
    AllBut(usize),
}

impl Chosen {
    const fn has(self, position: usize) -> bool {
        match self {
            Chosen::All => true,
            Chosen::None => false,
            Chosen::AllBut(left_out) => left_out != position,
        }
    }
}

/// Applies the rules of a stage; returns those that changed something.
pub fn apply(block: &mut Block, chosen: Chosen, stage: Stage) -> Vec<&'static Rule> {
    let rules = RULES.iter().enumerate().filter(|(position, rule)| chosen.has(*position) && rule.stage == stage);
    rules.map(|(_, rule)| rule).filter(|rule| (rule.apply)(block)).collect()
}

/// Calls `visit` on a block and on every block inside it, the inner ones first.
fn each_block(block: &mut Block, visit: &mut dyn FnMut(&mut Block)) {
    walk::inner_blocks(block, &mut |inner| each_block(inner, visit));
    visit(block);
}
