#!/usr/bin/env python3
"""Writes the small files of test_data/ocean, whose figures are invented. Needs only Python 3.

Two runs with one Python write the same bytes, so that a deployment uploads nothing that did not change.
`profiles_cf.nc` is HDF5 and comes from make_ocean_cf.py.
"""

import gzip
import io
import math
import struct
import zipfile
from pathlib import Path

FOLDER = Path(__file__).parent / "ocean"
EXPOCODE = "99SG20250401"


def temperature(pressure):
    return 2.0 + 16.0 * math.exp(-pressure / 150.0)


def salinity(pressure):
    return 34.2 + 0.6 * (1.0 - math.exp(-pressure / 300.0))


def bottle_row(station, sample, pressure, latitude, longitude, oxygen="250.0", flag="2", time="0930"):
    return (
        f"{EXPOCODE},SG1,{station:6},{1:4},{sample:6},20250401,{time:>4},{latitude:9.4f},{longitude:10.4f},"
        f"{pressure:9.1f},{temperature(pressure):9.4f},{salinity(pressure):9.4f},2,{oxygen:>9},{flag}"
    )


def bottle(rows, end=True):
    names = "EXPOCODE,SECT_ID,STNNBR,CASTNO,SAMPNO,DATE,TIME,LATITUDE,LONGITUDE,CTDPRS,CTDTMP,CTDSAL,CTDSAL_FLAG_W,OXYGEN,OXYGEN_FLAG_W"
    units = ",,,,,,,,,DBAR,ITS-90,PSS-78,,UMOL/KG,"
    lines = ["BOTTLE,20250402STACKGEN", "# Invented figures: no ship took these samples.", names, units, *rows]
    return "\n".join(lines + (["END_DATA"] if end else [])) + "\n"


def good_rows():
    rows = [bottle_row(1, number, pressure, 10.0, 179.5) for number, pressure in enumerate((5, 50, 100, 500), 1)]
    rows += [bottle_row(2, number, pressure, 11.25, -179.75) for number, pressure in enumerate((5, 50, 100), 1)]
    rows.append(bottle_row(2, 4, 500, 11.25, -179.75, oxygen="-999.0", flag="9"))
    return rows


def defective_rows():
    """Bad times, an illegal flag, a value with a flag that says there is none and the reverse, a key twice."""
    return [
        bottle_row(3, 1, 5, 12.0, 178.0, time="0081"),
        bottle_row(3, 2, 50, 12.0, 178.0, oxygen="249.5", flag="12", time="0081"),
        bottle_row(3, 3, 100, 12.0, 178.0, oxygen="248.0", flag="9", time="0081"),
        bottle_row(3, 3, 500, 12.0, 178.0, oxygen="-999.0", flag="2", time="0081"),
    ]


def defective_cells():
    """Rows whose cells are wrong one by one: the defect stands in the comment behind the row."""
    good = [bottle_row(4, number, 10 * number, 13.0, 177.0) for number in range(1, 10)]
    cells = [row.split(",") for row in good]
    cells[0][4] = ""  # missing_key: no SAMPNO
    cells[1][5] = "20250431"  # bad_date, and profile_metadata_varies
    cells[2][7] = "-999.0"  # missing_coordinate, and profile_metadata_varies
    cells[3][10] = "n/a"  # non_numeric_value
    cells[4][11] = ""  # blank_value
    cells[5][10] = "99.0000"  # gross_range
    cells[6][8] = " 176.0000"  # profile_metadata_varies
    cells[7].append("1")  # row_width
    cells[8][6] = "2400"  # bad_time, and profile_metadata_varies
    return [",".join(row) for row in cells]


def defective_columns():
    """A table whose columns are wrong, and whose sample numbers are those of the bottles."""
    names = "EXPOCODE,SECT,STNNBR,CASTNO,BTLNBR,BTLNBR_FLAG_W,DATE,TIME,LATITUDE,LONGITUDE,CTDTMP,CTDTMP,,OXYGEN,OXYGEN_FLAG_W,NITRAT_FLAG_W"
    units = ",,,,,,,,,,ITS-90,ITS-90,,UMOL/KG,NONE"
    row = f"{EXPOCODE},SG1,5,1,7,12,20250401,0930,14.0,176.0,8.5,8.5,1,250.0,2,2"
    return "\n".join(["BOTTLE,20250402STACKGEN", names, units, row, "END_DATA"]) + "\n"


def defective_bytes():
    """Good rows in bad bytes: a byte-order mark, Latin-1, lines of another system, a blank line."""
    text = bottle(good_rows()).replace("no ship", "kein Schiff \u00fcberhaupt").replace("END_DATA", "\nEND_DATA")
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode("latin-1")


def defective_ctd():
    """Headers that are missing, old or miscounted, and a pressure that goes back."""
    text = ctd(6, 15.0, 175.0, 20).replace("SECT_ID =", "SECT =").replace("STNNBR = 6\n", "")
    text = text.replace("LATITUDE = 15.0000", "LATITUDE =").replace("\n8.0,2,", "\n5.0,2,")
    return text


def ctd(station, latitude, longitude, deepest):
    headers = [
        f"EXPOCODE = {EXPOCODE}",
        "SECT_ID = SG1",
        f"STNNBR = {station}",
        "CASTNO = 1",
        "DATE = 20250401",
        "TIME = 0915",
        f"LATITUDE = {latitude:.4f}",
        f"LONGITUDE = {longitude:.4f}",
        f"DEPTH = {deepest + 20}",
    ]
    rows = [f"{p:.1f},2,{temperature(p):.4f},2,{salinity(p):.4f},2" for p in range(0, deepest + 1, 2)]
    return "\n".join(
        [
            "CTD,20250402STACKGEN",
            "# Invented figures: no ship took this cast.",
            f"NUMBER_HEADERS = {len(headers) + 1}",
            *headers,
            "CTDPRS,CTDPRS_FLAG_W,CTDTMP,CTDTMP_FLAG_W,CTDSAL,CTDSAL_FLAG_W",
            "DBAR,,ITS-90,,PSS-78,",
            *rows,
            "END_DATA",
        ]
    ) + "\n"


def archive_bytes(members, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, content in members:
            entry = zipfile.ZipInfo(name, date_time=(2025, 4, 2, 0, 0, 0))
            entry.compress_type = method
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            file.writestr(entry, content)
    return buffer.getvalue()


def archive(path, members):
    path.write_bytes(archive_bytes(members))


def defective_archive():
    """Members that are damaged, nested, of another kind, of another unit, and a cast that occurs twice."""
    spoiled = "SPOILED FIGURES"
    content = archive_bytes(
        [
            ("notes.txt", "Invented casts.\n"),
            ("00101_ct1.csv", ctd(1, 10.0, 179.5, 20)),
            ("00101_again_ct1.csv", ctd(1, 10.0, 179.5, 20)),
            ("00201_ct1.csv", ctd(2, 11.25, -179.75, 20).replace("DBAR,,ITS-90", "DBAR,,IPTS-68")),
            ("00301_ct1.csv", ctd(3, 12.0, 178.0, 20).replace("no ship took", spoiled)),
            ("bottles_hy1.csv", bottle(good_rows())),
            ("older.zip", archive_bytes([("00401_ct1.csv", ctd(4, 13.0, 177.0, 20))])),
        ],
        zipfile.ZIP_STORED,
    )
    # Members are stored as they are, so that other bytes no longer have the checksum of the directory.
    return content.replace(spoiled.encode(), b"changed figures")


# netCDF in its classic form (CDF-1): a header of big-endian integers and padded texts, then the variables one after another.
CHAR, SHORT, INT, DOUBLE = 2, 3, 4, 6
FORMATS = {SHORT: "h", INT: "i", DOUBLE: "d"}


def padded(content):
    return content + b"\0" * (-len(content) % 4)


def name_bytes(name):
    return struct.pack(">i", len(name)) + padded(name.encode())


def values_bytes(kind, values):
    if kind == CHAR:
        return values.encode()
    return struct.pack(f">{len(values)}{FORMATS[kind]}", *values)


def attributes_bytes(attributes):
    content = struct.pack(">ii", 12, len(attributes)) if attributes else struct.pack(">ii", 0, 0)
    for name, value in attributes:
        content += name_bytes(name) + struct.pack(">ii", CHAR, len(value)) + padded(value.encode())
    return content


def netcdf(dimensions, attributes, variables):
    numbers = {name: number for number, (name, _) in enumerate(dimensions)}
    bodies = [padded(values_bytes(kind, values)) for _, _, _, kind, values in variables]

    def header(first):
        content = b"CDF\x01" + struct.pack(">i", 0) + struct.pack(">ii", 10, len(dimensions))
        for name, length in dimensions:
            content += name_bytes(name) + struct.pack(">i", length)
        content += attributes_bytes(attributes) + struct.pack(">ii", 11, len(variables))
        begin = first
        for (name, axes, own, kind, _), body in zip(variables, bodies):
            content += name_bytes(name) + struct.pack(f">i{len(axes)}i", len(axes), *(numbers[axis] for axis in axes))
            content += attributes_bytes(own) + struct.pack(">iii", kind, len(body), begin)
            begin += len(body)
        return content

    return header(len(header(0))) + b"".join(bodies)


def whp_ctd(station, latitude, longitude, deepest):
    pressures = list(range(0, deepest + 1, 2))
    axis = ["pressure"]

    def parameter(name, unit, whp_name, values):
        flags = f"{name}_QC"
        about = [("units", unit), ("WHPO_Variable_Name", whp_name), ("OBS_QC_VARIABLE", flags)]
        return [
            (name, axis, about, DOUBLE, values),
            (flags, axis, [("units", "woce_flags")], SHORT, [2] * len(values)),
        ]

    def text(value):
        return value.ljust(40, "\0")

    return netcdf(
        [("time", 1), ("pressure", len(pressures)), ("latitude", 1), ("longitude", 1), ("string_dimension", 40)],
        [
            ("EXPOCODE", EXPOCODE),
            ("Conventions", "COARDS/WOCE"),
            ("WOCE_VERSION", "3.0"),
            ("DATA_TYPE", "WOCE CTD"),
            ("STATION_NUMBER", station),
            ("CAST_NUMBER", "1"),
        ],
        [
            *parameter("pressure", "dbar", "CTDPRS", [float(p) for p in pressures]),
            *parameter("temperature", "its-90", "CTDTMP", [round(temperature(p), 4) for p in pressures]),
            *parameter("salinity", "pss-78", "CTDSAL", [round(salinity(p), 4) for p in pressures]),
            ("latitude", ["latitude"], [("units", "degrees_N")], DOUBLE, [latitude]),
            ("longitude", ["longitude"], [("units", "degrees_E")], DOUBLE, [longitude]),
            ("woce_date", ["time"], [("units", "yyyymmdd UTC")], INT, [20250401]),
            ("woce_time", ["time"], [("units", "hhmm UTC")], INT, [915]),
            ("station", ["string_dimension"], [], CHAR, text(station)),
            ("cast", ["string_dimension"], [], CHAR, text("1")),
        ],
    )


def whp_bottle(station, latitude, longitude):
    pressures = [5.0, 50.0, 100.0, 500.0]
    axis = ["pressure"]
    oxygen = [250.0, 249.0, -999.0, 210.5]

    def parameter(name, unit, whp_name, values, flags=None):
        about = [("units", unit), ("WHPO_Variable_Name", whp_name)]
        if flags is None:
            return [(name, axis, about, DOUBLE, values)]
        own = [*about, ("OBS_QC_VARIABLE", f"{name}_QC")]
        return [(name, axis, own, DOUBLE, values), (f"{name}_QC", axis, [("units", "woce_flags")], SHORT, flags)]

    def text(value):
        return value.ljust(40, "\0")

    return netcdf(
        [("time", 1), ("pressure", len(pressures)), ("latitude", 1), ("longitude", 1), ("string_dimension", 40)],
        [
            ("EXPOCODE", EXPOCODE),
            ("Conventions", "COARDS/WOCE"),
            ("WOCE_ID", "SG1"),
            ("DATA_TYPE", "WOCE BOT"),
        ],
        [
            *parameter("pressure", "dbar", "CTDPRS", pressures),
            *parameter("temperature", "its-90", "CTDTMP", [round(temperature(p), 4) for p in pressures]),
            *parameter("bottle_oxygen", "umol/kg", "OXYGEN", oxygen, [2, 2, 9, 6]),
            ("latitude", ["latitude"], [("units", "degrees_N")], DOUBLE, [latitude]),
            ("longitude", ["longitude"], [("units", "degrees_E")], DOUBLE, [longitude]),
            ("woce_date", ["time"], [("units", "yyyymmdd UTC")], INT, [20250401]),
            ("woce_time", ["time"], [("units", "hhmm UTC")], INT, [930]),
            ("station", ["string_dimension"], [], CHAR, text(station)),
            ("cast", ["string_dimension"], [], CHAR, text("1")),
        ],
    )


def other_files():
    """Files that no handler reads, or that cannot be read."""
    woce = f"EXPOCODE {EXPOCODE} WHP-ID SG1 CRUISE DATES 040125 TO 040225\n"
    woce_ctd = woce + "STNNBR 1  CASTNO 1  NO. Records=2\nINSTRUMENT NO. 1\n  CTDPRS  CTDTMP\n    DBAR  ITS-90\n"
    return {
        "station_hy.txt": (woce + "  STNNBR  CASTNO  SAMPNO  CTDPRS\n                            DBAR\n").encode(),
        "cast_00101.ctd": woce_ctd.encode(),
        "casts_ct.zip": archive_bytes([("README.txt", "Invented.\n"), ("00101.ctd", woce_ctd)]),
        "sections.mat": b"MATLAB 5.0 MAT-file, invented".ljust(124) + b"\x00\x01IM",
        "cast.cnv": b"* Sea-Bird SBE 9 Data File:\n* Invented\n*END*\n",
        "report.pdf": b"%PDF-1.4\n% invented\n%%EOF\n",
        "bottle_good_hy1.csv.gz": gzip.compress(bottle(good_rows()).encode(), mtime=0),
        "inventory.xlsx": archive_bytes([("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<workbook/>")]),
        "tides.nc": netcdf([("time", 2)], [("title", "invented")], [("height", ["time"], [], DOUBLE, [0.5, 0.75])]),
        "fuel log +1.csv": b"day,litres\n2025-04-01,1200\n2025-04-02,1150\n",
        "nothing_hy1.csv": b"",
        "truncated_ct1.zip": archive_bytes([("00101_ct1.csv", ctd(1, 10.0, 179.5, 60))])[:-60],
        "truncated_ctd.nc": whp_ctd("1", 10.0, 179.5, 60)[:-1000],
        "bomb_ct1.zip": archive_bytes([("00101_ct1.csv", b"CTD,20250402STACKGEN\n".ljust(10_000_000, b"\n"))]),
    }


def main():
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "bottle_good_hy1.csv").write_text(bottle(good_rows()))
    (FOLDER / "bottle_defects_hy1.csv").write_text(bottle(defective_rows(), end=False))
    (FOLDER / "cast_00101_ct1.csv").write_text(ctd(1, 10.0, 179.5, 60))
    archive(
        FOLDER / "casts_ct1.zip",
        [
            ("README.txt", "Two invented casts.\n"),
            ("00101_ct1.csv", ctd(1, 10.0, 179.5, 60)),
            ("00201_ct1.csv", ctd(2, 11.25, -179.75, 40)),
        ],
    )
    (FOLDER / "cast_00101_ctd.nc").write_bytes(whp_ctd("1", 10.0, 179.5, 60))
    summary = [
        f"R/V EXAMPLE CRUISE {EXPOCODE}",
        "SHIP/CRS       WOCE               CAST         UTC           POSITION",
        "EXPOCODE       SECT STNNBR CASTNO TYPE DATE   TIME CODE LATITUDE   LONGITUDE",
        "-" * 76,
        f"{EXPOCODE:14} SG1       1      1  ROS 040125 0915   BE 10 00.00 N 179 30.00 E",
    ]
    (FOLDER / "stations_su.txt").write_text("\n".join(summary) + "\n")
    (FOLDER / "bottle_cells_hy1.csv").write_text(bottle(defective_cells()))
    (FOLDER / "bottle_columns_hy1.csv").write_text(defective_columns())
    (FOLDER / "bottle_bytes_hy1.csv").write_bytes(defective_bytes())
    (FOLDER / "bottle_no_rows_hy1.csv").write_text(bottle([]))
    (FOLDER / "cast_defects_ct1.csv").write_text(defective_ctd())
    archive(
        FOLDER / "bottles_hy1.zip",
        [("leg1_hy1.csv", bottle(good_rows()[:4])), ("leg2_hy1.csv", bottle(good_rows()[4:]))],
    )
    (FOLDER / "casts_defects_ct1.zip").write_bytes(defective_archive())
    (FOLDER / "station_1_hy1.nc").write_bytes(whp_bottle("1", 10.0, 179.5))
    archive(
        FOLDER / "stations_nc_hyd.zip",
        [("1_hy1.nc", whp_bottle("1", 10.0, 179.5)), ("2_hy1.nc", whp_bottle("2", 11.25, -179.75))],
    )
    archive(
        FOLDER / "casts_nc_ctd.zip",
        [("00101_ctd.nc", whp_ctd("1", 10.0, 179.5, 60)), ("00201_ctd.nc", whp_ctd("2", 11.25, -179.75, 40))],
    )
    for name, content in other_files().items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
