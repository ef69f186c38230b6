//! Numbers that look like chance and are the same in every run.

/// A source of numbers that only depend on where it began.
#[derive(Clone)]
pub struct Chance(u64);

impl Chance {
    /// The source number `stream` of those that belong to `what`.
    pub fn of(what: u64, stream: usize) -> Chance {
        let mut chance =
            Chance(what.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (stream as u64).wrapping_mul(0xd1b5_4a32_d192_ed03));
        chance.next();
        chance
    }

    /// The next 64 bits (the mixing function of splitmix64).
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The next number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from((u128::from(self.next()) * bound.max(1) as u128) >> 64).unwrap_or(0)
    }

    /// Whether something happens that does in so many of a hundred cases.
    pub fn percent(&mut self, of: usize) -> bool {
        self.below(100) < of
    }

    /// A number from 0 to below 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// One of these.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Ranks by weight: the first comes most often.
pub struct Ranks(Vec<u64>);

impl Ranks {
    /// The rank `r`, from 1, has the weight 1 / r.
    pub fn zipf(count: usize) -> Ranks {
        Ranks::weighted((1..=count as u64).map(|rank| 1_000_000_000 / rank))
    }

    pub fn weighted(weights: impl IntoIterator<Item = u64>) -> Ranks {
        let mut sum = 0;
        let sums = weights.into_iter().map(|weight| {
            sum += weight;
            sum
        });
        Ranks(sums.collect())
    }

    /// A rank, from 0.
    pub fn draw(&self, chance: &mut Chance) -> usize {
        let all = self.0.last().copied().unwrap_or(0);
        let at = chance.below(usize::try_from(all).unwrap_or(0)) as u64;
        self.0.partition_point(|sum| *sum <= at)
    }
}
