//! Sorting by 40-bit numbers.

const DIGIT_BITS: usize = 10;
const DIGITS: usize = 4;
const BUCKETS: usize = 1 << DIGIT_BITS;

/// Sorts `items` by the 40 lowest bits of their keys. Items of equal keys keep their order.
pub(super) fn sort<T: Copy + Default>(items: &mut Vec<T>, key: impl Fn(&T) -> u64) {
    let digit = |item: &T, number: usize| (key(item) >> (DIGIT_BITS * number)) as usize % BUCKETS;
    let mut counts = vec![[0_usize; BUCKETS]; DIGITS];
    for item in items.iter() {
        for (number, counts) in counts.iter_mut().enumerate() {
            counts[digit(item, number)] += 1;
        }
    }
    let mut sorted = vec![T::default(); items.len()];
    for (number, counts) in counts.iter_mut().enumerate() {
        if counts.contains(&items.len()) {
            continue;
        }
        let mut next = 0;
        for count in counts.iter_mut() {
            next += std::mem::replace(count, next);
        }
        for item in items.iter() {
            let place = &mut counts[digit(item, number)];
            sorted[*place] = *item;
            *place += 1;
        }
        std::mem::swap(items, &mut sorted);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sorts_and_keeps_the_order_of_equals(keys in prop::collection::vec(prop_oneof![0_u64..5, 0_u64..1 << 40], 0..300)) {
            let mut items: Vec<(u64, usize)> = keys.into_iter().zip(0..).collect();
            let mut expected = items.clone();
            expected.sort_unstable();
            sort(&mut items, |item| item.0);
            prop_assert_eq!(items, expected);
        }
    }
}
