//! ZIP archives: their members, and what they are.

use std::{
    cell::RefCell,
    io::{self, Read},
};

use flate2::{Crc, read::DeflateDecoder};
use rawzip::{CompressionMethod, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder, ZipLocator};

use crate::{
    beginning::{BEGINNING, HDF5, guess_classic, identify_text, is_classic_netcdf},
    collector::Collector,
    contract::FileType,
    exchange,
    failure::{Failure, refuse},
    finding::{Code, Place},
    limits::Limits,
    netcdf::Netcdf,
    report::Review,
    source::Source,
    text::shown,
};

/// Members that are looked at to tell what an archive is.
const INSPECTED: usize = 50;
/// The member that every office document has.
const CONTENT_TYPES: &[u8] = b"[Content_Types].xml";

/// Whether a file is an archive with at least one member.
pub(crate) fn is_archive(beginning: &[u8]) -> bool {
    beginning.starts_with(b"PK\x03\x04")
}

/// What the members of an archive are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// netCDF: a guess which.
    Netcdf(FileType),
    /// Certainly this.
    Other(FileType),
}

/// Why an archive or a member cannot be read.
#[derive(Debug)]
enum Trouble {
    Source(io::Error),
    TooLarge(String),
    Damaged(String),
}

impl Trouble {
    fn too_large(file_type: FileType, trouble: &str) -> Failure {
        Failure::too_large(file_type, format!("{trouble}: split the archive"))
    }

    fn damaged(file_type: FileType, trouble: &str) -> Failure {
        Failure::unreadable(file_type, format!("the archive is damaged: {trouble}: send it again"))
    }

    /// The failure of a file in memory, whose source cannot fail.
    fn into_failure(self, file_type: FileType) -> Failure {
        match self {
            Self::TooLarge(trouble) => Self::too_large(file_type, &trouble),
            Self::Damaged(trouble) => Self::damaged(file_type, &trouble),
            Self::Source(error) => Self::damaged(file_type, &error.to_string()),
        }
    }
}

/// Reads a source for the archive, and keeps the source's own error apart from damage.
#[derive(Debug)]
struct Adapter<'s, S: ?Sized> {
    source: &'s S,
    error: RefCell<Option<io::Error>>,
}

impl<S: Source + ?Sized> ReaderAt for Adapter<'_, S> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.source.read_at(offset, buffer).map_err(|error| {
            let copy = io::Error::new(error.kind(), error.to_string());
            *self.error.borrow_mut() = Some(error);
            copy
        })
    }
}

/// A member as the directory describes it.
#[derive(Debug)]
struct Member {
    name: String,
    is_content_types: bool,
    entry: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
    is_encrypted: bool,
    packed: u64,
    unpacked: u64,
    checksum: u32,
}

/// What the beginning of a member tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Glimpse {
    Text(FileType),
    ClassicNetcdf(FileType),
    Hdf5,
    Archive,
}

impl Glimpse {
    fn of(beginning: &[u8]) -> Self {
        if is_archive(beginning) {
            Self::Archive
        } else if is_classic_netcdf(beginning) {
            Self::ClassicNetcdf(guess_classic(beginning))
        } else if beginning.starts_with(HDF5) {
            Self::Hdf5
        } else {
            Self::Text(identify_text(beginning))
        }
    }
}

/// The kind of an archive whose first data member is of this kind.
fn archive_of(member: FileType) -> Option<FileType> {
    Some(match member {
        FileType::ExchangeBottle => FileType::ExchangeBottleZip,
        FileType::ExchangeCtd => FileType::ExchangeCtdZip,
        FileType::WhpNetcdfBottle => FileType::WhpNetcdfBottleZip,
        FileType::WhpNetcdfCtd => FileType::WhpNetcdfCtdZip,
        FileType::WoceCtdText => FileType::WoceCtdZip,
        _ => return None,
    })
}

/// An open archive within limits.
struct Archive<'s, S: ?Sized> {
    zip: ZipArchive<Adapter<'s, S>>,
    members: Vec<Member>,
    limits: &'s Limits,
}

impl<'s, S: Source + ?Sized> Archive<'s, S> {
    fn open(source: &'s S, limits: &'s Limits) -> Result<Self, Trouble> {
        let mut buffer = vec![0; rawzip::MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
        let adapter = Adapter { source, error: RefCell::default() };
        let zip =
            ZipLocator::new().locate_in_reader(adapter, &mut buffer, source.size()).map_err(|(adapter, error)| {
                match adapter.error.into_inner() {
                    Some(error) => Trouble::Source(error),
                    None => Trouble::Damaged(error.to_string()),
                }
            })?;
        let mut archive = Self { zip, members: Vec::new(), limits };
        archive.members = archive.read_directory(&mut buffer)?;
        Ok(archive)
    }

    /// Tells an error of the source from damage.
    fn trouble(&self, error: impl std::fmt::Display) -> Trouble {
        match self.zip.get_ref().error.borrow_mut().take() {
            Some(error) => Trouble::Source(error),
            None => Trouble::Damaged(error.to_string()),
        }
    }

    fn read_directory(&self, buffer: &mut [u8]) -> Result<Vec<Member>, Trouble> {
        let limits = self.limits;
        let mut members = Vec::new();
        let (mut count, mut unpacked) = (0, 0_u64);
        let mut entries = self.zip.entries(buffer);
        while let Some(entry) = entries.next_entry().map_err(|error| self.trouble(error))? {
            count += 1;
            if count > limits.members {
                return Err(Trouble::TooLarge(format!("more than {} members", limits.members)));
            }
            if entry.is_dir() {
                continue;
            }
            let path = entry.file_path();
            let name = shown(path.as_bytes());
            let member = Member {
                is_content_types: path.as_bytes() == CONTENT_TYPES,
                entry: entry.wayfinder(),
                method: entry.compression_method(),
                is_encrypted: entry.flags().is_encrypted(),
                packed: entry.compressed_size_hint(),
                unpacked: entry.uncompressed_size_hint(),
                checksum: entry.crc32(),
                name,
            };
            unpacked = unpacked.saturating_add(member.unpacked);
            if member.unpacked > self.most(&member) {
                return Err(self.too_large_member(&member));
            }
            if unpacked > limits.archive_bytes {
                return Err(Trouble::TooLarge(format!("more than {} bytes unpacked", limits.archive_bytes)));
            }
            members.push(member);
        }
        if count != self.zip.entries_hint() {
            return Err(Trouble::Damaged(format!(
                "{} members are announced and {count} found",
                self.zip.entries_hint()
            )));
        }
        Ok(members)
    }

    /// Bytes that a member may have unpacked.
    fn most(&self, member: &Member) -> u64 {
        self.limits.member_bytes.min(member.packed.saturating_mul(self.limits.ratio))
    }

    fn too_large_member(&self, member: &Member) -> Trouble {
        let Limits { member_bytes, ratio, .. } = self.limits;
        Trouble::TooLarge(format!(
            "{}: more than {member_bytes} bytes unpacked, or more than {ratio} for each of its {} packed bytes",
            member.name, member.packed
        ))
    }

    /// Reads the beginning of a member into the buffer, and all of it if `wanted` says so.
    fn read(
        &self,
        member: &Member,
        content: &mut Vec<u8>,
        wanted: impl FnOnce(Glimpse) -> bool,
    ) -> Result<Glimpse, Trouble> {
        content.clear();
        if member.is_encrypted {
            return Err(Trouble::Damaged("it is encrypted".to_owned()));
        }
        let entry = self.zip.get_entry(member.entry).map_err(|error| self.trouble(error))?;
        match member.method {
            CompressionMethod::STORE => self.read_from(member, entry.reader(), content, wanted),
            CompressionMethod::DEFLATE => self.read_from(member, DeflateDecoder::new(entry.reader()), content, wanted),
            other => Err(Trouble::Damaged(format!("method of compression {} is not supported", other.as_u16()))),
        }
    }

    fn read_from(
        &self,
        member: &Member,
        mut reader: impl Read,
        content: &mut Vec<u8>,
        wanted: impl FnOnce(Glimpse) -> bool,
    ) -> Result<Glimpse, Trouble> {
        let beginning = reader.by_ref().take(BEGINNING as u64).read_to_end(content);
        beginning.map_err(|error| self.trouble(error))?;
        let glimpse = Glimpse::of(content);
        if wanted(glimpse) {
            let most = self.most(member);
            let rest = (most + 1).saturating_sub(content.len() as u64);
            reader.take(rest).read_to_end(content).map_err(|error| self.trouble(error))?;
            let size = content.len() as u64;
            if size > most {
                return Err(self.too_large_member(member));
            }
            if size != member.unpacked {
                let message = format!("{size} bytes, and the directory says {}", member.unpacked);
                return Err(Trouble::Damaged(message));
            }
            let mut checksum = Crc::new();
            checksum.update(content);
            if checksum.sum() != member.checksum {
                return Err(Trouble::Damaged("its checksum is another than in the directory".to_owned()));
            }
        }
        Ok(glimpse)
    }

    /// What the archive is by its first data member; netCDF members are opened if `settle` asks for it.
    fn kind(&self, settle: bool) -> Result<Result<Kind, Failure>, Trouble> {
        if self.members.iter().any(|member| member.is_content_types) {
            return Ok(Ok(Kind::Other(FileType::OfficeDocument)));
        }
        let mut damage = None;
        let mut content = Vec::new();
        for member in self.members.iter().take(INSPECTED) {
            let wanted = |glimpse| settle && matches!(glimpse, Glimpse::ClassicNetcdf(_));
            let glimpse = match self.read(member, &mut content, wanted) {
                Ok(glimpse) => glimpse,
                Err(Trouble::Damaged(message)) => {
                    damage.get_or_insert_with(|| format!("{}: {message}", member.name));
                    continue;
                }
                Err(other) => return Err(other),
            };
            let found = match glimpse {
                Glimpse::Text(file_type) => archive_of(file_type).map(Kind::Other),
                Glimpse::ClassicNetcdf(guess) if !settle => Some(Kind::Netcdf(archive_of(guess).unwrap_or(guess))),
                Glimpse::ClassicNetcdf(_) => match Netcdf::open(std::mem::take(&mut content), self.limits) {
                    Ok(file) => archive_of(file.file_type()).map(Kind::Netcdf),
                    Err(failure) => {
                        damage.get_or_insert_with(|| format!("{}: {failure}", member.name));
                        None
                    }
                },
                Glimpse::Hdf5 | Glimpse::Archive => None,
            };
            if let Some(found) = found {
                return Ok(Ok(found));
            }
        }
        Ok(match damage {
            Some(damage) => Err(Trouble::damaged(FileType::Unknown, &damage)),
            None => Ok(Kind::Other(FileType::Unknown)),
        })
    }
}

/// What an archive is, from a few ranges of it.
pub(crate) fn identify<S: Source + ?Sized>(source: &S, limits: &Limits) -> io::Result<Result<Kind, Failure>> {
    match Archive::open(source, limits).and_then(|archive| archive.kind(false)) {
        Ok(found) => Ok(found),
        Err(Trouble::Source(error)) => Err(error),
        Err(trouble) => Ok(Err(trouble.into_failure(FileType::Unknown))),
    }
}

/// Reviews all members of an archive.
pub(crate) fn review(content: &[u8], limits: &Limits) -> Result<Review, Failure> {
    let archive = Archive::open(content, limits).map_err(|trouble| trouble.into_failure(FileType::Unknown))?;
    let kind = archive.kind(true).map_err(|trouble| trouble.into_failure(FileType::Unknown))?;
    let (Kind::Netcdf(file_type) | Kind::Other(file_type)) = kind?;
    refuse(file_type)?;
    let mut collector = Collector::new(file_type, limits);
    let mut unpacked = Vec::new();
    let (mut readable, mut damage) = (false, None);
    for member in &archive.members {
        collector.enter_member(&member.name);
        let is_ours = |glimpse| match glimpse {
            Glimpse::Text(found) => archive_of(found) == Some(file_type),
            Glimpse::ClassicNetcdf(_) => {
                matches!(file_type, FileType::WhpNetcdfBottleZip | FileType::WhpNetcdfCtdZip)
            }
            Glimpse::Hdf5 | Glimpse::Archive => false,
        };
        let outcome = archive.read(member, &mut unpacked, is_ours).map_err(|trouble| match trouble {
            Trouble::Damaged(message) => Ok(message),
            other => Err(other.into_failure(file_type)),
        });
        let damaged = match outcome {
            Err(Err(failure)) => return Err(failure),
            Err(Ok(message)) => Some(message),
            Ok(glimpse) if is_ours(glimpse) => {
                let damaged = review_member(glimpse, &mut unpacked, &mut collector)?;
                readable |= damaged.is_none();
                damaged
            }
            Ok(Glimpse::Archive) => {
                collector.find(Code::NestedArchive, None, Place::default);
                None
            }
            Ok(Glimpse::Text(found) | Glimpse::ClassicNetcdf(found)) => {
                put_aside(found, &mut collector);
                None
            }
            Ok(Glimpse::Hdf5) => {
                put_aside(FileType::OtherNetcdf, &mut collector);
                None
            }
        };
        if let Some(message) = damaged {
            collector.find(Code::MemberUnreadable, None, || Place::default().with_value(shown(message.as_bytes())));
            damage.get_or_insert_with(|| format!("{}: {message}", member.name));
        }
    }
    collector.leave_members();
    match damage {
        Some(damage) if !readable => Err(Trouble::damaged(file_type, &damage)),
        _ => Ok(collector.into_review()),
    }
}

/// A member that is not read: data of another kind than the first, or no data.
fn put_aside(found: FileType, collector: &mut Collector<'_>) {
    let code = match archive_of(found) {
        Some(_) => Code::MixedArchive,
        None => Code::MemberIgnored,
    };
    collector.find(code, None, Place::default);
}

/// Reviews a member of the kind of the archive. Returns what is damaged; the file's failure is one of limits.
fn review_member(
    glimpse: Glimpse,
    content: &mut Vec<u8>,
    collector: &mut Collector<'_>,
) -> Result<Option<String>, Failure> {
    if let Glimpse::Text(found) = glimpse {
        collector.count_member();
        exchange::review(content, collector, found == FileType::ExchangeCtd)?;
        return Ok(None);
    }
    let file = match Netcdf::open(std::mem::take(content), collector.limits) {
        Ok(file) => file,
        Err(failure) => return Ok(Some(failure.message)),
    };
    if archive_of(file.file_type()) != Some(collector.file_type) {
        put_aside(file.file_type(), collector);
        return Ok(None);
    }
    file.review_member(collector)
}
