//! Of each row of a noun, the rows of another whose link leads to it: to look through all for each would take the square
//! of the time.

use super::model::Model;
use crate::catalog::NounId;

/// Rows by the row that they lead to, in their order.
#[derive(Debug, Default)]
pub struct Led {
    /// Where those of each row begin, and behind the last where all end.
    begins: Vec<usize>,
    rows: Vec<usize>,
}

impl Led {
    /// The rows of a noun by where a link to one row leads.
    pub fn of(model: &Model, noun: NounId, link: &str, to: NounId) -> Led {
        let pairs = || model.of(noun).iter().enumerate().filter_map(|(at, entry)| Some((*entry.one.get(link)?, at)));
        let mut begins = vec![0; model.of(to).len() + 1];
        for (to, _) in pairs() {
            begins.get_mut(to + 1).into_iter().for_each(|count| *count += 1);
        }
        let mut sum = 0;
        for begin in &mut begins {
            sum += *begin;
            *begin = sum;
        }
        let (mut next, mut rows) = (begins.clone(), vec![0; sum]);
        for (to, at) in pairs() {
            if let Some(place) = next.get_mut(to) {
                rows.get_mut(*place).into_iter().for_each(|row| *row = at);
                *place += 1;
            }
        }
        Led { begins, rows }
    }

    pub fn to(&self, row: usize) -> &[usize] {
        let end = self.begins.get(row + 1).copied().unwrap_or_default();
        self.begins.get(row).and_then(|begin| self.rows.get(*begin..end)).unwrap_or_default()
    }
}
