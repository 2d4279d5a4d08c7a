//! Whether a program runs where it is shipped to.

use std::fmt;

use object::Endianness;
use object::elf::{self, FileHeader64};
use object::read::elf::{FileHeader as _, ProgramHeader as _};

use super::BuildError;
use crate::assets::Architecture;

/// The glibc of Amazon Linux 2023, which functions run on; images of Ubuntu since 22.04 have a later one.
const NEWEST_GLIBC: GlibcVersion = GlibcVersion { major: 2, minor: 34 };

/// The libraries that are there in Lambda and in every image.
const LIBRARIES: [&str; 8] = [
    "ld-linux-aarch64.so.1",
    "ld-linux-x86-64.so.2",
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libm.so.6",
    "libpthread.so.0",
    "librt.so.1",
];

/// A version of glibc, the C library of most Linux systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GlibcVersion {
    /// The number before the point.
    pub major: u16,
    /// The number after it.
    pub minor: u16,
}

impl GlibcVersion {
    /// Reads the name of a symbol version, such as `GLIBC_2.34` or `GLIBC_2.2.5`.
    fn parse(name: &str) -> Option<Self> {
        let mut numbers = name.strip_prefix("GLIBC_")?.split('.').map(str::parse);
        let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else { return None };
        Some(Self { major, minor })
    }
}

impl fmt::Display for GlibcVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}

/// What a program needs of the system that it runs on.
#[derive(Debug)]
struct Needs<'a> {
    machine: elf::Machine,
    interpreter: Option<&'a [u8]>,
    libraries: Vec<&'a [u8]>,
    /// The versions of symbols of glibc.
    versions: Vec<&'a [u8]>,
}

/// Checks that the executable file `data` runs where it is shipped to, and gives the glibc that it needs.
pub(super) fn check(
    program: &str,
    data: &[u8],
    architecture: Architecture,
) -> Result<Option<GlibcVersion>, BuildError> {
    let needs = read(data).map_err(|error| {
        BuildError::new(format!("`{program}` is no program for 64-bit Linux")).cause(error.to_string()).hint(
            "build on Linux, or let `cargo zigbuild` build for it: `pip install cargo-zigbuild ziglang`, then deploy with `--zig`",
        )
    })?;
    let (machine, interpreter) = match architecture {
        Architecture::X86_64 => (elf::EM_X86_64, "/lib64/ld-linux-x86-64.so.2"),
        Architecture::Arm64 => (elf::EM_AARCH64, "/lib/ld-linux-aarch64.so.1"),
    };
    if needs.machine != machine {
        let found = match needs.machine {
            elf::EM_X86_64 => Architecture::X86_64.to_string(),
            elf::EM_AARCH64 => Architecture::Arm64.to_string(),
            other => format!("machine {}", other.0),
        };
        let message = format!("`{program}` is declared for {architecture}, but it was built for {found}");
        return Err(BuildError::new(message).hint(
            "remove `build.target` from `.cargo/config.toml` and `CARGO_BUILD_TARGET`, or declare the other architecture",
        ));
    }
    if let Some(found) = needs.interpreter
        && found != interpreter.as_bytes()
    {
        let found = String::from_utf8_lossy(found);
        let message = format!("`{program}` is started by `{found}`, which is not there in Lambda");
        return Err(BuildError::new(message)
            .hint("build in an image of Debian 12 or Amazon Linux 2023, or deploy with `--zig`"));
    }
    let foreign: Vec<_> = needs
        .libraries
        .iter()
        .map(|library| String::from_utf8_lossy(library))
        .filter(|library| !LIBRARIES.contains(&&**library))
        .map(|library| format!("`{library}`"))
        .collect();
    if !foreign.is_empty() {
        let message = format!("`{program}` needs {}, which is not there in Lambda", foreign.join(" and "));
        return Err(BuildError::new(message).hint(
            "turn on the feature `vendored`, `bundled` or `static` of the crate that links it, or take one in pure Rust, such as rustls for OpenSSL",
        ));
    }
    newest(program, &needs.versions)
}

/// The newest of the versions, none of which may be too new.
fn newest(program: &str, versions: &[&[u8]]) -> Result<Option<GlibcVersion>, BuildError> {
    let mut newest = None;
    for name in versions {
        let name = String::from_utf8_lossy(name);
        // `GLIBC_ABI_…` stands for an ability of the loader. The first of them came with 2.36.
        match GlibcVersion::parse(&name) {
            Some(version) if version <= NEWEST_GLIBC => newest = newest.max(Some(version)),
            _ => {
                let built = name.strip_prefix("GLIBC_").unwrap_or(&name);
                let message = format!(
                    "`{program}` was built against glibc {built}, but where it is shipped to there is {NEWEST_GLIBC}"
                );
                return Err(BuildError::new(message).hint(
                    "deploy with `--zig` (`pip install cargo-zigbuild ziglang`), or build in an image with an older glibc, such as Debian 12 or Ubuntu 22.04",
                ));
            }
        }
    }
    Ok(newest)
}

fn read(data: &[u8]) -> Result<Needs<'_>, object::read::Error> {
    let header = FileHeader64::<Endianness>::parse(data)?;
    let endian = header.endian()?;
    let mut interpreter = None;
    for segment in header.program_headers(endian, data)? {
        interpreter = interpreter.or(segment.interpreter(endian, data)?);
    }
    let sections = header.sections(endian, data)?;
    let dynamic = sections.dynamic_table(endian, data)?;
    let mut libraries = Vec::new();
    for entry in &dynamic {
        if entry.tag == elf::DT_NEEDED {
            libraries.push(dynamic.string(entry)?);
        }
    }
    let mut versions = Vec::new();
    if let Some((needed, link)) = sections.gnu_verneed(endian, data)? {
        let strings = sections.strings(endian, data, link)?;
        for library in needed {
            let (_, symbols) = library?;
            for version in symbols {
                let version = version?;
                // The loader does without a version that only weak symbols need.
                let is_weak = version.vna_flags.get(endian) == elf::VER_FLG_WEAK;
                let name = version.name(endian, strings)?;
                if !is_weak && name.starts_with(b"GLIBC_") {
                    versions.push(name);
                }
            }
        }
    }
    Ok(Needs { machine: header.e_machine(endian), interpreter, libraries, versions })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn versions_are_numbers_not_texts() {
        let version = |name| GlibcVersion::parse(name);
        assert!(version("GLIBC_2.9") < version("GLIBC_2.34"));
        assert_eq!(version("GLIBC_2.2.5"), Some(GlibcVersion { major: 2, minor: 2 }));
        assert_eq!(version("GLIBC_PRIVATE"), None);
        assert_eq!(newest("p", &[b"GLIBC_2.2.5", b"GLIBC_2.34"]).unwrap(), Some(NEWEST_GLIBC));
        for name in [b"GLIBC_2.35".as_slice(), b"GLIBC_3.0", b"GLIBC_ABI_DT_RELR"] {
            assert!(newest("p", &[name]).is_err());
        }
    }

    #[test]
    fn what_is_no_program_is_an_error_that_says_so() {
        for data in [b"".as_slice(), b"#!/bin/sh\n", b"\x7fELF", b"MZ\x90\x00"] {
            let error = check("tool", data, Architecture::X86_64).unwrap_err();
            assert_eq!(error.to_string(), "`tool` is no program for 64-bit Linux");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(mut bytes in proptest::collection::vec(any::<u8>(), 64..512), is_elf: bool) {
            if is_elf {
                bytes[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
            }
            let _ = check("tool", &bytes, Architecture::X86_64);
        }
    }

    /// Real programs, changed in single places.
    #[cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
    mod of_this_machine {
        use super::*;

        fn program() -> Vec<u8> {
            std::fs::read(crate::assets::build::tests::compiled_program()).unwrap()
        }

        fn replaced(mut data: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
            assert_eq!(from.len(), to.len());
            let places: Vec<_> = (0..data.len() - from.len()).filter(|&at| data[at..].starts_with(from)).collect();
            assert!(!places.is_empty(), "the program has no `{}`", String::from_utf8_lossy(from));
            for at in places {
                data[at..at + to.len()].copy_from_slice(to);
            }
            data
        }

        #[test]
        fn a_plain_program_fits() {
            let version = check("tool", &program(), Architecture::X86_64).unwrap().unwrap();
            assert!(version > GlibcVersion { major: 2, minor: 1 } && version <= NEWEST_GLIBC);
        }

        #[test]
        fn another_machine_is_refused() {
            let error = check("tool", &program(), Architecture::Arm64).unwrap_err();
            assert_eq!(error.to_string(), "`tool` is declared for arm64, but it was built for x86_64");
            let mut data = program();
            data[18..20].copy_from_slice(&183_u16.to_le_bytes());
            let error = check("tool", &data, Architecture::X86_64).unwrap_err();
            assert_eq!(error.to_string(), "`tool` is declared for x86_64, but it was built for arm64");
        }

        #[test]
        fn a_later_glibc_is_refused() {
            let data = replaced(program(), b"GLIBC_2.34\0", b"GLIBC_2.39\0");
            let error = check("tool", &data, Architecture::X86_64).unwrap_err();
            assert!(error.to_string().contains("glibc 2.39, but where it is shipped to there is 2.34"), "{error}");
            assert!(error.hint_text().unwrap().contains("--zig"));
        }

        #[test]
        fn a_foreign_library_is_refused() {
            let data = replaced(program(), b"libgcc_s.so.1\0", b"libcurl.so.44\0");
            let error = check("tool", &data, Architecture::X86_64).unwrap_err();
            assert_eq!(error.to_string(), "`tool` needs `libcurl.so.44`, which is not there in Lambda");
        }

        #[test]
        fn a_foreign_loader_is_refused() {
            let data = replaced(program(), b"/lib64/ld-linux-x86-64.so.2", b"/nixos/ld-linux-x86-64.so.2");
            let error = check("tool", &data, Architecture::X86_64).unwrap_err();
            assert!(error.to_string().contains("`/nixos/ld-linux-x86-64.so.2`"), "{error}");
        }

        #[test]
        fn a_program_cut_short_is_no_panic() {
            let data = program();
            for length in (0..data.len()).step_by(997) {
                let _ = check("tool", &data[..length], Architecture::X86_64);
            }
        }
    }
}
