//! What a file is, by a few ranges of it.

use std::io;

use crate::{
    archive::{self, Kind},
    beginning::{BEGINNING, HDF5, guess_classic, identify_text, is_classic_netcdf},
    contract::{FileType, Route},
    failure::Failure,
    limits::Limits,
    source::{Source, read_up_to},
};

/// What the beginning of a file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// What the file is. For netCDF it is a guess, which the attributes settle when the file is reviewed.
    pub file_type: FileType,
    /// Where it goes: netCDF always to the handler of netCDF.
    pub route: Route,
}

impl Identity {
    fn of(file_type: FileType) -> Self {
        Self { file_type, route: file_type.route() }
    }

    fn netcdf(file_type: FileType) -> Self {
        Self { file_type, route: Route::Netcdf }
    }
}

/// Identifies a file from a few ranges of it, without reading the rest.
///
/// A file of a kind that no handler reads has the routes [`Route::Unsupported`] and [`Route::Unrecognised`]; a file
/// that is empty, too large or damaged is a [`Failure`]. The outer error is that of the source.
pub fn identify<S: Source + ?Sized>(source: &S, limits: &Limits) -> io::Result<Result<Identity, Failure>> {
    let size = source.size();
    if size == 0 {
        return Ok(Err(Failure::empty()));
    }
    if size > limits.object_bytes {
        return Ok(Err(Failure::object_too_large(size, limits)));
    }
    let beginning = read_up_to(source, 0, BEGINNING)?;
    if archive::is_archive(&beginning) {
        return archive::identify(source, limits).map(|found| {
            found.map(|kind| match kind {
                Kind::Netcdf(file_type) => Identity::netcdf(file_type),
                Kind::Other(file_type) => Identity::of(file_type),
            })
        });
    }
    Ok(Ok(if is_classic_netcdf(&beginning) {
        Identity::netcdf(guess_classic(&beginning))
    } else if beginning.starts_with(HDF5) {
        Identity::netcdf(FileType::CfNetcdf)
    } else {
        Identity::of(identify_text(&beginning))
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::contract::FailureKind;

    fn kind(content: &[u8]) -> FileType {
        identify(content, &Limits::default()).unwrap().unwrap().file_type
    }

    #[test]
    fn beginnings_tell_what_a_file_is() {
        for (content, expected) in [
            (&b"BOTTLE,20120101SIO\n"[..], FileType::ExchangeBottle),
            (b"BOTTLE", FileType::ExchangeBottle),
            (b"BOTTLE 20120101\r\n", FileType::ExchangeBottle),
            (b"BOTTLE\r\nx", FileType::ExchangeBottle),
            (b"\xef\xbb\xbfCTD,20120101SIO", FileType::ExchangeCtd),
            (b"CTD\n", FileType::ExchangeCtd),
            (b"CTDPRS,CTDTMP\n1,2\n", FileType::Unknown),
            (b"BOTTLES,1\n", FileType::Unknown),
            (b"bottle,1\n", FileType::Unknown),
            (b" BOTTLE,1\n", FileType::Unknown),
            (b"\xff\xfeB\0O\0T\0", FileType::Unknown),
            (b"day,litres\n", FileType::Unknown),
            (b"EXPOCODE X WHP-ID P1\n STNNBR CASTNO SAMPNO\n", FileType::WoceBottleText),
            (b"EXPOCODE X WHP-ID P1\r\nSTNNBR 1 CASTNO 1 NO. Records= 5\n", FileType::WoceCtdText),
            (b"EXPOCODE X\n STNNBR SAMPNO\n", FileType::Unknown),
            (b"a\nb\nc\nd\nSHIP/CRS x\n", FileType::WoceSummaryText),
            (b"a\nb\nc\nd\ne\nSHIP/CRS x\n", FileType::Unknown),
            (b"MATLAB 5.0 MAT-file, x", FileType::Matlab5),
            (b"* Sea-Bird SBE 9", FileType::SeabirdCnv),
            (b"%PDF-1.4", FileType::Pdf),
            (b"\x1f\x8b\x08", FileType::Gzip),
            (b"CDF\x01 ... WOCE CTD", FileType::WhpNetcdfCtd),
            (b"CDF\x02 ... WOCE BOT", FileType::WhpNetcdfBottle),
            (b"CDF\x05", FileType::OtherNetcdf),
            (b"CDF\x03", FileType::Unknown),
            (b"\x89HDF\r\n\x1a\n", FileType::CfNetcdf),
        ] {
            assert_eq!(kind(content), expected, "{}", content.escape_ascii());
        }
    }

    #[test]
    fn netcdf_goes_to_its_handler_whatever_it_is() {
        let found = identify(&b"CDF\x05"[..], &Limits::default()).unwrap().unwrap();
        assert_eq!(found, Identity { file_type: FileType::OtherNetcdf, route: Route::Netcdf });
    }

    #[test]
    fn nothing_and_too_much_are_failures() {
        assert_eq!(identify(&b""[..], &Limits::default()).unwrap().unwrap_err().kind, FailureKind::Empty);
        let limits = Limits { object_bytes: 5, ..Limits::default() };
        assert_eq!(identify(&b"BOTTLE"[..], &limits).unwrap().unwrap_err().kind, FailureKind::TooLarge);
    }

    proptest! {
        #[test]
        fn any_bytes_are_something(content in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = identify(&content[..], &Limits::default()).unwrap();
        }
    }
}
