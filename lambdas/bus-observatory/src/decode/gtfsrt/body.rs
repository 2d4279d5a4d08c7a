//! Messages as feeds send them: the simulated feeds need them.

use prost::Message;

use super::protocol::{
    FeedEntity, FeedHeader, FeedMessage, Position, TripDescriptor, VehicleDescriptor, VehiclePosition,
};

/// A vehicle of a message.
pub(crate) struct Vehicle {
    pub(crate) id: String,
    pub(crate) trip: String,
    pub(crate) route: String,
    pub(crate) stop: String,
    pub(crate) stop_sequence: u32,
    /// Seconds since 1970.
    pub(crate) time: Option<u64>,
    /// Latitude, longitude and bearing in degrees.
    pub(crate) position: (f64, f64, f64),
    pub(crate) occupancy: i32,
}

/// A message with a time in seconds since 1970.
pub(crate) fn write(time: Option<u64>, vehicles: impl Iterator<Item = Vehicle>) -> Vec<u8> {
    let header = FeedHeader { gtfs_realtime_version: "2.0".to_owned(), timestamp: time, ..FeedHeader::default() };
    FeedMessage { header, entity: vehicles.map(entity).collect() }.encode_to_vec()
}

fn entity(vehicle: Vehicle) -> FeedEntity {
    #[expect(clippy::cast_possible_truncation, reason = "degrees of the protocol have 32 bits")]
    let degrees = |value: f64| value as f32;
    let (latitude, longitude, bearing) = vehicle.position;
    let trip = TripDescriptor {
        trip_id: Some(vehicle.trip),
        route_id: Some(vehicle.route),
        direction_id: Some(vehicle.stop_sequence % 2),
        schedule_relationship: Some(0),
        ..TripDescriptor::default()
    };
    let position = Position {
        latitude: degrees(latitude),
        longitude: degrees(longitude),
        bearing: Some(degrees(bearing)),
        ..Position::default()
    };
    let position = VehiclePosition {
        trip: Some(trip),
        vehicle: Some(VehicleDescriptor { id: Some(vehicle.id.clone()), ..VehicleDescriptor::default() }),
        position: Some(position),
        current_stop_sequence: Some(vehicle.stop_sequence),
        stop_id: Some(vehicle.stop),
        current_status: Some(2),
        timestamp: vehicle.time,
        occupancy_status: Some(vehicle.occupancy),
        ..VehiclePosition::default()
    };
    FeedEntity { id: vehicle.id, vehicle: Some(position), ..FeedEntity::default() }
}
