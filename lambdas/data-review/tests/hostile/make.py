"""Writes the netCDF files of this folder: a few kilobytes of HDF5 that claim any number of values and store none.

Needed: netCDF4. The layout of the bytes depends on its version, so the files are kept.
"""

import pathlib

import netCDF4

HERE = pathlib.Path(__file__).parent


def make(name, profiles, levels):
    with netCDF4.Dataset(HERE / name, "w", format="NETCDF4") as file:
        file.Conventions = "CF-1.8 CCHDO-1.0"
        file.createDimension("N_PROF", profiles)
        file.createDimension("N_LEVELS", levels)
        for variable, parameter in (("pressure", "CTDPRS"), ("temperature", "CTDTMP")):
            chunks = (1, min(levels, 1 << 16))
            data = file.createVariable(
                variable, "f8", ("N_PROF", "N_LEVELS"), zlib=True, chunksizes=chunks, fill_value=float("nan")
            )
            data.whp_name = parameter
        for variable, parameter in (("expocode", "EXPOCODE"), ("station", "STNNBR"), ("cast", "CASTNO")):
            file.createVariable(variable, "i4", ("N_PROF",), zlib=True).whp_name = parameter


make("profiles.nc", 1_000_000, 1_000_000)
make("levels.nc", 50_000, 1_000_000_000)
# As much as is read: 256 MB of each parameter.
make("sparse.nc", 16_000, 2_000)
