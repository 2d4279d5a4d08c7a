"""Reviews archives of CTD casts with pandas: statistics, casts, box and findings, as JSON to standard output.

    python3 peer.py ARCHIVE...

Reads each member with the C engine of `read_csv` and calculates on whole columns of all members at once.
"""

import io
import json
import pathlib
import sys
import zipfile

import numpy as np
import pandas as pd

RANGES = {"CTDPRS": (-5, 11000), "CTDTMP": (-2.5, 40), "CTDSAL": (2, 41), "CTDOXY": (-5, 600)}
LEGAL = [0, 1, 2, 3, 4, 5, 6, 7, 9]


def cast(content):
    """Headers and rows of a member."""
    headers = {}
    end = content.index(b"\n") + 1
    while True:
        start, end = end, content.index(b"\n", end) + 1
        line = content[start:end].strip()
        if line.startswith(b"#"):
            continue
        if b"=" not in line:
            break
        name, value = line.split(b"=", 1)
        headers[name.strip().decode()] = value.strip().decode()
    names = [name.strip() for name in line.decode().split(",")]
    start, end = end, content.index(b"\n", end) + 1
    units = [unit.strip() for unit in content[start:end].decode().split(",")]
    rows = io.BytesIO(content[end : content.index(b"\nEND_DATA", end) + 1])
    return headers, dict(zip(names, units)), pd.read_csv(rows, header=None, names=names, dtype="float64")


def parameter(name, values, flags):
    fill = values == -999
    invalid = values.isna()
    number = ~fill & ~invalid
    good = number if flags is None else number & flags.isin([2, 6])
    chosen = values[good]
    findings = {}
    if flags is not None:
        legal = flags.isin(LEGAL)
        no_data = flags.isin([5, 9])
        findings["illegal_flag"] = int((~legal).sum())
        findings["fill_with_value_flag"] = int((legal & fill & ~no_data & (flags != 0)).sum())
        findings["value_with_no_data_flag"] = int((legal & number & no_data).sum())
    if name in RANGES:
        findings["gross_range"] = int((~chosen.between(*RANGES[name])).sum())
    histogram = {} if flags is None else {str(int(flag)): int(count) for flag, count in flags.value_counts().items()}
    return {
        "parameter": name,
        "n": len(values),
        "fill": int(fill.sum()),
        "invalid": int(invalid.sum()),
        "missing_rate": float((fill | invalid).mean()),
        "flags": histogram,
        "good": len(chosen),
        "min": chosen.min() if len(chosen) else None,
        "max": chosen.max() if len(chosen) else None,
        "mean": chosen.mean() if len(chosen) else None,
        "findings": {code: count for code, count in findings.items() if count},
    }


def box(longitudes):
    around = np.unique(longitudes)
    gaps = np.append(np.diff(around), around[0] + 360 - around[-1])
    widest = int(gaps.argmax())
    return around[(widest + 1) % len(around)], around[widest]


def review(path):
    archive = zipfile.ZipFile(path)
    casts, frames, units = [], [], {}
    for name in archive.namelist():
        content = archive.read(name)
        if not content.startswith(b"CTD,"):
            continue
        headers, own, frame = cast(content)
        units = {**own, **units}
        good = frame["CTDPRS"][frame["CTDPRS_FLAG_W"].isin([2, 6])]
        casts.append(
            {
                "key": [headers["EXPOCODE"], headers["STNNBR"], headers["CASTNO"]],
                "date": int(headers["DATE"]),
                "latitude": float(headers["LATITUDE"]),
                "longitude": float(headers["LONGITUDE"]),
                "rows": len(frame),
                "pressure_min": good.min(),
                "pressure_max": good.max(),
                "not_increasing": int((frame["CTDPRS"].diff() <= 0).sum()),
            }
        )
        frames.append(frame)
    table = pd.concat(frames, ignore_index=True)
    west, east = box([one["longitude"] for one in casts])
    latitudes = [one["latitude"] for one in casts]
    dates = [one["date"] for one in casts]
    parameters = []
    for name in table.columns:
        if not name.endswith("_FLAG_W"):
            flags = table.get(f"{name}_FLAG_W")
            parameters.append({**parameter(name, table[name], flags), "unit": units[name]})
    return {
        "file": pathlib.Path(path).name,
        "observations": len(table),
        "casts": casts,
        "stations": len({tuple(one["key"][:2]) for one in casts}),
        "date_min": min(dates),
        "date_max": max(dates),
        "lat_min": min(latitudes),
        "lat_max": max(latitudes),
        "lon_west": west,
        "lon_east": east,
        "parameters": parameters,
    }


if __name__ == "__main__":
    json.dump([review(path) for path in sys.argv[1:]], sys.stdout, default=float)
