//! A table or an index as a tree of pages, filled from its first row to its last.

use super::image::{FIRST, Image, Kind, Page};
use super::record::varint;
use crate::diagnostic::{Diagnostic, running};

/// One tree. Rows come in their order.
#[derive(Debug)]
pub struct Tree {
    leaf: Page,
    /// The cell that is being made, and the length of the one before.
    cell: Vec<u8>,
    before: usize,
    /// Of an index: what stands between the last full page and the next, which is not begun.
    between: Option<Vec<u8>>,
    /// Pages that are written, each with what stands behind it in the page above.
    below: Vec<Below>,
    table: bool,
    last: i64,
}

/// A page with what is greatest in it (of a table), or greater than all in it and less than all in the next.
type Below = (u32, Vec<u8>);

impl Tree {
    pub fn table(page: usize) -> Tree {
        Tree::new(page, true)
    }

    pub fn index(page: usize) -> Tree {
        Tree::new(page, false)
    }

    fn new(page: usize, table: bool) -> Tree {
        let kind = if table { Kind::TableLeaf } else { Kind::IndexLeaf };
        let leaf = Page::new(kind, page, 0);
        Tree { leaf, cell: Vec::new(), before: 0, between: None, below: Vec::new(), table, last: i64::MIN }
    }

    /// One more row of a table, whose number is greater than those before.
    pub fn row(&mut self, image: &mut Image, id: i64, record: &[u8]) -> Result<(), Diagnostic> {
        self.cell.clear();
        varint(record.len() as u64, &mut self.cell);
        varint(id as u64, &mut self.cell);
        self.payload(image, record)?;
        if !self.leaf.fits(self.cell.len()) {
            self.turn(image)?;
        }
        self.leaf.add(&self.cell, &[]);
        self.last = id;
        Ok(())
    }

    /// Begins another leaf of a table.
    pub fn turn(&mut self, image: &mut Image) -> Result<(), Diagnostic> {
        let mut greatest = Vec::new();
        varint(self.last as u64, &mut greatest);
        self.below.push((image.push(self.leaf.finished(0))?, greatest));
        self.leaf.clear();
        Ok(())
    }

    /// One more entry of an index, greater than those before.
    pub fn entry(&mut self, image: &mut Image, record: &[u8]) -> Result<(), Diagnostic> {
        self.cell.clear();
        varint(record.len() as u64, &mut self.cell);
        self.payload(image, record)?;
        // Less than four bytes no cell takes.
        self.cell.resize(self.cell.len().max(4), 0);
        if let Some(between) = self.between.take() {
            self.below.push((image.push(self.leaf.finished(0))?, between));
            self.leaf.clear();
        } else if !self.leaf.fits(self.cell.len()) {
            self.between = Some(self.cell.clone());
            return Ok(());
        }
        self.leaf.add(&self.cell, &[]);
        self.before = self.cell.len();
        Ok(())
    }

    /// As much of a row as its page may hold, and where the rest is.
    fn payload(&mut self, image: &mut Image, record: &[u8]) -> Result<(), Diagnostic> {
        let size = image.page_size();
        let most = if self.table { size - 35 } else { (size - 12) * 64 / 255 - 23 };
        if record.len() <= most {
            self.cell.extend_from_slice(record);
            return Ok(());
        }
        // The rest fills its pages, if that leaves as much as may stay.
        let least = (size - 12) * 32 / 255 - 23;
        let full = least + (record.len() - least) % (size - 4);
        let (local, rest) = record.split_at(if full <= most { full } else { least });
        self.cell.extend_from_slice(local);
        self.cell.extend_from_slice(&image.overflow(rest)?.to_be_bytes());
        Ok(())
    }

    /// Writes what is left, and the pages above; the number of the topmost.
    pub fn finish(mut self, image: &mut Image) -> Result<u32, Diagnostic> {
        self.close(image)?;
        let size = image.page_size();
        while let [_, _, ..] = self.below.as_slice() {
            let below = std::mem::take(&mut self.below);
            for group in groups(&below, Page::new(self.inner(), size, 0).room()) {
                let (mut page, last) = self.above(group, size, 0);
                self.below.push((image.push(page.finished(last.0))?, last.1));
            }
        }
        self.below.first().map(|(root, _)| *root).ok_or_else(|| running::bug("a tree without a page"))
    }

    /// The same, with the topmost page as the first one of the file, which is given.
    pub fn finish_first(mut self, image: &mut Image) -> Result<Vec<u8>, Diagnostic> {
        self.close(image)?;
        let size = image.page_size();
        let room = Page::new(self.inner(), size, FIRST).room();
        match groups(&self.below, room).as_slice() {
            [all] if all.len() > 1 => {
                let (mut page, last) = self.above(all, size, FIRST);
                Ok(page.finished(last.0).to_vec())
            }
            _ => Err(running::bug("a schema that does not fit")),
        }
    }

    /// Writes the last leaf.
    fn close(&mut self, image: &mut Image) -> Result<(), Diagnostic> {
        if let Some(last) = self.between.take() {
            // What was to stand between would have nothing behind it: the one before stands there.
            let before = self.leaf.pop(self.before);
            self.below.push((image.push(self.leaf.finished(0))?, before));
            self.leaf.clear();
            self.leaf.add(&last, &[]);
        }
        self.turn(image)
    }

    const fn inner(&self) -> Kind {
        if self.table { Kind::TableInner } else { Kind::IndexInner }
    }

    /// A page above others, and the last of them.
    fn above(&self, group: &[Below], size: usize, head: usize) -> (Page, Below) {
        let mut page = Page::new(self.inner(), size, head);
        let (last, cells) = group.split_last().map_or((Below::default(), group), |(last, cells)| (last.clone(), cells));
        cells.iter().for_each(|(child, key)| page.add(&child.to_be_bytes(), key));
        (page, last)
    }
}

/// As many as a page above can hold each, one of which needs no cell; never one alone behind others.
fn groups(below: &[Below], room: usize) -> Vec<&[Below]> {
    let mut ends = Vec::new();
    let mut left = room;
    for (at, (_, key)) in below.iter().enumerate() {
        let cell = 4 + key.len() + 2;
        if cell > left {
            // It is the last child of this page.
            ends.push(at + 1);
            left = room;
        } else {
            left -= cell;
        }
    }
    match ends.last_mut() {
        Some(end) if *end == below.len() => {}
        Some(end) => {
            if *end + 1 == below.len() {
                *end -= 1;
            }
            ends.push(below.len());
        }
        None => ends.push(below.len()),
    }
    let begins = std::iter::once(0).chain(ends.iter().copied());
    begins.zip(&ends).filter_map(|(from, to)| below.get(from..*to)).collect()
}
