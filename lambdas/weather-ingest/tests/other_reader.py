"""Prints schema, metadata and row of a Parquet file as JSON, read by pyarrow."""

import json
import sys

import pyarrow.parquet as parquet

file = parquet.ParquetFile(sys.argv[1])
schema = file.schema_arrow
rows = file.read().to_pylist()
print(
    json.dumps(
        {
            "schema": [[field.name, str(field.type), field.nullable] for field in schema],
            "metadata": {
                key.decode(): value.decode()
                for key, value in file.metadata.metadata.items()
            },
            "compression": sorted(
                {
                    file.metadata.row_group(0).column(number).compression
                    for number in range(file.metadata.num_columns)
                }
            ),
            "rows": rows,
        },
        default=lambda time: time.isoformat(),
    )
)
