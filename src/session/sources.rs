//! CITE: the publications behind the rows shown, numbered in the order in which they first come.

use crate::answer::CitedSource;
use crate::diagnostic::Diagnostic;
use crate::sql::{Parameter, SqlQuery};
use crate::store::Database;
use std::collections::HashMap;

pub struct Sources<'a> {
    database: &'a Database,
    /// Of each account seen: its publication.
    accounts: HashMap<i64, Option<i64>>,
    /// Publications in the order of their numbers, with the locators that rows refer to.
    publications: Vec<(i64, Vec<String>)>,
    failure: Option<Diagnostic>,
}

impl<'a> Sources<'a> {
    pub fn new(database: &'a Database) -> Self {
        Sources { database, accounts: HashMap::new(), publications: Vec::new(), failure: None }
    }

    /// The numbers of the publications of these accounts (a JSON list of ids), each once.
    pub fn numbers(&mut self, accounts: &str) -> Vec<usize> {
        let ids: Vec<Option<i64>> = serde_json::from_str(accounts).unwrap_or_default();
        let mut numbers: Vec<usize> = ids.into_iter().flatten().filter_map(|id| self.number(id)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    fn number(&mut self, account: i64) -> Option<usize> {
        let publication = match self.accounts.get(&account) {
            Some(known) => *known,
            None => self.look_up(account),
        }?;
        self.publications.iter().position(|(known, _)| *known == publication).map(|at| at + 1)
    }

    fn look_up(&mut self, account: i64) -> Option<i64> {
        let text = "SELECT \"publication_id\" AS c0, \"locator\" AS c1 FROM \"accounts\" WHERE \"id\" = ?1".to_string();
        let query = SqlQuery::new(text, vec![Parameter::Integer(account)]);
        let found = match self.database.collect(&query, |row| (row.integer(0), row.text(1))) {
            Ok(rows) => rows.into_iter().next(),
            Err(diagnostic) => {
                self.failure = Some(diagnostic);
                None
            }
        };
        self.accounts.insert(account, found.as_ref().map(|(publication, _)| *publication));
        let (publication, locator) = found?;
        let at = match self.publications.iter().position(|(known, _)| *known == publication) {
            Some(at) => at,
            None => {
                self.publications.push((publication, Vec::new()));
                self.publications.len() - 1
            }
        };
        if let Some(locator) = locator
            && !self.publications[at].1.contains(&locator)
        {
            self.publications[at].1.push(locator);
        }
        Some(publication)
    }

    /// The numbered sources.
    ///
    /// # Errors
    /// When the file could not be read.
    pub fn finish(self) -> Result<Vec<CitedSource>, Diagnostic> {
        if let Some(diagnostic) = self.failure {
            return Err(diagnostic);
        }
        let mut cited = Vec::new();
        for (publication, locators) in self.publications {
            let text = "SELECT \"title\" AS c0, \"publisher\" AS c1, \"published\" AS c2, \"address\" AS c3 \
                 FROM \"publications\" WHERE \"id\" = ?1";
            let query = SqlQuery::new(text.to_string(), vec![Parameter::Integer(publication)]);
            let rows = self.database.collect(&query, |row| CitedSource {
                title: row.text(0).unwrap_or_default(),
                publisher: row.text(1),
                published: row.text(2),
                address: row.text(3),
                locators: Vec::new(),
            })?;
            cited.extend(rows.into_iter().next().map(|source| CitedSource { locators, ..source }));
        }
        Ok(cited)
    }
}
