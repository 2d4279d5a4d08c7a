//! A review, from the bytes of a file to all that is told of it.

use crate::{
    archive,
    beginning::identify_text,
    collector::Collector,
    contract::FileType,
    exchange,
    failure::{Failure, refuse},
    limits::Limits,
    netcdf,
    report::Review,
};

/// Identifies a file by its content and reviews it.
///
/// A defective file has a review with findings. A file of which nothing can be told is a [`Failure`].
///
/// ```
/// use data_review::{Code, Limits, contract::FailureKind, review};
///
/// let cast = "CTD,20250402X\nNUMBER_HEADERS = 7\nEXPOCODE = 99SG20250401\nSTNNBR = 1\nCASTNO = 1\nDATE = 20250401\n\
///             LATITUDE = 10.0\nLONGITUDE = 179.5\nCTDPRS,CTDTMP\nDBAR,ITS-90\n2.0,18.4\n4.0,18.2\n";
/// let found = review(cast.into(), &Limits::default())?;
/// assert_eq!((found.summary.observations, found.parameters[1].max), (2, Some(18.4)));
/// assert_eq!(found.findings[0].code, Code::EndDataMissing);
///
/// let failure = review(b"day,litres\n".to_vec(), &Limits::default()).unwrap_err();
/// assert_eq!(failure.kind, FailureKind::Unrecognised);
/// # Ok::<(), data_review::Failure>(())
/// ```
pub fn review(content: Vec<u8>, limits: &Limits) -> Result<Review, Failure> {
    if content.is_empty() {
        return Err(Failure::empty());
    }
    if content.len() as u64 > limits.object_bytes {
        return Err(Failure::object_too_large(content.len() as u64, limits));
    }
    if archive::is_archive(&content) {
        return archive::review(&content, limits);
    }
    if netcdf::is_netcdf(&content) {
        let file = netcdf::Netcdf::open(content, limits)?;
        refuse(file.file_type())?;
        let mut collector = Collector::new(file.file_type(), limits);
        collector.count_member();
        file.review(&mut collector)?;
        return Ok(collector.into_review());
    }
    let file_type = identify_text(&content);
    refuse(file_type)?;
    let mut collector = Collector::new(file_type, limits);
    collector.count_member();
    exchange::review(&content, &mut collector, file_type == FileType::ExchangeCtd)?;
    Ok(collector.into_review())
}
