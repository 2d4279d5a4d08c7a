"""The same work as `bus-local grab` and `bus-local compact`, with pandas, pyarrow and Google's bindings.

    peer.py grab    LAKE BODY SCHEDULED     # SCHEDULED in seconds since 1970
    peer.py compact LAKE [HOUR…]            # hours `YYYY-MM-DDTHH`; all of them without
    peer.py compare LAKE OTHER              # whether the merged rows of two lakes are the same, cell by cell, in the same order

Each grab writes the rows that the grab before did not have; each hour becomes one file of sorted rows, zstd 3, row groups of
65,536, every (vehicle, timestamp) once. There are no pointers here, and nothing is safe against crashes.
"""

import datetime
import hashlib
import pathlib
import sys

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

TEXT, INTEGER, FLOAT, DOUBLE, TIME = pa.string(), pa.int32(), pa.float32(), pa.float64(), pa.timestamp("us", tz="UTC")
TRIP = {
    "trip_id": TEXT,
    "route_id": TEXT,
    "direction_id": INTEGER,
    "start_time": TEXT,
    "start_date": TEXT,
    "schedule_relationship": INTEGER,
}
DESCRIPTOR = {"id": TEXT, "label": TEXT, "license_plate": TEXT}
POSITION = {"latitude": FLOAT, "longitude": FLOAT, "bearing": FLOAT, "odometer": DOUBLE, "speed": FLOAT}
VEHICLE = {
    "current_stop_sequence": INTEGER,
    "stop_id": TEXT,
    "current_status": INTEGER,
    "timestamp": TIME,
    "congestion_level": INTEGER,
    "occupancy_status": INTEGER,
    "occupancy_percentage": INTEGER,
}
COLUMNS = (
    {"id": TEXT}
    | {f"vehicle_trip_{name}": kind for name, kind in TRIP.items()}
    | {f"vehicle_vehicle_{name}": kind for name, kind in DESCRIPTOR.items()}
    | {f"vehicle_position_{name}": kind for name, kind in POSITION.items()}
    | {f"vehicle_{name}": kind for name, kind in VEHICLE.items()}
    | {"fetched_at": TIME, "ts_source": TEXT}
)
SCHEMA = pa.schema(list(COLUMNS.items()))
ORDER = ["vehicle_trip_route_id", "vehicle_timestamp", "vehicle_vehicle_id"]
OBSERVATION = ["vehicle_vehicle_id", "vehicle_timestamp"]


def read(message, names):
    return {name: getattr(message, name) if message.HasField(name) else None for name in names}


def rows(body, fetched):
    from google.transit import gtfs_realtime_pb2

    feed = gtfs_realtime_pb2.FeedMessage.FromString(body)
    for entity in feed.entity:
        if not entity.HasField("vehicle"):
            continue
        vehicle = entity.vehicle
        row = {"id": entity.id}
        row |= {f"vehicle_trip_{name}": value for name, value in read(vehicle.trip, TRIP).items()}
        row |= {f"vehicle_vehicle_{name}": value for name, value in read(vehicle.vehicle, DESCRIPTOR).items()}
        row |= {f"vehicle_position_{name}": value for name, value in read(vehicle.position, POSITION).items()}
        row |= {f"vehicle_{name}": value for name, value in read(vehicle, VEHICLE).items()}
        time, source = (vehicle.timestamp, "vehicle") if vehicle.timestamp else (feed.header.timestamp, "header")
        row |= {"vehicle_timestamp": time * 10**6, "fetched_at": fetched * 10**6, "ts_source": source}
        yield row


def grab(lake, body, scheduled):
    frame = pd.DataFrame.from_records(list(rows(pathlib.Path(body).read_bytes(), scheduled)), columns=list(COLUMNS))
    frame["vehicle_timestamp"] = pd.to_datetime(frame["vehicle_timestamp"], unit="us", utc=True)
    frame["fetched_at"] = pd.to_datetime(frame["fetched_at"], unit="us", utc=True)
    frame = frame.drop_duplicates(OBSERVATION).sort_values(ORDER, kind="stable")
    last = lake / "last.parquet"
    fresh = frame
    if last.exists():
        known = pd.MultiIndex.from_frame(pq.read_table(last, columns=OBSERVATION).to_pandas())
        fresh = frame[~pd.MultiIndex.from_frame(frame[OBSERVATION]).isin(known)]
    now = datetime.datetime.fromtimestamp(scheduled, datetime.UTC)
    for hour, part in fresh.groupby(fresh["vehicle_timestamp"].dt.floor("h")):
        folder = lake / f"dt={hour:%Y-%m-%d}" / f"hr={hour:%H}"
        folder.mkdir(parents=True, exist_ok=True)
        content = pa.BufferOutputStream()
        pq.write_table(pa.Table.from_pandas(part, SCHEMA, preserve_index=False), content, compression="snappy")
        content = content.getvalue().to_pybytes()
        digest = hashlib.sha256(content).hexdigest()[:8]
        (folder / f"incoming-{now:%Y%m%dT%H%M%SZ}-{digest}.parquet").write_bytes(content)
    pq.write_table(pa.Table.from_pandas(frame, SCHEMA, preserve_index=False), last, compression="snappy")
    print(len(fresh))


def compact(lake, hours):
    total = 0
    for folder in sorted(lake.glob("dt=*/hr=*")):
        hour = f"{folder.parent.name[3:]}T{folder.name[3:]}"
        inputs = sorted(folder.glob("incoming-*.parquet"))
        if not inputs or hours and hour not in hours:
            continue
        frame = pd.concat([pq.read_table(path, partitioning=None).to_pandas() for path in inputs], ignore_index=True)
        frame = frame.sort_values(ORDER, kind="stable").drop_duplicates(OBSERVATION)
        pq.write_table(
            pa.Table.from_pandas(frame, SCHEMA, preserve_index=False),
            folder / "compacted.parquet",
            compression="zstd",
            compression_level=3,
            row_group_size=65_536,
        )
        for path in inputs:
            path.unlink()
        total += len(frame)
    print(total)


def compare(lake, other):
    total, sizes = 0, [0, 0]
    for path in sorted(other.glob("dt=*/hr=*/compacted*.parquet")):
        (own,) = (lake / path.parent.relative_to(other)).glob("compacted*.parquet")
        ours, theirs = (pq.read_table(file, partitioning=None).cast(SCHEMA) for file in (own, path))
        for name in COLUMNS:
            if not ours[name].combine_chunks().equals(theirs[name].combine_chunks()):
                sys.exit(f"{own}: `{name}` is not that of {path}")
        total += len(ours)
        sizes = [size + file.stat().st_size for size, file in zip(sizes, (own, path))]
    print(f"the same {total} rows, {sizes[0] / 1e6:.1f} and {sizes[1] / 1e6:.1f} MB")


def main():
    command, lake, *rest = sys.argv[1:]
    lake = pathlib.Path(lake)
    if command == "grab":
        grab(lake, rest[0], int(rest[1]))
    elif command == "compare":
        compare(lake, pathlib.Path(rest[0]))
    else:
        compact(lake, rest)


main()
