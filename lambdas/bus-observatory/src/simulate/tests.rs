#![allow(clippy::unwrap_used)]

use super::*;
use crate::decode::{NotAFeed, decode};

const NOW: i64 = 1_682_899_200;

fn outcome(feed_type: FeedType, faults: &[Fault]) -> Result<(usize, u64, bool), NotAFeed> {
    let body = Fleet::new(7, 250).body(feed_type, NOW, faults);
    decode(feed_type, &body, NOW * 1_000_000).map(|decoded| (decoded.table.len(), decoded.rejected, decoded.partial))
}

#[test]
fn each_format_tells_of_every_vehicle() {
    for feed_type in FeedType::ALL {
        assert_eq!(outcome(feed_type, &[]), Ok((250, 0, false)), "{feed_type:?}");
        assert_eq!(outcome(feed_type, &[Fault::Duplicates]), Ok((500, 0, false)));
        assert_eq!(outcome(feed_type, &[Fault::Empty]), Ok((0, 0, false)));
        let (rows, rejected, partial) = outcome(feed_type, &[Fault::Truncated]).unwrap();
        assert!((140..190).contains(&rows) && rejected == 0 && partial, "{feed_type:?} {rows}");
        let (rows, rejected, partial) = outcome(feed_type, &[Fault::Corrupt]).unwrap();
        assert!(rows >= 249 && rejected == 1 && !partial, "{feed_type:?}");
        assert!(outcome(feed_type, &[Fault::Html]).is_err());
    }
}

#[test]
fn the_same_seed_is_the_same_city() {
    let body = |seed, now| Fleet::new(seed, 50).body(FeedType::Siri, now, &[]);
    assert_eq!(body(1, NOW), body(1, NOW));
    assert!(body(1, NOW) != body(2, NOW) && body(1, NOW) != body(1, NOW + PERIOD));
    let (fleet, later) = (Fleet::new(1, 50), NOW + 10);
    let times = |now: i64| (0..50).map(|number| fleet.seen(number, now).time).collect::<Vec<_>>();
    let again = times(NOW).iter().zip(times(later)).filter(|(early, late)| *early == late).count();
    assert!((10..45).contains(&again), "{again} vehicles have not reported anew");
    assert!(times(NOW).iter().all(|time| (NOW - PERIOD..=NOW).contains(time)));
}

#[test]
fn feeds_without_times_have_those_of_the_fetch() {
    for feed_type in FeedType::ALL {
        let body = Fleet::new(7, 3).body(feed_type, NOW, &[Fault::Untimed]);
        let table = decode(feed_type, &body, 5).unwrap().table;
        assert_eq!(table.text(table.columns().len() - 1, 0), Some("fetch"));
    }
}
