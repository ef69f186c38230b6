//! Rewrite rules: each gives the same answer with less work. They are named, listed in order, and can be left out.

mod unused;
pub mod words;

use super::tree::Block;
use super::walk;

/// A rewrite of one block (with all blocks inside it).
pub struct Rule {
    pub name: &'static str,
    /// What it does, for EXPLAIN.
    pub help: &'static str,
    /// Rewrites a block; says whether it changed anything.
    apply: fn(&mut Block) -> bool,
}

/// All rules, in the order in which they are applied.
pub static RULES: &[Rule] = &[
    Rule {
        name: "drop-unused-columns",
        help: "columns of named blocks that nothing reads are not computed",
        apply: unused::columns,
    },
    Rule {
        name: "drop-unused-joins",
        help: "tables joined for a column that is no longer read are left out",
        apply: unused::joins,
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

/// The first so many rules leave out what nothing reads; only what is left is looked at by those that compute blocks
/// beside the SQL.
const TIDYING: usize = 2;

/// Applies the rules that leave out what nothing reads; returns those that changed something.
pub fn tidy(block: &mut Block, chosen: Chosen) -> Vec<&'static Rule> {
    applied(block, chosen, |position| position < TIDYING)
}

/// Applies all other rules; returns those that changed something.
pub fn apply(block: &mut Block, chosen: Chosen) -> Vec<&'static Rule> {
    applied(block, chosen, |position| position >= TIDYING)
}

fn applied(block: &mut Block, chosen: Chosen, which: impl Fn(usize) -> bool) -> Vec<&'static Rule> {
    let rules = RULES.iter().enumerate().filter(|(position, _)| chosen.has(*position) && which(*position));
    rules.map(|(_, rule)| rule).filter(|rule| (rule.apply)(block)).collect()
}

/// Calls `visit` on a block and on every block inside it, the inner ones first.
fn each_block(block: &mut Block, visit: &mut dyn FnMut(&mut Block)) {
    walk::inner_blocks(block, &mut |inner| each_block(inner, visit));
    visit(block);
}
