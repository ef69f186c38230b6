//! A table while its rows come.

use super::check::References;
use super::sorting::Sorting;
use crate::catalog::ddl::{Storage, Table};
use crate::diagnostic::{Diagnostic, running};
use crate::store::Progress;
use crate::store::format::{Columns, Encoder, Image, Index, Kept, Tree, Value, comparable};

pub struct Filling {
    pub table: &'static Table,
    indexes: Vec<&'static Index>,
    tree: Tree,
    encoder: Encoder,
    columns: Columns,
    /// The key of the row before, as bytes that can be compared, and room for the next.
    before: Vec<u8>,
    key: Vec<u8>,
}

impl Filling {
    pub fn new(table: &'static Table, indexes: Vec<&'static Index>, page: usize) -> Filling {
        let kept = (0..table.columns.len()).map(|at| {
            let column = table.columns.get(at);
            let indexed = indexes.iter().any(|index| index.by.contains(&at));
            match column {
                Some(column) if indexed || column.references.is_some() => match column.storage {
                    Storage::Text => Kept::Text,
                    Storage::Integer | Storage::Real => Kept::Number,
                },
                _ => Kept::Not,
            }
        });
        Filling {
            table,
            columns: Columns::of(&kept.collect::<Vec<_>>()),
            indexes,
            tree: if table.key == 0 { Tree::table(page) } else { Tree::index(page) },
            encoder: Encoder::default(),
            before: Vec::new(),
            key: Vec::new(),
        }
    }

    pub const fn is_empty(&self) -> bool {
        self.columns.rows() == 0
    }

    /// One more row.
    pub fn add(&mut self, image: &mut Image, values: &[Value<'_>]) -> Result<(), Diagnostic> {
        let wrong = |what: &str| running::bug(&format!("a row of {} {what}", self.table.name));
        let empty =
            |(column, value): (&crate::catalog::ddl::Column, &Value<'_>)| column.needed && *value == Value::Null;
        if values.len() != self.table.columns.len() || self.table.columns.iter().zip(values).any(empty) {
            return Err(wrong("without all its values"));
        }
        self.key.clear();
        values.iter().take(self.table.key.max(1)).for_each(|value| comparable(*value, &mut self.key));
        if self.columns.rows() > 0 && self.key <= self.before {
            return Err(wrong("that is there twice, or not in order"));
        }
        std::mem::swap(&mut self.key, &mut self.before);
        self.columns.add(values)?;
        match (self.table.key, values) {
            // The number of a row is not part of it.
            (0, [Value::Integer(id), others @ ..]) => {
                let record = std::iter::once(Value::Null).chain(others.iter().copied());
                self.tree.row(image, *id, self.encoder.record(record))
            }
            (0, _) => Err(wrong("without a number")),
            _ => self.tree.entry(image, self.encoder.record(values.iter().copied())),
        }
    }

    /// Writes what is left; the topmost page, and the indexes, which are to be written behind all tables.
    pub fn close(
        self,
        image: &mut Image,
        references: &mut References,
        progress: &Progress,
    ) -> Result<(u32, Sorting), Diagnostic> {
        for (at, column) in self.table.columns.iter().enumerate() {
            if let Some(target) = column.references {
                references.wants(target, self.columns.numbers(at));
            }
        }
        if self.table.key == 0 {
            references.has(self.table.name, self.columns.numbers(0));
        }
        let root = self.tree.finish(image)?;
        Ok((root, Sorting::begin(self.columns, self.indexes, self.table.key == 0, progress)))
    }
}
