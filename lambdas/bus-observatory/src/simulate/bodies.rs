//! The bodies of the three formats.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Value, json};

use super::Seen;
use crate::decode::gtfsrt_body;
use crate::feeds::FeedType;

/// Writes the body of a feed; `corrupt` spoils its first entity.
pub(super) fn write(feed_type: FeedType, seen: &[Seen], now: i64, timed: bool, corrupt: bool) -> Vec<u8> {
    match feed_type {
        FeedType::Gtfsrt => gtfsrt(seen, now, timed, corrupt),
        FeedType::Siri => siri(seen, now, timed, corrupt),
        FeedType::Njxml => njxml(seen, now, corrupt),
    }
}

fn gtfsrt(seen: &[Seen], now: i64, timed: bool, corrupt: bool) -> Vec<u8> {
    let vehicles = seen.iter().map(|seen| gtfsrt_body::Vehicle {
        id: format!("MTA NYCT_{}", 1000 + seen.number),
        trip: format!("OH_{}_{}_{}", seen.route, seen.number, seen.trip),
        route: seen.route.clone(),
        stop: format!("4{:05}", seen.stop),
        stop_sequence: u32::try_from(seen.stop).unwrap_or_default(),
        time: timed.then(|| seen.time.unsigned_abs()),
        position: (seen.latitude, seen.longitude, seen.bearing),
        occupancy: i32::try_from(seen.passengers / 15).unwrap_or_default(),
    });
    let mut body = gtfsrt_body::write(timed.then(|| now.unsigned_abs()), vehicles);
    if corrupt {
        // An entity of three bytes that are none.
        body.extend_from_slice(&[0x12, 3, 0xff, 0xff, 0xff]);
    }
    body
}

/// A time as clocks in New York in summer show it, with their offset.
fn local(seconds: i64) -> String {
    let zone = TimeZone::fixed(Offset::constant(-4));
    let time = Timestamp::from_second(seconds).unwrap_or_default().to_zoned(zone);
    time.strftime("%Y-%m-%dT%H:%M:%S.000%:z").to_string()
}

fn siri(seen: &[Seen], now: i64, timed: bool, corrupt: bool) -> Vec<u8> {
    let mut activities: Vec<Value> = seen.iter().map(|seen| activity(seen, timed)).collect();
    if corrupt && let Some(first) = activities.first_mut() {
        first["MonitoredVehicleJourney"] = "?".into();
    }
    let delivery = json!({"VehicleActivity": activities});
    let mut service = json!({"VehicleMonitoringDelivery": [delivery]});
    if timed {
        service["ResponseTimestamp"] = local(now).into();
    }
    json!({"Siri": {"ServiceDelivery": service}}).to_string().into_bytes()
}

fn activity(seen: &Seen, timed: bool) -> Value {
    let mut activity = json!({
        "MonitoredVehicleJourney": {
            "LineRef": format!("MTA NYCT_{}", seen.route),
            "DirectionRef": (seen.number % 2).to_string(),
            "FramedVehicleJourneyRef": {
                "DataFrameRef": local(seen.time)[..10],
                "DatedVehicleJourneyRef": format!("MTA NYCT_OH_{}_{}", seen.number, seen.trip),
            },
            "JourneyPatternRef": format!("MTA_{}0175", seen.route),
            "PublishedLineName": [seen.route],
            "OperatorRef": "MTA NYCT",
            "OriginRef": "MTA_400001",
            "DestinationRef": "MTA_400040",
            "DestinationName": ["SOUTH FERRY"],
            "SituationRef": [],
            "MonitoredCall": {
                "StopPointRef": format!("MTA_4{:05}", seen.stop),
                "ExpectedArrivalTime": local(seen.time + 60),
                "Extensions": {
                    "Distances": {"CallDistanceAlongRoute": seen.stop * 400, "DistanceFromCall": seen.distance},
                    "Capacities": {"EstimatedPassengerCount": seen.passengers},
                },
            },
            "VehicleLocation": {"Longitude": seen.longitude, "Latitude": seen.latitude},
            "Bearing": seen.bearing,
            "ProgressRate": "normalProgress",
            "VehicleRef": format!("MTA NYCT_{}", 1000 + seen.number),
            "BlockRef": format!("MTA NYCT_BLOCK_{}", seen.number),
        },
    });
    if timed {
        activity["RecordedAtTime"] = local(seen.time).into();
    }
    activity
}

fn njxml(seen: &[Seen], now: i64, corrupt: bool) -> Vec<u8> {
    let mut text = format!("<?xml version=\"1.0\"?>\n<buses rtpidatafeed=\"\"><time>{now}</time>\n");
    for (index, seen) in seen.iter().enumerate() {
        let latitude = if corrupt && index == 0 { "north".to_owned() } else { seen.latitude.to_string() };
        let _ = writeln!(
            text,
            "<bus><id>{}</id><consist></consist><cars></cars><rtpiFeedName></rtpiFeedName><m>1</m><rt>{}</rt>\
             <rtRtpiFeedName></rtRtpiFeedName><rtdd>{}</rtdd><c></c><d>East Bound</d><dd>East</dd><dn>E</dn>\
             <lat>{latitude}</lat><lon>{}</lon><pid>{}</pid><pd>Newark &amp; Penn Station</pd>\
             <pdRtpiFeedName></pdRtpiFeedName><run>{}</run><fs>{} NEWARK</fs><op>{}</op><dip>{}</dip><bid>{}</bid>\
             <wid1>0</wid1><wid2>{}</wid2></bus>",
            6000 + seen.number,
            1 + seen.number / super::PER_ROUTE,
            seen.route,
            seen.longitude,
            seen.trip,
            seen.number,
            seen.route,
            seen.number * 7,
            seen.number * 11,
            seen.number * 13,
            seen.number % 100,
        );
    }
    text.push_str("</buses>\n");
    text.into_bytes()
}
