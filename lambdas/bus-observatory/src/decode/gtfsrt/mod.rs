//! GTFS-realtime.

#[cfg(feature = "simulate")]
pub(crate) mod body;
#[expect(unreachable_pub, clippy::pedantic, clippy::enum_variant_names, reason = "generated as the protocol names it")]
#[allow(dead_code, reason = "messages hold fields that have no column")]
mod protocol;
#[cfg(test)]
mod tests;

use prost::Message;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

use self::protocol::{FeedEntity, FeedHeader, VehiclePosition};
use super::{Decoded, NotAFeed, source};
use crate::feeds::FeedType;
use crate::table::Cell;

/// Numbers of the fields of a message.
const HEADER: u32 = 1;
const ENTITY: u32 = 2;

const MICROSECONDS: i64 = 1_000_000;

pub(super) fn decode(body: &[u8], fetched_at: i64) -> Result<Decoded, NotAFeed> {
    if body.trim_ascii_start().starts_with(b"<") {
        return Err(NotAFeed::HtmlInsteadOfProtobuf);
    }
    let parts = Parts::of(body);
    if parts.header.is_none() && parts.entities.is_empty() {
        return Err(NotAFeed::NotGtfsRealtime);
    }
    let mut decoded = Decoded::new(FeedType::Gtfsrt);
    decoded.partial = parts.partial;
    let header_time = match parts.header.map(FeedHeader::decode) {
        Some(Ok(header)) => header.timestamp,
        Some(Err(_)) if parts.entities.is_empty() => return Err(NotAFeed::NotGtfsRealtime),
        Some(Err(_)) | None => None,
    };
    for entity in parts.entities {
        match FeedEntity::decode(entity) {
            Ok(FeedEntity { vehicle: None, .. }) => {}
            Ok(FeedEntity { id, vehicle: Some(vehicle), .. }) => match row(id, vehicle, header_time, fetched_at) {
                Some(row) => decoded.table.push(row),
                None => decoded.rejected += 1,
            },
            Err(_) => decoded.rejected += 1,
        }
    }
    Ok(decoded)
}

/// The message, with its parts as bytes: decoded as a whole, one bad entity would spoil all.
#[derive(Debug, Default)]
struct Parts<'a> {
    header: Option<&'a [u8]>,
    entities: Vec<&'a [u8]>,
    partial: bool,
}

impl<'a> Parts<'a> {
    fn of(mut rest: &'a [u8]) -> Self {
        let mut parts = Self::default();
        while !rest.is_empty() {
            let Ok((tag, wire_type)) = decode_key(&mut rest) else {
                parts.partial = true;
                break;
            };
            if tag != HEADER && tag != ENTITY || wire_type != WireType::LengthDelimited {
                if skip_field(wire_type, tag, &mut rest, DecodeContext::default()).is_err() {
                    parts.partial = true;
                    break;
                }
                continue;
            }
            let length = decode_varint(&mut rest).ok().and_then(|length| usize::try_from(length).ok());
            let Some((part, after)) = length.and_then(|length| rest.split_at_checked(length)) else {
                parts.partial = true;
                break;
            };
            rest = after;
            if tag == HEADER {
                parts.header = Some(part);
            } else {
                parts.entities.push(part);
            }
        }
        parts
    }
}

/// The cells of a row, or none when the vehicle has no name or its time is beyond all calendars.
fn row(id: String, vehicle: VehiclePosition, header_time: Option<u64>, fetched_at: i64) -> Option<[Cell; 24]> {
    let trip = vehicle.trip.unwrap_or_default();
    let descriptor = vehicle.vehicle.unwrap_or_default();
    // An empty message would be zero degrees north and east.
    let position = vehicle.position;
    let position = position.as_ref();
    if id.is_empty() && descriptor.id.as_ref().is_none_or(String::is_empty) {
        return None;
    }
    let set = |time: Option<u64>| time.filter(|seconds| *seconds != 0);
    let (time, source) = match (set(vehicle.timestamp), set(header_time)) {
        (Some(seconds), _) => (microseconds(seconds)?, source::VEHICLE),
        (None, Some(seconds)) => (microseconds(seconds)?, source::HEADER),
        (None, None) => (fetched_at, source::FETCH),
    };
    let unsigned = |value: Option<u32>| Cell::integer(value.and_then(|value| i32::try_from(value).ok()));
    Some([
        Cell::text(Some(id)),
        Cell::text(trip.trip_id),
        Cell::text(trip.route_id),
        unsigned(trip.direction_id),
        Cell::text(trip.start_time),
        Cell::text(trip.start_date),
        Cell::integer(trip.schedule_relationship),
        Cell::text(descriptor.id),
        Cell::text(descriptor.label),
        Cell::text(descriptor.license_plate),
        Cell::float(position.map(|position| position.latitude)),
        Cell::float(position.map(|position| position.longitude)),
        Cell::float(position.and_then(|position| position.bearing)),
        Cell::double(position.and_then(|position| position.odometer)),
        Cell::float(position.and_then(|position| position.speed)),
        unsigned(vehicle.current_stop_sequence),
        Cell::text(vehicle.stop_id),
        Cell::integer(vehicle.current_status),
        Cell::Timestamp(time),
        Cell::integer(vehicle.congestion_level),
        Cell::integer(vehicle.occupancy_status),
        unsigned(vehicle.occupancy_percentage),
        Cell::Timestamp(fetched_at),
        Cell::text(Some(source)),
    ])
}

fn microseconds(seconds: u64) -> Option<i64> {
    i64::try_from(seconds).ok()?.checked_mul(MICROSECONDS)
}
