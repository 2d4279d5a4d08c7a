"""Computes the statistics of oceanographic files anew, with numpy and netCDF4, and compares them with those of a review.

    python3 compare.py RESULTS.json FOLDER

RESULTS.json is what `review-folder --json` writes. Files with defects of structure, which decide what counts as a row at
all, are left out. Prints one line for each file; exits with 1 if a figure differs.
"""

import datetime
import io
import json
import math
import pathlib
import sys
import zipfile
from collections import Counter, defaultdict

import netCDF4
import numpy as np

METADATA = set(
    "EXPOCODE SECT_ID SECT STNNBR CASTNO SAMPNO BTLNBR DATE TIME LATITUDE LONGITUDE DEPTH BTL_DATE BTL_TIME BTL_LAT "
    "BTL_LON EVENT GEOTR_EVENT GEOTR_SAMPNO INSTRUMENT_ID".split()
)
RANGES = {
    "CTDPRS": (-5, 11000), "CTDTMP": (-2.5, 40), "CTDSAL": (2, 41), "SALNTY": (2, 41), "CTDOXY": (-5, 600),
    "OXYGEN": (-5, 600), "SILCAT": (-1, 300), "NITRAT": (-1, 60), "NITRIT": (-1, 15), "PHSPHT": (-0.5, 5),
    "TCARBN": (1500, 2600), "ALKALI": (1500, 3000),
}
STRUCTURE = {
    "number_headers_mismatch", "required_header_missing", "required_column_missing", "duplicate_column",
    "empty_column_name", "unit_count_mismatch", "row_width", "missing_key", "missing_coordinate", "bad_date", "no_rows",
    "member_unreadable", "nested_archive", "mixed_archive", "profile_metadata_varies", "duplicate_key",
}
COMPARED = ("illegal_flag", "fill_with_value_flag", "value_with_no_data_flag", "gross_range")


class Tally:
    """The cells of all members of a file: of each parameter, values (NaN where there is none), kinds and flags."""

    def __init__(self):
        self.values = defaultdict(list)
        self.kinds = defaultdict(list)
        self.flags = defaultdict(list)
        self.is_ctd = defaultdict(list)
        self.rows = 0
        self.casts = Counter()
        self.dates = []
        self.latitudes = []
        self.longitudes = []

    def place(self, date, latitude, longitude):
        self.dates.append(int(date))
        self.latitudes.append(float(latitude))
        self.longitudes.append(float(longitude))

    def column(self, name, cells, flags, is_ctd):
        """Adds text cells, and text flags or None."""
        for cell in cells:
            cell = cell.strip()
            try:
                number = float(cell)
                if not math.isfinite(number):
                    raise ValueError
                self.kinds[name].append("fill" if number == -999 else "number")
                self.values[name].append(number)
            except ValueError:
                self.kinds[name].append("invalid")
                self.values[name].append(math.nan)
        self.flags[name] += [None] * len(cells) if flags is None else [flag_name(flag) for flag in flags]
        self.is_ctd[name] += [is_ctd] * len(cells)


def flag_name(text):
    text = text.strip()
    if not text:
        return "blank"
    try:
        return str(int(text))
    except ValueError:
        return "other"


def exchange(content, tally):
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1").removeprefix("\xef\xbb\xbf")
    lines = text.split("\n")
    is_ctd = lines[0].startswith("CTD")
    headers = {}
    table = []
    for line in lines[1:]:
        bare = line.strip()
        if bare == "END_DATA":
            break
        if not bare or (len(table) < 2 and bare.startswith("#")):
            continue
        if is_ctd and not table and "=" in bare:
            name, value = bare.split("=", 1)
            headers[name.strip()] = value.strip()
            continue
        table.append(line.rstrip("\r").split(","))
    names = [name.strip() for name in table[0]]
    rows = table[2:]
    columns = {name: [row[index] for row in rows] for index, name in enumerate(names)}
    tally.rows += len(rows)
    if is_ctd:
        tally.casts[headers["EXPOCODE"], headers["STNNBR"], headers["CASTNO"]] += len(rows)
        tally.place(headers["DATE"], headers["LATITUDE"], headers["LONGITUDE"])
    else:
        text = {name: [cell.strip() for cell in cells] for name, cells in columns.items()}
        tally.casts.update(zip(text["EXPOCODE"], text["STNNBR"], text["CASTNO"]))
        for place in zip(text["DATE"], text["LATITUDE"], text["LONGITUDE"]):
            tally.place(*place)
    for name in names:
        if not name.endswith("_FLAG_W") and name not in METADATA:
            tally.column(name, columns[name], columns.get(f"{name}_FLAG_W"), is_ctd)


def characters(variable):
    return netCDF4.chartostring(variable[:]).item().strip("\0 ")


def add_numbers(tally, name, numbers, flags, is_ctd):
    numbers = np.asarray(numbers, dtype=float)
    kinds = np.where(np.isnan(numbers) | (numbers == -999), "fill", "number")
    tally.values[name] += numbers.tolist()
    tally.kinds[name] += kinds.tolist()
    tally.flags[name] += [None] * len(numbers) if flags is None else [str(int(flag)) for flag in flags]
    tally.is_ctd[name] += [is_ctd] * len(numbers) if isinstance(is_ctd, bool) else list(is_ctd)


def whp(file, tally):
    is_ctd = file.DATA_TYPE.strip("\0 ") == "WOCE CTD"
    levels = len(file.dimensions["pressure"])
    tally.rows += levels
    tally.casts[file.EXPOCODE.strip("\0 "), characters(file["station"]), characters(file["cast"])] += levels
    tally.place(file["woce_date"][0], file["latitude"][0], file["longitude"][0])
    for variable in file.variables.values():
        name = getattr(variable, "WHPO_Variable_Name", "").strip("\0 ")
        if not name or name in METADATA or variable.dimensions != ("pressure",):
            continue
        quality = getattr(variable, "OBS_QC_VARIABLE", "").strip("\0 ")
        add_numbers(tally, name, variable[:], file[quality][:] if quality else None, is_ctd)


def strings(variable):
    values = variable[:]
    return [str(text).strip("\0 ") for text in (netCDF4.chartostring(values) if values.dtype.kind == "S" else values)]


def whp_name(variable):
    name = getattr(variable, "whp_name", "")
    return name if isinstance(name, str) else name[0]


def cf(file, tally):
    by_name = {}
    for variable in file.variables.values():
        names = getattr(variable, "whp_name", [])
        for name in [names] if isinstance(names, str) else names:
            by_name.setdefault(name, variable)
    pressure = np.asarray(by_name["CTDPRS"][:], dtype=float)
    is_row = ~np.isnan(pressure) & (pressure != -999)
    keys = list(zip(*(strings(by_name[name]) for name in ("EXPOCODE", "STNNBR", "CASTNO"))))
    kinds = strings(file["profile_type"])
    tally.rows += int(is_row.sum())
    epoch = datetime.datetime(1950, 1, 1)
    for index, key in enumerate(keys):
        tally.casts[key] += int(is_row[index].sum())
        # To the nearest minute, as the file's own resolution is.
        moment = epoch + datetime.timedelta(minutes=round(float(by_name["DATE"][index]) * 1440))
        tally.place(moment.strftime("%Y%m%d"), by_name["LATITUDE"][index], by_name["LONGITUDE"][index])
    is_ctd = np.repeat([kind == "C" for kind in kinds], pressure.shape[1]).reshape(pressure.shape)[is_row]
    for variable in file.variables.values():
        name = whp_name(variable)
        is_numeric = np.issubdtype(variable.dtype, np.number) if variable.dtype is not str else False
        if not name or name in METADATA or variable.dimensions != ("N_PROF", "N_LEVELS") or not is_numeric:
            continue
        quality = [part for part in getattr(variable, "ancillary_variables", "").split() if part.endswith("_qc")]
        flags = np.asarray(file[quality[0]][:])[is_row] if quality else None
        add_numbers(tally, name, np.asarray(variable[:], dtype=float)[is_row], flags, is_ctd.tolist())


def read(content, file_type):
    tally = Tally()
    members = [content]
    if content.startswith(b"PK\x03\x04"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = [archive.read(name) for name in archive.namelist()]
    for member in members:
        if member.startswith((b"CDF", b"\x89HDF")):
            with netCDF4.Dataset("member", memory=member) as file:
                # What is stored, and not what its attributes make of it.
                file.set_auto_maskandscale(False)
                (cf if file_type == "cf_netcdf" else whp)(file, tally)
        elif member.removeprefix(b"\xef\xbb\xbf").startswith((b"BOTTLE", b"CTD,", b"CTD ")):
            exchange(member, tally)
    return tally


def box(longitudes):
    """The shortest arc around all longitudes, and whether it crosses the antimeridian."""
    around = np.unique([round(number - 360, 10) if number > 180 else number for number in longitudes])
    gaps = np.append(np.diff(around), around[0] + 360 - around[-1])
    widest = len(around) - 1 if np.isclose(gaps[-1], gaps.max()) else int(gaps.argmax())
    west, east = around[(widest + 1) % len(around)], around[widest]
    return west, east, bool(west > east)


def figures(tally):
    """All figures under names, to compare with those of the review."""
    found = {
        "observations": tally.rows,
        "casts": len(tally.casts),
        "stations": len({key[:2] for key in tally.casts}),
        "date_min": min(tally.dates),
        "date_max": max(tally.dates),
        "lat_min": min(tally.latitudes),
        "lat_max": max(tally.latitudes),
    }
    found["lon_west"], found["lon_east"], found["crosses_antimeridian"] = box(tally.longitudes)
    for key, rows in tally.casts.items():
        found["cast", *key] = rows
    for name, values in tally.values.items():
        values, kinds = np.array(values), np.array(tally.kinds[name])
        flags = tally.flags[name]
        has_flags = flags[0] is not None
        good = (kinds == "number") & np.array([not has_flags or flag in ("2", "6") for flag in flags])
        found[name, "n"] = len(values)
        found[name, "fill"] = int((kinds == "fill").sum())
        found[name, "invalid"] = int((kinds == "invalid").sum())
        found[name, "missing_rate"] = float((kinds != "number").mean())
        found[name, "good"] = int(good.sum())
        found[name, "flags"] = dict(Counter(flags)) if has_flags else {}
        found[name, "min"] = values[good].min() if good.any() else None
        found[name, "max"] = values[good].max() if good.any() else None
        found[name, "mean"] = math.fsum(values[good]) / good.sum() if good.any() else None
        if name == "CTDPRS":
            found["pressure_min"], found["pressure_max"] = found[name, "min"], found[name, "max"]
        counts = Counter()
        low, high = RANGES.get(name, (-math.inf, math.inf))
        counts["gross_range"] = int(((values[good] < low) | (values[good] > high)).sum())
        for kind, flag, ctd_file in zip(kinds, flags, tally.is_ctd[name]) if has_flags else []:
            is_ctd = ctd_file or name.startswith("CTD")
            no_data = ("5", "9") if is_ctd else ("1", "5", "9")
            if flag not in tuple("012345679" if is_ctd else "0123456789"):
                counts["illegal_flag"] += 1
            elif kind == "fill" and flag not in no_data and flag != "0":
                counts["fill_with_value_flag"] += 1
            elif kind == "number" and flag in no_data:
                counts["value_with_no_data_flag"] += 1
        for code in COMPARED:
            found[name, code] = counts[code]
    return found


def reviewed(review):
    """The figures of a review under the same names."""
    summary = review["summary"]
    names = ("observations casts stations date_min date_max lat_min lat_max lon_west lon_east crosses_antimeridian "
             "pressure_min pressure_max").split()
    found = {name: summary.get(name) for name in names}
    for cast in review["casts"]:
        found["cast", cast["expocode"], cast["station"], cast["cast"]] = cast["rows"]
    for parameter in review["parameters"]:
        for name in ("n", "fill", "invalid", "missing_rate", "good", "flags", "min", "max", "mean"):
            found[parameter["parameter"], name] = parameter.get(name)
        for code in COMPARED:
            found[parameter["parameter"], code] = 0
    for finding in review["findings"]:
        # Bottles have flags, and are no parameter.
        if finding["code"] in COMPARED and finding["parameter"] != "BTLNBR":
            found[finding["parameter"], finding["code"]] = finding["count"]
    return found


def same(one, other):
    if isinstance(one, float) or isinstance(other, float):
        return one is not None and other is not None and math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
    return one == other


def main(results, folder):
    differences = compared = 0
    for entry in json.loads(pathlib.Path(results).read_text()):
        review = entry.get("review")
        if review is None:
            continue
        codes = {finding["code"] for finding in review["findings"]}
        if codes & STRUCTURE:
            print(f"{entry['file']}: left out: {', '.join(sorted(codes & STRUCTURE))}")
            continue
        content = (pathlib.Path(folder) / entry["file"]).read_bytes()
        ours, theirs = reviewed(review), figures(read(content, review["summary"]["file_type"]))
        wrong = {name for name in ours.keys() | theirs.keys() if not same(ours.get(name), theirs.get(name))}
        for name in sorted(wrong, key=str):
            print(f"{entry['file']}: {name}: {ours.get(name)} and not {theirs.get(name)}")
        print(f"{entry['file']}: {len(theirs)} figures, {len(wrong)} differ")
        differences += len(wrong)
        compared += 1
    print(f"{compared} files compared, {differences} figures differ")
    sys.exit(1 if differences or not compared else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
