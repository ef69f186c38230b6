//! Rows that are kept until the widest is known: in memory up to a measure, beyond it in a temporary file.
//!
//! They are kept close together in blocks, each text with its width. The file has no name and is gone with the process. So
//! a table of any length needs no more memory than this.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};

/// How many bytes of rows stay in memory.
const IN_MEMORY: usize = 64 << 20;
/// How many bytes of text a block has, or little more.
const BLOCK: usize = 1 << 20;

#[derive(Debug, Default)]
pub struct Spool {
    block: Block,
    kept: Vec<Block>,
    size: usize,
    rest: Option<File>,
}

/// Texts one after the other, each with where it ends and how wide it is.
#[derive(Debug, Default)]
struct Block {
    text: String,
    cells: Vec<(u32, u32)>,
}

impl Spool {
    /// Keeps a row: its texts, with how wide they are.
    pub fn push<'t>(&mut self, row: impl Iterator<Item = (&'t str, usize)>) -> io::Result<()> {
        let short = |number: usize| u32::try_from(number).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge));
        for (text, width) in row {
            self.block.text.push_str(text);
            self.block.cells.push((short(self.block.text.len())?, short(width)?));
        }
        if self.block.text.len() >= BLOCK { self.put_away() } else { Ok(()) }
    }

    fn put_away(&mut self) -> io::Result<()> {
        let block = std::mem::take(&mut self.block);
        self.size += block.text.len() + block.cells.len() * size_of::<(u32, u32)>();
        if self.size <= IN_MEMORY && self.rest.is_none() {
            self.kept.push(block);
            return Ok(());
        }
        let rest = match &mut self.rest {
            Some(rest) => rest,
            None => self.rest.insert(tempfile::tempfile()?),
        };
        block.save(rest)
    }

    /// Hands back row after row, each of so many texts with their widths.
    pub fn each(self, columns: usize, mut row: impl FnMut(&[(&str, usize)]) -> io::Result<()>) -> io::Result<()> {
        self.kept.iter().try_for_each(|block| block.each(columns, &mut row))?;
        if let Some(mut rest) = self.rest {
            rest.rewind()?;
            let mut rest = BufReader::new(rest);
            while let Some(block) = Block::load(&mut rest)? {
                block.each(columns, &mut row)?;
            }
        }
        self.block.each(columns, &mut row)
    }
}

impl Block {
    fn each(&self, columns: usize, row: &mut impl FnMut(&[(&str, usize)]) -> io::Result<()>) -> io::Result<()> {
        let mut begun = 0;
        let mut texts: Vec<(&str, usize)> = Vec::with_capacity(columns);
        for cells in self.cells.chunks(columns.max(1)) {
            texts.clear();
            for (end, width) in cells {
                texts.push((self.text.get(begun..*end as usize).unwrap_or_default(), *width as usize));
                begun = *end as usize;
            }
            row(&texts)?;
        }
        Ok(())
    }

    /// The length of the text and the number of cells, the cells, the text.
    fn save(&self, out: &mut File) -> io::Result<()> {
        let numbers = [(self.text.len() as u32, self.cells.len() as u32)];
        let numbers = numbers.iter().chain(&self.cells).flat_map(|(one, other)| [*one, *other]);
        let bytes: Vec<u8> = numbers.flat_map(u32::to_le_bytes).chain(self.text.bytes()).collect();
        out.write_all(&bytes)
    }

    /// The next block, if there is one.
    fn load(file: &mut impl Read) -> io::Result<Option<Block>> {
        let pair = |file: &mut dyn Read| -> io::Result<(u32, u32)> {
            let mut bytes = [[0; 4]; 2];
            bytes.iter_mut().try_for_each(|bytes| file.read_exact(bytes))?;
            let [one, other] = bytes.map(u32::from_le_bytes);
            Ok((one, other))
        };
        let (length, count) = match pair(file) {
            Ok(numbers) => numbers,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        };
        let cells = (0..count).map(|_| pair(file)).collect::<io::Result<Vec<_>>>()?;
        let mut text = String::new();
        file.take(u64::from(length)).read_to_string(&mut text)?;
        Ok(Some(Block { text, cells }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_went_in_memory_and_beyond() {
        let long = "习".repeat(IN_MEMORY / 9);
        let mut rows: Vec<[&str; 2]> = vec![["a", ""], ["习\u{1f}\n", "b"]];
        rows.extend([[long.as_str(), "1"], ["", &long], [&long, "end"], ["c", &long], ["d", "e"]]);
        let mut spool = Spool::default();
        for row in &rows {
            spool.push(row.iter().map(|text| (*text, text.chars().count()))).unwrap();
        }
        assert!(spool.rest.is_some() && !spool.kept.is_empty());
        let mut back = 0;
        let check = |texts: &[(&str, usize)]| {
            assert!(texts.iter().map(|(text, _)| *text).eq(rows[back].iter().copied()));
            assert!(texts.iter().all(|(text, width)| text.chars().count() == *width));
            back += 1;
            Ok(())
        };
        spool.each(2, check).unwrap();
        assert_eq!(back, rows.len());
    }
}
