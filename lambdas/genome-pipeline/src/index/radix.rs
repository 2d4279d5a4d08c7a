//! Sorting by 40-bit numbers.

/// Bits that choose the bucket of an item when it is added.
const LEADING_BITS: u32 = 8;
/// Bits below them.
const REST_BITS: u32 = 32;
/// Bits of a pass through a bucket.
const DIGIT_BITS: u32 = 11;
const DIGITS: usize = REST_BITS.div_ceil(DIGIT_BITS) as usize;
/// Items that are stored together, so that a bucket grows without being copied.
const CHUNK: usize = 512;

/// An item with a number of 40 bits.
pub(super) trait Keyed: Copy + Default {
    /// The number.
    fn key(&self) -> u64;
}

impl Keyed for u64 {
    #[inline]
    fn key(&self) -> u64 {
        *self
    }
}

/// Items by the leading bits of their numbers: each bucket is sorted when its turn comes, within the cache.
#[derive(Debug)]
pub(super) struct Buckets<T> {
    buckets: Vec<Bucket<T>>,
    /// Number of items.
    items: usize,
}

#[derive(Debug)]
struct Bucket<T> {
    /// The chunk that grows.
    open: Vec<T>,
    full: Vec<Vec<T>>,
}

impl<T: Keyed> Buckets<T> {
    /// No items yet.
    pub(super) fn new() -> Self {
        let bucket = || Bucket { open: Vec::new(), full: Vec::new() };
        Self { buckets: std::iter::repeat_with(bucket).take(1 << LEADING_BITS).collect(), items: 0 }
    }

    /// Number of items.
    pub(super) fn len(&self) -> usize {
        self.items
    }

    /// Adds an item.
    #[inline]
    pub(super) fn push(&mut self, item: T) {
        let bucket = &mut self.buckets[(item.key() >> REST_BITS) as usize % (1 << LEADING_BITS)];
        if bucket.open.len() == bucket.open.capacity() {
            bucket.extend();
        }
        bucket.open.push(item);
        self.items += 1;
    }

    /// Hands over all items in the order of their numbers, and those of one number in the order in which they were added:
    /// in pieces that no number is divided by.
    pub(super) fn for_each_sorted(self, mut visit: impl FnMut(&[T])) {
        let (mut items, mut sorted) = (Vec::new(), Vec::new());
        for bucket in self.buckets {
            items.clear();
            for chunk in bucket.full.into_iter().chain([bucket.open]) {
                items.extend_from_slice(&chunk);
            }
            sort(&mut items, &mut sorted);
            visit(&items);
        }
    }
}

impl<T> Bucket<T> {
    #[inline(never)]
    fn extend(&mut self) {
        let next = Vec::with_capacity(CHUNK);
        let full = std::mem::replace(&mut self.open, next);
        if !full.is_empty() {
            self.full.push(full);
        }
    }
}

/// Sorts `items` by the bits of their numbers below the leading ones, with the help of `sorted`.
fn sort<T: Keyed>(items: &mut Vec<T>, sorted: &mut Vec<T>) {
    const VALUES: usize = 1 << DIGIT_BITS;
    let digit = |item: &T, number: usize| (item.key() as u32 >> (DIGIT_BITS as usize * number)) as usize % VALUES;
    let Ok(length) = u32::try_from(items.len()) else {
        // More than the counts hold, which takes a genome of one letter and 32 GB of memory.
        return items.sort_by_key(Keyed::key);
    };
    let mut counts = vec![[0_u32; VALUES]; DIGITS];
    for item in items.iter() {
        for (number, counts) in counts.iter_mut().enumerate() {
            counts[digit(item, number)] += 1;
        }
    }
    sorted.resize(items.len(), T::default());
    for (number, counts) in counts.iter_mut().enumerate() {
        if counts.contains(&length) {
            continue;
        }
        let mut next = 0;
        for count in counts.iter_mut() {
            next += std::mem::replace(count, next);
        }
        for item in items.iter() {
            let place = &mut counts[digit(item, number)];
            sorted[*place as usize] = *item;
            *place += 1;
        }
        std::mem::swap(items, sorted);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    impl Keyed for (u64, usize) {
        fn key(&self) -> u64 {
            self.0
        }
    }

    proptest! {
        #[test]
        fn sorts_and_keeps_the_order_of_equals(
            keys in prop::collection::vec(prop_oneof![0_u64..5, (0_u64..9).prop_map(|key| key << 33), 0_u64..1 << 40], 0..2_000),
        ) {
            let mut expected: Vec<(u64, usize)> = keys.into_iter().zip(0..).collect();
            let mut buckets = Buckets::new();
            for item in &expected {
                buckets.push(*item);
            }
            prop_assert_eq!(buckets.len(), expected.len());
            expected.sort_unstable();
            let mut sorted: Vec<(u64, usize)> = Vec::new();
            buckets.for_each_sorted(|items| {
                // No number is divided.
                assert!(sorted.last().zip(items.first()).is_none_or(|(last, first)| last.0 < first.0));
                sorted.extend(items);
            });
            prop_assert_eq!(sorted, expected);
        }
    }
}
