//! No body brings the decoders down, and none gives rows that a feed does not have.

#![cfg(feature = "simulate")]
#![allow(clippy::unwrap_used)]

use bus_observatory::decode::decode;
use bus_observatory::feeds::FeedType;
use bus_observatory::simulate::Fleet;
use bus_observatory::table::Layout;
use proptest::prelude::*;
use proptest::sample::Index;

const NOW: i64 = 1_682_899_200;

/// Whether each row has a time and a vehicle, so that it can be stored.
fn is_storable(feed_type: FeedType, body: &[u8]) -> bool {
    let Ok(decoded) = decode(feed_type, body, NOW * 1_000_000) else { return true };
    let layout = Layout::standard(feed_type);
    (0..decoded.table.len()).all(|row| {
        let named = layout.vehicle().iter().any(|column| decoded.table.text(*column, row).is_some());
        named && decoded.table.timestamp(layout.timestamp(), row).is_some()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes(body in prop::collection::vec(any::<u8>(), 0..300)) {
        for feed_type in FeedType::ALL {
            prop_assert!(is_storable(feed_type, &body));
        }
    }

    #[test]
    fn any_text(body in "[<>/a-zA-Z&;\"{}\\[\\]:, !?-]{0,120}") {
        for text in [body.clone(), format!("<buses>{body}"), format!("{{\"Siri\":{body}"), format!("<Siri>{body}</Siri>")] {
            for feed_type in FeedType::ALL {
                prop_assert!(is_storable(feed_type, text.as_bytes()));
            }
        }
    }

    #[test]
    fn bodies_with_other_bytes_in_places(
        feed_type in prop::sample::select(&FeedType::ALL[..]),
        spots in prop::collection::vec((any::<Index>(), any::<u8>()), 1..8),
        end in any::<Index>(),
    ) {
        let mut body = Fleet::new(3, 6).body(feed_type, NOW, &[]);
        for (spot, byte) in spots {
            let spot = spot.index(body.len());
            body[spot] = byte;
        }
        prop_assert!(is_storable(feed_type, &body));
        prop_assert!(is_storable(feed_type, &body[..end.index(body.len())]));
    }
}

#[test]
fn deep_documents_are_refused() {
    let deep = "[".repeat(100_000);
    let siri = format!("{{\"Siri\":{{\"ServiceDelivery\":{{\"VehicleMonitoringDelivery\":{deep}");
    assert_eq!(decode(FeedType::Siri, siri.as_bytes(), 0).unwrap().table.len(), 0);
    let xml = format!("<buses><bus><rt>1</rt><run>1</run>{}</bus></buses>", "<a>".repeat(100_000));
    let decoded = decode(FeedType::Njxml, xml.as_bytes(), 0).unwrap();
    assert_eq!((decoded.table.len(), decoded.rejected), (0, 1));
    // A group within a group of the protocol, without end.
    let groups = [vec![0x0a, 0], vec![0x0b; 100_000]].concat();
    assert_eq!(decode(FeedType::Gtfsrt, &groups, 0).unwrap().table.len(), 0);
}
