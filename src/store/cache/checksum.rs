//! A fast sum of bytes, for what only this program writes and reads.

/// Four at once keep the multiplier busy: each takes every fourth word.
const LANES: usize = 4;

/// An odd number whose bits look like chance: the golden ratio's.
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// A number that tells torn or rotten bytes from whole ones: it surely differs where one word of eight bytes does. It
/// is no defence against who means ill; nobody else can write where it is used.
pub fn checksum(bytes: &[u8]) -> u64 {
    let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(MULTIPLIER).rotate_left(29);
    let word = |bytes: &[u8]| {
        let mut whole = [0; 8];
        whole.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        u64::from_le_bytes(whole)
    };
    let mut sums = [1, 2, 3, 4];
    let mut blocks = bytes.chunks_exact(8 * LANES);
    for block in &mut blocks {
        for (sum, bytes) in sums.iter_mut().zip(block.chunks_exact(8)) {
            *sum = mix(*sum, word(bytes));
        }
    }
    let rest = blocks.remainder().chunks(8).fold(bytes.len() as u64, |sum, bytes| mix(sum, word(bytes)));
    sums.into_iter().fold(rest, mix)
}
