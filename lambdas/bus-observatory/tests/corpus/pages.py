"""Writes the rows of a Parquet file again, in ways in which this program does not write.

    bus-local decode gtfsrt BODY ROWS --fetched 2023-05-01T00:10:00Z
    python3 pages.py ROWS FOLDER
"""

import pathlib
import sys

import pyarrow.parquet as pq

DELTA = {"string": "DELTA_BYTE_ARRAY", "int32": "DELTA_BINARY_PACKED", "timestamp[us, tz=UTC]": "DELTA_BINARY_PACKED"}
LENGTHS = {"string": "DELTA_LENGTH_BYTE_ARRAY"} | dict.fromkeys(["float", "double", "int32"], "BYTE_STREAM_SPLIT")


def main():
    table = pq.read_table(sys.argv[1], partitioning=None)

    def plain(names):
        encodings = {field.name: names.get(str(field.type), "PLAIN") for field in table.schema}
        return {"use_dictionary": False, "column_encoding": encodings}

    ways = {
        "dictionary": {"data_page_version": "1.0", "compression": "none"},
        "dictionary-2": {"data_page_version": "2.0", "compression": "zstd"},
        "delta": {"data_page_version": "1.0", "compression": "none"} | plain(DELTA),
        "lengths": {"data_page_version": "2.0", "compression": "snappy"} | plain(LENGTHS),
    }
    for name, way in ways.items():
        path = pathlib.Path(sys.argv[2]) / f"{name}.parquet"
        pq.write_table(table, path, store_schema=False, row_group_size=20, **way)


main()
