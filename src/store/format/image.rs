//! The pages of a file in memory, numbered from 1, and single ones while they are being filled.

use crate::diagnostic::{Diagnostic, running};

/// Where the first page begins to be one like the others: behind the header of the file.
pub const FIRST: usize = 100;

/// What a page holds, as its first byte says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    IndexInner = 2,
    TableInner = 5,
    IndexLeaf = 10,
    TableLeaf = 13,
}

impl Kind {
    const fn is_inner(self) -> bool {
        matches!(self, Kind::IndexInner | Kind::TableInner)
    }
}

/// What the header of a file says besides what it always does.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    pub user_version: i64,
    pub application_id: i64,
}

/// All pages of a file.
#[derive(Debug)]
pub struct Image {
    bytes: Vec<u8>,
    size: usize,
}

impl Image {
    /// A file of one page, which is filled at the end.
    pub fn new(size: usize) -> Image {
        Image { bytes: vec![0; size], size }
    }

    pub const fn page_size(&self) -> usize {
        self.size
    }

    fn next(&self) -> u32 {
        (self.bytes.len() / self.size) as u32 + 1
    }

    /// One more page; its number.
    pub fn push(&mut self, page: &[u8]) -> Result<u32, Diagnostic> {
        let number = self.next();
        self.bytes.try_reserve(self.size).map_err(|_| running::no_memory())?;
        self.bytes.extend_from_slice(page);
        Ok(number)
    }

    /// What a page has no room for, on pages of its own, each with the number of the next.
    pub fn overflow(&mut self, rest: &[u8]) -> Result<u32, Diagnostic> {
        let first = self.next();
        let pieces = rest.chunks(self.size - 4);
        let last = pieces.len();
        self.bytes.try_reserve(last * self.size).map_err(|_| running::no_memory())?;
        for (at, piece) in (1..).zip(pieces) {
            let next = if at == last { 0 } else { self.next() + 1 };
            let end = self.bytes.len() + self.size;
            self.bytes.extend_from_slice(&next.to_be_bytes());
            self.bytes.extend_from_slice(piece);
            self.bytes.resize(end, 0);
        }
        Ok(first)
    }

    /// The whole file, its first page being this one.
    pub fn finish(mut self, first: &[u8], header: Header) -> Vec<u8> {
        let pages = self.next() - 1;
        let mut put = |at: usize, bytes: &[u8]| {
            self.bytes.get_mut(at..at + bytes.len()).into_iter().for_each(|room| room.copy_from_slice(bytes));
        };
        put(0, first);
        put(0, b"SQLite format 3\0");
        // A page of 65536 bytes is said to have one.
        put(16, &(if self.size > 0x8000 { 1 } else { self.size as u16 }).to_be_bytes());
        // No log of changes, nothing kept free, and how full pages may be, which is always the same.
        put(18, &[1, 1, 0, 64, 32, 32]);
        for (at, number) in [(24, CHANGES), (28, pages), (40, 1), (44, 4), (56, 1), (92, CHANGES), (96, VERSION)] {
            put(at, &number.to_be_bytes());
        }
        put(60, &(header.user_version as u32).to_be_bytes());
        put(68, &(header.application_id as u32).to_be_bytes());
        self.bytes
    }
}

/// A fresh file was changed once.
const CHANGES: u32 = 1;

/// The version of SQLite whose format this is, whatever version reads it.
const VERSION: u32 = 3_054_001;

/// A page while it is being filled: pointers from the front, cells from the back.
#[derive(Debug)]
pub struct Page {
    bytes: Vec<u8>,
    kind: Kind,
    head: usize,
    count: usize,
    content: usize,
}

impl Page {
    /// An empty page; the first one of a file has less room.
    pub fn new(kind: Kind, size: usize, head: usize) -> Page {
        Page { bytes: vec![0; size], kind, head, count: 0, content: size }
    }

    const fn pointers(&self) -> usize {
        self.head + if self.kind.is_inner() { 12 } else { 8 }
    }

    /// So many bytes can still be taken by cells and their pointers.
    #[inline]
    pub const fn room(&self) -> usize {
        self.content - self.pointers() - 2 * self.count
    }

    /// Whether one more cell of that length fits.
    #[inline]
    pub const fn fits(&self, length: usize) -> bool {
        length + 2 <= self.room()
    }

    /// One more cell, of two pieces. There must be room for it.
    #[inline]
    pub fn add(&mut self, front: &[u8], back: &[u8]) {
        let pointer = self.pointers() + 2 * self.count;
        self.content -= front.len() + back.len();
        self.put(self.content, front);
        self.put(self.content + front.len(), back);
        self.put(pointer, &(self.content as u16).to_be_bytes());
        self.count += 1;
    }

    /// Takes the last cell, of that length, out again.
    pub fn pop(&mut self, length: usize) -> Vec<u8> {
        let cell = self.bytes.get(self.content..self.content + length).map(<[u8]>::to_vec).unwrap_or_default();
        self.put(self.content, &vec![0; length]);
        self.content += length;
        self.count -= 1;
        self.put(self.pointers() + 2 * self.count, &[0; 2]);
        cell
    }

    /// The page as it is written; an inner one has a last child.
    pub fn finished(&mut self, last: u32) -> &[u8] {
        let (count, content) = (self.count as u16, self.content as u16);
        self.put(self.head, &[self.kind as u8]);
        self.put(self.head + 3, &count.to_be_bytes());
        // 65536 is said to be 0.
        self.put(self.head + 5, &content.to_be_bytes());
        if self.kind.is_inner() {
            self.put(self.head + 8, &last.to_be_bytes());
        }
        &self.bytes
    }

    /// Begins anew.
    pub fn clear(&mut self) {
        self.bytes.fill(0);
        (self.count, self.content) = (0, self.bytes.len());
    }

    #[inline]
    fn put(&mut self, at: usize, bytes: &[u8]) {
        self.bytes.get_mut(at..at + bytes.len()).into_iter().for_each(|room| room.copy_from_slice(bytes));
    }
}
