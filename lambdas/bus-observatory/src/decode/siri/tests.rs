#![allow(clippy::unwrap_used)]

use super::*;

const ACTIVITY_JSON: &str = r#"{
  "RecordedAtTime": "2021-06-23T00:03:41.000-04:00",
  "MonitoredVehicleJourney": {
    "LineRef": "MTA NYCT_M1", "DirectionRef": "0",
    "FramedVehicleJourneyRef": {"DataFrameRef": "2021-06-22", "DatedVehicleJourneyRef": "MTA NYCT_OH_B1"},
    "JourneyPatternRef": "MTA_M010175", "PublishedLineName": ["M1"], "OperatorRef": "MTA NYCT",
    "OriginRef": "MTA_400001", "DestinationRef": "MTA_400002", "DestinationName": ["SOHO"],
    "SituationRef": [{"SituationSimpleRef": "A"}, {"SituationSimpleRef": ["B"]}],
    "MonitoredCall": {
      "StopPointRef": "MTA_400003", "ExpectedArrivalTime": "2021-06-23T00:05:00.5-04:00",
      "Extensions": {"Distances": {"CallDistanceAlongRoute": 10191.66, "DistanceFromCall": "251.5"},
                     "Capacities": {"EstimatedPassengerCount": 12}}
    },
    "VehicleLocation": {"Longitude": -73.97, "Latitude": 40.76}, "Bearing": 234,
    "ProgressRate": "normalProgress", "ProgressStatus": ["layover"], "Occupancy": "seatsAvailable",
    "VehicleRef": "MTA NYCT_3816", "BlockRef": "MTA NYCT_BLOCK"
  }
}"#;

fn delivery(activities: &str) -> String {
    format!(
        r#"{{"Siri": {{"ServiceDelivery": {{"ResponseTimestamp": "2021-06-23T04:04:00Z",
           "VehicleMonitoringDelivery": [{{"VehicleActivity": [{activities}]}}]}}}}}}"#
    )
}

fn outcome(body: &str) -> Result<(usize, u64, bool), NotAFeed> {
    decode(body.as_bytes(), 7).map(|decoded| (decoded.table.len(), decoded.rejected, decoded.partial))
}

fn cells(decoded: &Decoded, row: usize) -> Vec<Cell> {
    (0..FeedType::Siri.columns().len()).map(|column| decoded.table.cell(column, row)).collect()
}

fn expected() -> Vec<Cell> {
    let text = |text: &str| Cell::Text(text.into());
    vec![
        text("M1"),
        Cell::Timestamp(1_624_421_021_000_000),
        text("MTA NYCT_M1"),
        text("0"),
        text("2021-06-22"),
        text("MTA NYCT_OH_B1"),
        text("MTA_M010175"),
        text("M1"),
        text("MTA NYCT"),
        text("MTA_400001"),
        text("MTA_400002"),
        text("SOHO"),
        text("MTA_400003"),
        Cell::Timestamp(1_624_421_100_500_000),
        Cell::Double(10191.66),
        Cell::Double(251.5),
        Cell::Integer(12),
        text("A|B"),
        Cell::Double(40.76),
        Cell::Double(-73.97),
        Cell::Double(234.0),
        text("normalProgress"),
        text("layover"),
        text("seatsAvailable"),
        text("MTA NYCT_3816"),
        text("MTA NYCT_BLOCK"),
        Cell::Timestamp(7),
        text("vehicle"),
    ]
}

#[test]
fn an_activity_is_a_row() {
    let decoded = decode(delivery(ACTIVITY_JSON).as_bytes(), 7).unwrap();
    assert_eq!((decoded.table.len(), decoded.rejected, decoded.partial), (1, 0, false));
    assert_eq!(cells(&decoded, 0), expected());
}

#[test]
fn xml_says_the_same() {
    let body = r#"<?xml version="1.0"?><siri:Siri xmlns:siri="http://www.siri.org.uk/siri"><siri:ServiceDelivery>
      <siri:ResponseTimestamp>2021-06-23T04:04:00Z</siri:ResponseTimestamp><siri:VehicleMonitoringDelivery>
      <siri:VehicleActivity><siri:RecordedAtTime>2021-06-23T00:03:41.000-04:00</siri:RecordedAtTime>
      <siri:MonitoredVehicleJourney><siri:LineRef>MTA NYCT_M1</siri:LineRef><siri:DirectionRef>0</siri:DirectionRef>
      <siri:FramedVehicleJourneyRef><siri:DataFrameRef>2021-06-22</siri:DataFrameRef>
      <siri:DatedVehicleJourneyRef>MTA NYCT_OH_B1</siri:DatedVehicleJourneyRef></siri:FramedVehicleJourneyRef>
      <siri:JourneyPatternRef>MTA_M010175</siri:JourneyPatternRef><siri:PublishedLineName>M1</siri:PublishedLineName>
      <siri:OperatorRef>MTA NYCT</siri:OperatorRef><siri:OriginRef>MTA_400001</siri:OriginRef>
      <siri:DestinationRef>MTA_400002</siri:DestinationRef><siri:DestinationName>SOHO</siri:DestinationName>
      <siri:SituationRef><siri:SituationSimpleRef>A</siri:SituationSimpleRef></siri:SituationRef>
      <siri:SituationRef><siri:SituationSimpleRef>B</siri:SituationSimpleRef></siri:SituationRef>
      <siri:MonitoredCall><siri:StopPointRef>MTA_400003</siri:StopPointRef>
      <siri:ExpectedArrivalTime>2021-06-23T00:05:00.5-04:00</siri:ExpectedArrivalTime>
      <siri:Extensions><Distances><CallDistanceAlongRoute>10191.66</CallDistanceAlongRoute>
      <DistanceFromCall>251.5</DistanceFromCall></Distances>
      <Capacities><EstimatedPassengerCount>12</EstimatedPassengerCount></Capacities></siri:Extensions></siri:MonitoredCall>
      <siri:VehicleLocation><siri:Longitude>-73.97</siri:Longitude><siri:Latitude>40.76</siri:Latitude></siri:VehicleLocation>
      <siri:Bearing>234</siri:Bearing><siri:ProgressRate>normalProgress</siri:ProgressRate>
      <siri:ProgressStatus>layover</siri:ProgressStatus><siri:Occupancy>seatsAvailable</siri:Occupancy>
      <siri:VehicleRef>MTA NYCT_3816</siri:VehicleRef><siri:BlockRef>MTA NYCT_BLOCK</siri:BlockRef>
      </siri:MonitoredVehicleJourney></siri:VehicleActivity>
      <siri:VehicleActivity><siri:RecordedAtTime>noon</siri:RecordedAtTime></siri:VehicleActivity>
      </siri:VehicleMonitoringDelivery></siri:ServiceDelivery></siri:Siri>"#;
    let decoded = decode(body.as_bytes(), 7).unwrap();
    assert_eq!((decoded.table.len(), decoded.rejected, decoded.partial), (1, 1, false));
    assert_eq!(cells(&decoded, 0), expected());
    let cut = decode(&body.as_bytes()[..body.find("noon").unwrap()], 7).unwrap();
    assert_eq!((cut.table.len(), cut.partial), (1, true));
}

#[test]
fn bad_activities_cost_themselves_only() {
    let no_time = ACTIVITY_JSON.replace(r#""RecordedAtTime": "2021-06-23T00:03:41.000-04:00","#, "");
    let bad_time = ACTIVITY_JSON.replace("00:03:41.000-04:00", "25:03:41");
    let no_vehicle = ACTIVITY_JSON.replace("VehicleRef", "Vehicle");
    let list = [ACTIVITY_JSON, "7", "null", "\"x\"", &bad_time, &no_vehicle, "{}", &no_time].join(",");
    let decoded = decode(delivery(&list).as_bytes(), 7).unwrap();
    assert_eq!((decoded.table.len(), decoded.rejected, decoded.partial), (2, 6, false));
    assert_eq!(decoded.table.cell(1, 1), Cell::Timestamp(1_624_421_040_000_000));
    assert_eq!(decoded.table.text(27, 1), Some("header"));
}

#[test]
fn a_body_that_is_cut_short_keeps_what_is_whole() {
    let body = delivery(&[ACTIVITY_JSON, ACTIVITY_JSON].join(","));
    let second = body.rfind("\"RecordedAtTime\"").unwrap();
    assert_eq!(outcome(&body[..second + 40]), Ok((1, 0, true)));
    assert_eq!(outcome(&body[..body.len() - 2]), Ok((2, 0, true)));
    let corrupt = format!("{}!{}", &body[..second], &body[second..]);
    assert_eq!(outcome(&corrupt), Ok((1, 1, true)));
}

#[test]
fn every_delivery_counts_and_none_is_fine() {
    let two = format!(
        r#"{{"Siri": {{"ServiceDelivery": {{"VehicleMonitoringDelivery": [
           {{"VehicleActivity": [{ACTIVITY_JSON}]}}, {{"VehicleActivity": {ACTIVITY_JSON}}}]}}}}}}"#
    );
    assert_eq!(outcome(&two), Ok((2, 0, false)));
    assert_eq!(outcome(&delivery("")), Ok((0, 0, false)));
    assert_eq!(outcome(r#"{"Siri":{"ServiceDelivery":{"VehicleMonitoringDelivery":[{}]}}}"#), Ok((0, 0, false)));
    assert_eq!(outcome("<Siri><ServiceDelivery/></Siri>"), Ok((0, 0, false)));
}

#[test]
fn other_bodies_are_refused() {
    for body in ["{}", "[]", "<html></html>", "{\"Siri\":", "Not Found", "\u{feff}", "<!DOCTYPE html><html>"] {
        assert_eq!(outcome(body), Err(NotAFeed::NotSiri), "{body}");
    }
    let failed = r#"{"Siri":{"ServiceDelivery":{"VehicleMonitoringDelivery":[{"ErrorCondition":{"OtherError":{}}}]}}}"#;
    assert_eq!(outcome(failed), Err(NotAFeed::ErrorCondition));
    let failed = "<Siri><ServiceDelivery><X><ErrorCondition/></X></ServiceDelivery></Siri>";
    assert_eq!(outcome(failed), Err(NotAFeed::ErrorCondition));
}
