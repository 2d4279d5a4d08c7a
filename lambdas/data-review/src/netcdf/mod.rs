//! netCDF: the classic files of WHP, and the HDF5 files after the CF conventions.

mod cf;
mod whp;

use std::cell::Cell;

use netcdf_reader::{NcAttrValue, NcFile, NcOpenOptions, NcType, NcVariable};

use crate::{
    beginning::{HDF5, guess_classic, is_classic_netcdf},
    collector::Collector,
    contract::{FailureKind, FileType},
    failure::Failure,
    limits::Limits,
    text::clipped,
};

/// Characters that are kept of keys.
const KEY_CHARACTERS: usize = 64;
/// Characters that are kept of names of parameters, and of units.
const NAME_CHARACTERS: usize = 128;
/// Bytes of a decoded element: everything is read as doubles.
const ELEMENT: u64 = 8;

/// Whether a file is netCDF, or HDF5.
pub(crate) fn is_netcdf(content: &[u8]) -> bool {
    is_classic_netcdf(content) || content.starts_with(HDF5)
}

/// An open file and its kind.
pub(crate) struct Netcdf<'l> {
    file: NcFile,
    size: u64,
    is_classic: bool,
    file_type: FileType,
    limits: &'l Limits,
    decoded: Cell<u64>,
}

impl<'l> Netcdf<'l> {
    pub(crate) fn open(content: Vec<u8>, limits: &'l Limits) -> Result<Self, Failure> {
        let size = content.len() as u64;
        let is_classic = is_classic_netcdf(&content);
        let guess =
            if is_classic { guess_classic(&content[..content.len().min(64 << 10)]) } else { FileType::OtherNetcdf };
        let most = usize::try_from(limits.member_bytes).unwrap_or(usize::MAX);
        let options = NcOpenOptions {
            chunk_cache_bytes: 16 << 20,
            max_chunk_bytes: most,
            max_read_bytes: most,
            ..NcOpenOptions::default()
        };
        let file = NcFile::from_owner(content, options).map_err(|error| damaged(guess, error))?;
        let mut netcdf = Self { file, size, is_classic, file_type: guess, limits, decoded: Cell::new(0) };
        netcdf.file_type = netcdf.kind()?;
        Ok(netcdf)
    }

    /// What the file is by its attributes.
    pub(crate) fn file_type(&self) -> FileType {
        self.file_type
    }

    fn kind(&self) -> Result<FileType, Failure> {
        self.file.global_attributes().map_err(|error| damaged(self.file_type, error))?;
        Ok(if self.is_classic {
            match self.global_text("DATA_TYPE").as_deref() {
                Some("WOCE BOT") => FileType::WhpNetcdfBottle,
                Some("WOCE CTD") => FileType::WhpNetcdfCtd,
                _ => FileType::OtherNetcdf,
            }
        } else {
            match self.global_text("Conventions") {
                Some(text) if text.contains("CF-") && text.contains("CCHDO") => FileType::CfNetcdf,
                _ => FileType::OtherNetcdf,
            }
        })
    }

    /// Reviews a file of one of the kinds that are read.
    pub(crate) fn review(&self, collector: &mut Collector<'_>) -> Result<(), Failure> {
        match self.file_type {
            FileType::CfNetcdf => cf::review(self, collector),
            _ => whp::Station::read(self)?.review(collector),
        }
    }

    /// Reviews a station that is a member of an archive. Returns what is damaged, without a trace in the collector.
    pub(crate) fn review_member(&self, collector: &mut Collector<'_>) -> Result<Option<String>, Failure> {
        match whp::Station::read(self) {
            Ok(station) => {
                collector.count_member();
                station.review(collector)?;
                Ok(None)
            }
            Err(failure) if failure.kind == FailureKind::TooLarge => Err(failure),
            Err(failure) => Ok(Some(failure.message)),
        }
    }

    fn damaged(&self, message: impl std::fmt::Display) -> Failure {
        damaged(self.file_type, message)
    }

    fn variables(&self) -> Result<&[NcVariable], Failure> {
        self.file.variables().map_err(|error| self.damaged(error))
    }

    fn variable(&self, name: &str) -> Option<&NcVariable> {
        self.file.variable(name).ok()
    }

    /// Size of a dimension; 0 if there is none.
    fn dimension(&self, name: &str) -> u64 {
        self.file.dimension(name).map_or(0, |dimension| dimension.size)
    }

    fn global_text(&self, name: &str) -> Option<String> {
        text_of(&self.file.global_attribute(name).ok()?.value)
    }

    /// Checks that a variable can be decoded within the limits, before any room is made for it.
    fn check(&self, variable: &NcVariable) -> Result<u64, Failure> {
        let name = shown_name(variable);
        let elements = variable.num_elements().map_err(|error| self.damaged(format!("{name}: {error}")))?;
        let bytes = elements.saturating_mul(ELEMENT);
        if self.is_classic {
            // Nothing is packed: what is announced must be there.
            let stored = elements.saturating_mul(variable.dtype().size().unwrap_or(1) as u64);
            if stored > self.size {
                return Err(
                    self.damaged(format!("{name}: {elements} elements are announced and the file is too short"))
                );
            }
        }
        let Limits { member_bytes, archive_bytes, .. } = *self.limits;
        if bytes > member_bytes {
            let message =
                format!("{name}: {elements} elements, and at most {} are read: split the file", member_bytes / ELEMENT);
            return Err(Failure::too_large(self.file_type, message));
        }
        let decoded = self.decoded.get().saturating_add(bytes);
        if decoded > archive_bytes {
            let message = format!("up to {name} the variables have more than {archive_bytes} bytes: split the file");
            return Err(Failure::too_large(self.file_type, message));
        }
        self.decoded.set(decoded);
        Ok(elements)
    }

    /// The elements of a numeric variable in their order.
    fn numbers(&self, variable: &NcVariable) -> Result<Vec<f64>, Failure> {
        let elements = self.check(variable)?;
        let name = shown_name(variable);
        let array = self.file.read_variable_as_f64(variable.name());
        let array = array.map_err(|error| self.damaged(format!("{name}: {error}")))?;
        let (numbers, offset) = array.into_raw_vec_and_offset();
        if numbers.len() as u64 != elements || offset.unwrap_or(0) != 0 {
            return Err(self.damaged(format!("{name}: {} of {elements} elements", numbers.len())));
        }
        Ok(numbers)
    }

    /// The texts of a variable of characters or strings, or its whole numbers as texts.
    fn texts(&self, variable: &NcVariable) -> Result<Vec<String>, Failure> {
        match variable.dtype() {
            NcType::Char => {
                self.check(variable)?;
            }
            NcType::String => self.check_strings(variable)?,
            _ => {
                let numbers = self.numbers(variable)?;
                return Ok(numbers.into_iter().map(|number| number.to_string()).collect());
            }
        }
        let texts = self.file.read_variable_as_strings(variable.name());
        let texts = texts.map_err(|error| self.damaged(format!("{}: {error}", shown_name(variable))))?;
        Ok(texts.iter().map(|text| key_text(text)).collect())
    }

    /// Strings of any length lie in the file once and can be referred to many times: a small file could be large.
    fn check_strings(&self, variable: &NcVariable) -> Result<(), Failure> {
        let elements = self.check(variable)?;
        if elements.saturating_mul(self.size.min(1 << 20)) > self.limits.archive_bytes {
            let message = format!("{}: {elements} strings are more than is read", shown_name(variable));
            return Err(Failure::too_large(self.file_type, message));
        }
        Ok(())
    }
}

fn damaged(file_type: FileType, message: impl std::fmt::Display) -> Failure {
    Failure::unreadable(file_type, format!("the netCDF file is damaged: {message}: send it again"))
}

fn shown_name(variable: &NcVariable) -> String {
    crate::text::shown(variable.name().as_bytes())
}

/// The text of an attribute without padding.
fn text_of(value: &NcAttrValue) -> Option<String> {
    match value {
        NcAttrValue::Chars(text) => Some(trimmed(text).to_owned()),
        NcAttrValue::Strings(texts) => texts.first().map(|text| trimmed(text).to_owned()),
        _ => None,
    }
}

/// The text of an attribute of a variable.
fn attribute(variable: &NcVariable, name: &str) -> Option<String> {
    variable.attribute(name).and_then(|attribute| text_of(&attribute.value)).map(|text| clipped(text, NAME_CHARACTERS))
}

/// A text without NUL characters and blanks at its ends.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c == '\0' || c.is_whitespace())
}

/// A part of a key.
fn key_text(text: &str) -> String {
    clipped(trimmed(text).to_owned(), KEY_CHARACTERS)
}

fn is_numeric(variable: &NcVariable) -> bool {
    !matches!(variable.dtype(), NcType::Char | NcType::String) && variable.dtype().is_primitive()
}

fn has_dimensions(variable: &NcVariable, names: &[&str]) -> bool {
    variable.dimensions().iter().map(|dimension| dimension.name.as_str()).eq(names.iter().copied())
}
