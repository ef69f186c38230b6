//! An index of words as bytes: what is written, and what of it is believed when it is read.
//!
//! | part | bytes |
//! |---|---|
//! | head | [`HEAD`]: the mark, the versions of Unicode, the last id, the numbers of words, of bytes of words and of bytes of lists, the sum of the directory |
//! | directory | ends of the words, ends of the lists (4 bytes each), sums of the blocks of lists (8 bytes each), the words, each with a line's end behind it |
//! | lists | of each word the ids that have it: the first, then differences, 7 bits a byte, the lowest first |
//!
//! Numbers begin with their lowest byte. The head has a sum of its own. Of the lists only those blocks are read that a
//! search needs, each checked by its sum.

use crate::store::cache::checksum;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;

const MARK: &[u8; 8] = b"bilatwrd";

/// Mark, versions, four numbers, sum of the directory, sum of the head.
pub const HEAD: usize = 8 + 8 + 4 * 8 + 8 + 8;

/// So many bytes of lists have one sum.
const BLOCK: usize = 1 << 14;

/// Lists are read at once where they lie no further apart.
const NEAR: usize = 4 * BLOCK;

/// A word folded by other tables of characters might be another.
fn versions() -> [u8; 8] {
    let (a, b) = (unicode_normalization::UNICODE_VERSION, char::UNICODE_VERSION);
    [a.0, a.1, a.2, b.0, b.1, b.2, 0, 0]
}

/// Writes an index; whether it fits the form, whose numbers have 32 bits.
///
/// # Errors
/// Those of `out`.
pub fn write(last: u32, words: &[&str], lists: &[&[u8]], out: &mut dyn Write) -> io::Result<bool> {
    let Some((text_ends, text)) = ends(words.iter().map(|word| word.len() + 1)) else { return Ok(false) };
    let Some((list_ends, bytes)) = ends(lists.iter().map(|list| list.len())) else { return Ok(false) };
    let lists = lists.concat();
    let mut directory = Vec::with_capacity(8 * words.len() + text);
    directory.extend(text_ends.into_iter().chain(list_ends).flat_map(u32::to_le_bytes));
    directory.extend(lists.chunks(BLOCK).flat_map(|block| checksum(block).to_le_bytes()));
    for word in words {
        directory.extend_from_slice(word.as_bytes());
        directory.push(b'\n');
    }
    let mut head = MARK.to_vec();
    head.extend(versions());
    let numbers = [u64::from(last), words.len() as u64, text as u64, bytes as u64, checksum(&directory)];
    head.extend(numbers.into_iter().flat_map(u64::to_le_bytes));
    head.extend(checksum(&head).to_le_bytes());
    for part in [head, directory, lists] {
        out.write_all(&part)?;
    }
    Ok(true)
}

/// Where each of these lengths ends, and all of them.
fn ends(lengths: impl Iterator<Item = usize>) -> Option<(Vec<u32>, usize)> {
    let mut end = 0;
    let ends: Option<Vec<u32>> = lengths
        .map(|length| {
            end += length;
            u32::try_from(end).ok()
        })
        .collect();
    Some((ends?, end))
}

/// Where the bytes of an index are.
pub enum Place {
    File(File),
    Memory(Vec<u8>),
}

impl Place {
    fn length(&self) -> Option<u64> {
        match self {
            Place::File(file) => file.metadata().ok().map(|about| about.len()),
            Place::Memory(bytes) => Some(bytes.len() as u64),
        }
    }

    fn read(&self, at: usize, length: usize) -> Option<Vec<u8>> {
        match self {
            Place::Memory(bytes) => bytes.get(at..at.checked_add(length)?).map(<[u8]>::to_vec),
            Place::File(file) => {
                let (mut file, mut room) = (file, vec![0; length]);
                file.seek(SeekFrom::Start(at as u64)).ok()?;
                file.read_exact(&mut room).ok()?;
                Some(room)
            }
        }
    }
}

/// An index whose directory was read and found whole.
pub struct Form {
    place: Place,
    /// The last id that there is.
    pub last: u32,
    /// The words, a line's end behind each.
    pub text: String,
    /// Behind the line's end of each word.
    pub text_ends: Vec<u32>,
    list_ends: Vec<u32>,
    sums: Vec<u64>,
    /// Where the lists begin, and how many bytes they have.
    lists: (usize, usize),
}

impl Form {
    /// Reads the head and the directory; nothing where anything is not as it was written.
    pub fn read(place: Place) -> Option<Form> {
        let all = place.length()?;
        let head = place.read(0, HEAD)?;
        let (said, sum) = head.split_at_checked(HEAD - 8)?;
        if !said.starts_with(MARK) || said.get(8..16)? != versions() || checksum(said) != *numbers(sum).first()? {
            return None;
        }
        let &[last, words, text, bytes, sum] = numbers(said.get(16..)?).as_slice() else { return None };
        let [words, text, bytes] = [words, text, bytes].map(|number| u32::try_from(number).map_or(0, |n| n as usize));
        let blocks = bytes.div_ceil(BLOCK);
        let directory = words * 8 + blocks * 8 + text;
        if all != (HEAD + directory + bytes) as u64 {
            return None;
        }
        let read = place.read(HEAD, directory)?;
        if checksum(&read) != sum {
            return None;
        }
        let (text_ends, rest) = read.split_at_checked(words * 4)?;
        let (list_ends, rest) = rest.split_at_checked(words * 4)?;
        let (sums, text) = rest.split_at_checked(blocks * 8)?;
        Some(Form {
            last: u32::try_from(last).ok()?,
            text: String::from_utf8(text.to_vec()).ok()?,
            text_ends: short_numbers(text_ends),
            list_ends: short_numbers(list_ends),
            sums: numbers(sums),
            lists: (HEAD + directory, bytes),
            place,
        })
    }

    /// Where the list of a word lies among the lists.
    pub fn list(&self, word: usize) -> Option<Range<usize>> {
        let begin =
            word.checked_sub(1).map_or(Some(0), |before| self.list_ends.get(before).map(|end| *end as usize))?;
        let end = *self.list_ends.get(word)? as usize;
        (begin <= end && end <= self.lists.1).then_some(begin..end)
    }

    /// Gives the ids of some lists to `each`, list by list, in the order in which they lie; whether all could be read.
    pub fn ids(&self, lists: &[Range<usize>], each: &mut dyn FnMut(u32)) -> bool {
        let near = |one: &Range<usize>, next: &Range<usize>| next.start >= one.end && next.start - one.end <= NEAR;
        lists.chunk_by(near).all(|lists| {
            let (Some(first), Some(last)) = (lists.first(), lists.last()) else { return true };
            let Some((begin, bytes)) = self.blocks(first.start..last.end) else { return false };
            lists.iter().all(|list| {
                let list = list.start.checked_sub(begin).and_then(|start| bytes.get(start..list.end - begin));
                list.is_some_and(|list| decode(list, each))
            })
        })
    }

    /// The blocks that some bytes of the lists lie in, and where the first begins; checked.
    fn blocks(&self, bytes: Range<usize>) -> Option<(usize, Vec<u8>)> {
        let (first, behind) = (bytes.start / BLOCK, bytes.end.div_ceil(BLOCK));
        let (begin, end) = (first * BLOCK, (behind * BLOCK).min(self.lists.1));
        let read = self.place.read(self.lists.0 + begin, end.checked_sub(begin)?)?;
        let sums = self.sums.get(first..behind)?;
        read.chunks(BLOCK).map(checksum).eq(sums.iter().copied()).then_some((begin, read))
    }
}

/// The ids of a list, the lowest first; whether it ends where an id does.
fn decode(list: &[u8], each: &mut dyn FnMut(u32)) -> bool {
    let (mut id, mut more, mut shift) = (0_u32, 0_u32, 0);
    for byte in list {
        more |= u32::from(byte & 0x7F).checked_shl(shift).unwrap_or(0);
        shift += 7;
        if byte & 0x80 == 0 {
            id = id.wrapping_add(more);
            each(id);
            (more, shift) = (0, 0);
        }
    }
    shift == 0
}

fn numbers(bytes: &[u8]) -> Vec<u64> {
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
    bytes.chunks_exact(8).map(number).collect()
}

fn short_numbers(bytes: &[u8]) -> Vec<u32> {
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte));
    bytes.chunks_exact(4).map(number).collect()
}
