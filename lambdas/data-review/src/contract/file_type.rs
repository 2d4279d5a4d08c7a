//! Kinds of files, as the content tells them.

use serde::{Deserialize, Serialize};

/// A kind of file. Magic bytes and structure decide, never the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileType {
    /// Exchange text of bottle samples.
    ExchangeBottle,
    /// Exchange text of a CTD cast.
    ExchangeCtd,
    /// Archive of Exchange bottle files.
    ExchangeBottleZip,
    /// Archive of Exchange CTD files.
    ExchangeCtdZip,
    /// WHP netCDF of bottle samples.
    WhpNetcdfBottle,
    /// WHP netCDF of a CTD cast.
    WhpNetcdfCtd,
    /// Archive of WHP netCDF bottle files.
    WhpNetcdfBottleZip,
    /// Archive of WHP netCDF CTD files.
    WhpNetcdfCtdZip,
    /// CF netCDF of CCHDO.
    CfNetcdf,
    /// WOCE text of bottle samples.
    WoceBottleText,
    /// WOCE text of a CTD cast.
    WoceCtdText,
    /// Archive of WOCE CTD texts.
    WoceCtdZip,
    /// WOCE station summary.
    WoceSummaryText,
    /// MATLAB 5 data.
    Matlab5,
    /// Sea-Bird's converted data.
    SeabirdCnv,
    /// A PDF document.
    Pdf,
    /// Gzip data.
    Gzip,
    /// An office document, which is a ZIP archive too.
    OfficeDocument,
    /// netCDF or HDF5 of another convention.
    OtherNetcdf,
    /// Anything else.
    Unknown,
}

/// Where a file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Route {
    /// To the queue of bottle samples.
    Bottle,
    /// To the queue of CTD casts.
    Ctd,
    /// To the queue of netCDF files.
    Netcdf,
    /// To the failures: a known kind that no handler reads.
    Unsupported,
    /// To the failures: no known kind.
    Unrecognised,
}

impl FileType {
    /// Where files of this kind go.
    pub fn route(self) -> Route {
        match self {
            Self::ExchangeBottle | Self::ExchangeBottleZip => Route::Bottle,
            Self::ExchangeCtd | Self::ExchangeCtdZip => Route::Ctd,
            Self::WhpNetcdfBottle
            | Self::WhpNetcdfCtd
            | Self::WhpNetcdfBottleZip
            | Self::WhpNetcdfCtdZip
            | Self::CfNetcdf => Route::Netcdf,
            Self::WoceBottleText
            | Self::WoceCtdText
            | Self::WoceCtdZip
            | Self::WoceSummaryText
            | Self::Matlab5
            | Self::SeabirdCnv
            | Self::Pdf
            | Self::Gzip
            | Self::OfficeDocument
            | Self::OtherNetcdf => Route::Unsupported,
            Self::Unknown => Route::Unrecognised,
        }
    }
}
