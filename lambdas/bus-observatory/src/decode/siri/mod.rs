//! SIRI vehicle monitoring, in JSON or XML.

mod json;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::value::{self, Malformed, time_of};
use super::{Decoded, NotAFeed, source, xml};
use crate::feeds::FeedType;
use crate::table::Cell;

const ACTIVITY: &str = "VehicleActivity";
const RESPONSE_TIME: &str = "ResponseTimestamp";
const ERROR_CONDITION: &str = "ErrorCondition";

/// What a body tells, before its activities are looked at.
#[derive(Debug, Default)]
struct Delivered {
    activities: Vec<Activity>,
    /// When the service answered.
    time: Option<String>,
    rejected: u64,
    partial: bool,
    failed: bool,
}

#[derive(Debug)]
struct Activity {
    value: Value,
    /// When the delivery was made that the activity belongs to.
    time: Option<String>,
}

pub(super) fn decode(body: &[u8], fetched_at: i64) -> Result<Decoded, NotAFeed> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let delivered = if text.starts_with('<') { from_xml(text) } else { json::read(text) };
    let delivered = delivered.ok_or(NotAFeed::NotSiri)?;
    if delivered.failed && delivered.activities.is_empty() {
        return Err(NotAFeed::ErrorCondition);
    }
    let mut decoded = Decoded::new(FeedType::Siri);
    decoded.partial = delivered.partial;
    decoded.rejected = delivered.rejected;
    let answered = delivered.time.as_deref();
    for activity in &delivered.activities {
        let header = activity.time.as_deref().or(answered).and_then(|time| time_of(time).ok());
        match row(&activity.value, header, fetched_at) {
            Ok(row) => decoded.table.push(row),
            Err(Malformed) => decoded.rejected += 1,
        }
    }
    Ok(decoded)
}

fn from_xml(text: &str) -> Option<Delivered> {
    let document = xml::cut(text, ACTIVITY);
    if document.root != "Siri" && document.root != "ServiceDelivery" {
        return None;
    }
    let mut delivered = Delivered {
        time: xml::first_text(document.head, RESPONSE_TIME),
        rejected: document.broken,
        partial: document.partial,
        failed: document.entities.is_empty() && xml::has_element(text, ERROR_CONDITION),
        activities: Vec::new(),
    };
    for entity in document.entities {
        match xml::value(entity) {
            Ok(value) => delivered.activities.push(Activity { value, time: None }),
            Err(Malformed) => delivered.rejected += 1,
        }
    }
    Some(delivered)
}

fn row(activity: &Value, header: Option<i64>, fetched_at: i64) -> Result<[Cell; 28], Malformed> {
    let (time, source) = match (value::time(activity, &["RecordedAtTime"])?, header) {
        (Some(time), _) => (time, source::VEHICLE),
        (None, Some(time)) => (time, source::HEADER),
        (None, None) => (fetched_at, source::FETCH),
    };
    let journey = value::at(activity, &["MonitoredVehicleJourney"])?.ok_or(Malformed)?;
    let text = |path: &[&str]| value::text(journey, path).map(Cell::text);
    let double = |path: &[&str]| value::double(journey, path).map(Cell::double);
    let line = value::text(journey, &["LineRef"])?;
    let route = line.as_deref().map(|line| line.rsplit('_').next().unwrap_or(line));
    let vehicle = text(&["VehicleRef"])?;
    if vehicle == Cell::Null {
        return Err(Malformed);
    }
    let distance = |name| ["MonitoredCall", "Extensions", "Distances", name];
    Ok([
        Cell::text(route),
        Cell::Timestamp(time),
        Cell::text(line.as_deref()),
        text(&["DirectionRef"])?,
        text(&["FramedVehicleJourneyRef", "DataFrameRef"])?,
        text(&["FramedVehicleJourneyRef", "DatedVehicleJourneyRef"])?,
        text(&["JourneyPatternRef"])?,
        text(&["PublishedLineName"])?,
        text(&["OperatorRef"])?,
        text(&["OriginRef"])?,
        text(&["DestinationRef"])?,
        text(&["DestinationName"])?,
        text(&["MonitoredCall", "StopPointRef"])?,
        Cell::timestamp(value::time(journey, &["MonitoredCall", "ExpectedArrivalTime"])?),
        double(&distance("CallDistanceAlongRoute"))?,
        double(&distance("DistanceFromCall"))?,
        Cell::integer(value::integer(
            journey,
            &["MonitoredCall", "Extensions", "Capacities", "EstimatedPassengerCount"],
        )?),
        alerts(journey)?,
        double(&["VehicleLocation", "Latitude"])?,
        double(&["VehicleLocation", "Longitude"])?,
        double(&["Bearing"])?,
        text(&["ProgressRate"])?,
        text(&["ProgressStatus"])?,
        text(&["Occupancy"])?,
        vehicle,
        text(&["BlockRef"])?,
        Cell::Timestamp(fetched_at),
        Cell::text(Some(source)),
    ])
}

/// The situations of a journey: every one of them, where other lists count as their first element.
fn alerts(journey: &Value) -> Result<Cell, Malformed> {
    let one;
    let situations = match journey.get("SituationRef") {
        None | Some(Value::Null) => return Ok(Cell::Null),
        Some(Value::Array(situations)) => situations,
        Some(situation) => {
            one = vec![situation.clone()];
            &one
        }
    };
    let mut joined: Vec<String> = Vec::new();
    for situation in situations {
        joined.extend(value::text(situation, &["SituationSimpleRef"])?);
    }
    Ok(Cell::text(Some(joined.join("|"))))
}
