#!/usr/bin/env python3
"""Writes test_data/ocean/profiles_cf.nc: CF netCDF as CCHDO writes it, with invented figures.

HDF5 cannot be written with Python alone: `pip install netCDF4 numpy`. The layout of the bytes depends on the version of
the library, so the file is written anew only when its content changes.
"""

import math
from pathlib import Path

import netCDF4
import numpy as np

PATH = Path(__file__).parent / "ocean" / "profiles_cf.nc"
EXPOCODE = "99SG20250401"


def main():
    levels, profiles = 4, 2
    nan = math.nan
    with netCDF4.Dataset(PATH, "w", format="NETCDF4") as file:
        file.Conventions = "CF-1.8 CCHDO-1.0"
        file.featureType = "profile"
        for name, size in (("N_PROF", profiles), ("N_LEVELS", levels), ("string12", 12), ("string1", 1)):
            file.createDimension(name, size)

        def add(name, kind, axes, values, **about):
            variable = file.createVariable(name, kind, axes, zlib=len(axes) == 2 and kind != "S1", fill_value=False)
            variable.setncatts(about)
            variable[:] = values

        def characters(texts, width):
            return np.array([list(text.ljust(width, "\0")) for text in texts], dtype="S1")

        one, two = ("N_PROF",), ("N_PROF", "N_LEVELS")
        add("expocode", "S1", ("N_PROF", "string12"), characters([EXPOCODE] * 2, 12), whp_name="EXPOCODE")
        add("station", "S1", ("N_PROF", "string1"), characters(["1", "2"], 1), whp_name="STNNBR")
        add("cast", "i4", one, [1, 1], whp_name="CASTNO")
        add("profile_type", "S1", ("N_PROF", "string1"), characters(["B", "B"], 1))
        time = file.createVariable("time", "f8", one)
        time.setncattr_string("whp_name", ["DATE", "TIME"])
        time.units = "days since 1950-01-01T00:00:00+00:00"
        time[:] = [27484.25, 27484.75]
        add("latitude", "f8", one, [10.0, 11.25], whp_name="LATITUDE")
        add("longitude", "f8", one, [179.5, -179.75], whp_name="LONGITUDE")
        pressure = [[5.0, 50.0, 100.0, 500.0], [5.0, 50.0, nan, nan]]
        add("pressure", "f8", two, pressure, whp_name="CTDPRS", whp_unit="DBAR")
        oxygen = [[250.0, 249.0, nan, 210.5], [251.0, 248.0, nan, nan]]
        about = {"whp_name": "OXYGEN", "whp_unit": "UMOL/KG", "ancillary_variables": "oxygen_qc"}
        add("oxygen", "f8", two, oxygen, **about)
        add("oxygen_qc", "i1", two, [[2, 2, 9, 6], [2, 3, 9, 9]])


if __name__ == "__main__":
    main()
