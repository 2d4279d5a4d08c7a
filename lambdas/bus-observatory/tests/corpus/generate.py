"""Writes the corpus: messages by Google's `gtfs-realtime-bindings`, and the rows that the bindings read from them.

    pip install -r ../requirements.txt
    python generate.py                       # the corpus
    python generate.py FOLDER FIRST END      # other messages: those of the seeds from FIRST, before END

Each `N.pb` is a message, and each `N.json` the rows of its vehicles, with unset and empty fields as null.
"""

import json
import pathlib
import random
import sys

from google.transit import gtfs_realtime_pb2

FETCHED_AT = 1700001234
# Entities of a message.
SIZES = [0, 1, 12, 40]
TRIP = ["trip_id", "route_id", "direction_id", "start_time", "start_date", "schedule_relationship"]
DESCRIPTOR = ["id", "label", "license_plate"]
POSITION = ["latitude", "longitude", "bearing", "odometer", "speed"]
VEHICLE = [
    "current_stop_sequence",
    "stop_id",
    "current_status",
    "congestion_level",
    "occupancy_status",
    "occupancy_percentage",
]
CHOICES = {
    "trip_id": ["a", "", "Zug nach Köln"],
    "route_id": ["M1", "", "B 44"],
    "direction_id": [0, 1],
    "start_time": ["25:01:02"],
    "start_date": ["20240229"],
    "schedule_relationship": [0, 1, 2, 3, 5],
    "id": ["v1", "v2", ""],
    "label": ["L"],
    "license_plate": ["P 1"],
    "current_stop_sequence": [1, 77],
    "stop_id": ["s9", ""],
    "current_status": [0, 1, 2],
    "congestion_level": [0, 1, 2, 3, 4],
    "occupancy_status": list(range(9)),
    "occupancy_percentage": [0, 55, 140],
}


def maybe(chance=0.6):
    return random.random() < chance


def fill(message, fields):
    message.SetInParent()
    for field in fields:
        if maybe():
            setattr(message, field, random.choice(CHOICES[field]))


def message(entities):
    feed = gtfs_realtime_pb2.FeedMessage()
    feed.header.gtfs_realtime_version = "2.0"
    if maybe():
        feed.header.timestamp = 1700000000 + random.randrange(10**6)
    for index in range(entities):
        entity = feed.entity.add()
        entity.id = f"entity {index}"
        if maybe(0.15):
            entity.alert.header_text.translation.add().text = "detour"
        if maybe(0.15):
            entity.trip_update.trip.trip_id = "t"
        if not maybe(0.9):
            continue
        vehicle = entity.vehicle
        fill(vehicle, VEHICLE)
        if maybe():
            fill(vehicle.trip, TRIP)
        if maybe():
            fill(vehicle.vehicle, DESCRIPTOR)
        if maybe(0.8):
            vehicle.position.latitude = random.uniform(-90, 90)
            vehicle.position.longitude = random.uniform(-180, 180)
            for field, most in [("bearing", 360), ("odometer", 1e7), ("speed", 30)]:
                if maybe():
                    setattr(vehicle.position, field, random.uniform(0, most))
        if maybe():
            vehicle.timestamp = 1700000000 + random.randrange(10**6)
    return feed


def read(message, field):
    if not message.HasField(field):
        return None
    value = getattr(message, field)
    return None if value == "" else value


def rows(feed):
    for entity in feed.entity:
        if not entity.HasField("vehicle"):
            continue
        vehicle = entity.vehicle
        row = {"id": entity.id}
        row |= {f"vehicle_trip_{field}": read(vehicle.trip, field) for field in TRIP}
        row |= {f"vehicle_vehicle_{field}": read(vehicle.vehicle, field) for field in DESCRIPTOR}
        row |= {f"vehicle_position_{field}": read(vehicle.position, field) for field in POSITION}
        row |= {f"vehicle_{field}": read(vehicle, field) for field in VEHICLE}
        times = [(read(vehicle, "timestamp"), "vehicle"), (read(feed.header, "timestamp"), "header")]
        time, source = next((pair for pair in times if pair[0] is not None), (FETCHED_AT, "fetch"))
        row |= {"vehicle_timestamp": time * 10**6, "fetched_at": FETCHED_AT * 10**6, "ts_source": source}
        yield row


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    first, end = map(int, sys.argv[2:4] or (0, len(SIZES)))
    for seed in range(first, end):
        random.seed(seed)
        content = message(SIZES[seed % len(SIZES)]).SerializeToString()
        (folder / f"{seed}.pb").write_bytes(content)
        parsed = gtfs_realtime_pb2.FeedMessage.FromString(content)
        lines = ",\n".join(json.dumps(row) for row in rows(parsed))
        (folder / f"{seed}.json").write_text(f"[\n{lines}\n]\n")


main()
