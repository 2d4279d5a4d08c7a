//! No input makes a review panic, run away or take the room that it claims to need.
#![cfg(feature = "review")]
#![allow(clippy::unwrap_used)]

use std::{
    fs,
    io::{ErrorKind, Write},
    path::PathBuf,
};

use data_review::{Blocks, Code, Limits, contract::FailureKind, identify, review};
use flate2::{Compression, write::DeflateEncoder};
use proptest::{collection::vec, prelude::*, sample::select};

/// Small samples that are mutated.
const SEEDS: [&str; 15] = [
    "bottle_good_hy1.csv",
    "bottle_cells_hy1.csv",
    "bottle_columns_hy1.csv",
    "bottle_bytes_hy1.csv",
    "cast_00101_ct1.csv",
    "cast_defects_ct1.csv",
    "bottles_hy1.zip",
    "casts_ct1.zip",
    "casts_defects_ct1.zip",
    "station_1_hy1.nc",
    "stations_nc_hyd.zip",
    "cast_00101_ctd.nc",
    "casts_nc_ctd.zip",
    "profiles_cf.nc",
    "inventory.xlsx",
];

fn sample(name: &str) -> Vec<u8> {
    fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../test_data/ocean").join(name)).unwrap()
}

/// Limits that a hostile file reaches soon.
fn small() -> Limits {
    Limits { member_bytes: 1 << 20, archive_bytes: 4 << 20, columns: 100, casts: 100, ..Limits::default() }
}

/// All ways to look at a file; the results do not matter.
fn look(content: Vec<u8>) {
    let at_once = identify(&content[..], &small()).unwrap();
    let mut blocks = Blocks::new(content.len() as u64);
    let by_blocks = loop {
        match identify(&blocks, &small()) {
            Ok(found) => break found,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock);
                let missing = blocks.missing().unwrap();
                let range = usize::try_from(missing.start).unwrap()..usize::try_from(missing.end).unwrap();
                blocks.add(missing.start, &content[range]).unwrap();
            }
        }
    };
    assert_eq!(by_blocks, at_once);
    if let Ok(review) = review(content, &small()) {
        for parameter in &review.parameters {
            assert!(parameter.good + parameter.fill + parameter.invalid <= parameter.n);
        }
        assert!(review.casts.iter().map(|cast| cast.rows).sum::<u64>() <= review.summary.observations);
        serde_json::to_string(&review).unwrap();
    }
}

/// One change of a file.
#[derive(Debug, Clone)]
enum Change {
    Set(prop::sample::Index, u8),
    Flip(prop::sample::Index, u8),
    Remove(prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
    Huge(prop::sample::Index),
    Repeat(prop::sample::Index, prop::sample::Index),
    Cut(prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), select(vec![b',', b'\n', b'\r', b'=', b'#', b'-', b'9', b' ', 0, 0xff, 0xc3]))
            .prop_map(|(i, b)| Change::Set(i, b)),
        (at(), any::<u8>()).prop_map(|(i, b)| Change::Flip(i, b)),
        (at(), 1_usize..40).prop_map(|(i, n)| Change::Remove(i, n)),
        (at(), vec(any::<u8>(), 1..20)).prop_map(|(i, bytes)| Change::Insert(i, bytes)),
        at().prop_map(Change::Huge),
        (at(), at()).prop_map(|(from, to)| Change::Repeat(from, to)),
        at().prop_map(Change::Cut),
    ]
}

impl Change {
    fn apply(self, content: &mut Vec<u8>) {
        if content.is_empty() {
            return;
        }
        match self {
            Self::Set(at, byte) => {
                let at = at.index(content.len());
                content[at] = byte;
            }
            Self::Flip(at, mask) => {
                let at = at.index(content.len());
                content[at] ^= mask;
            }
            Self::Remove(at, count) => {
                let at = at.index(content.len());
                let end = (at + count).min(content.len());
                content.drain(at..end);
            }
            Self::Insert(at, bytes) => {
                let at = at.index(content.len());
                content.splice(at..at, bytes);
            }
            // Where a header has a length or an offset, it becomes absurd.
            Self::Huge(at) => {
                let at = at.index(content.len());
                let end = (at + 4).min(content.len());
                content[at..end].fill(0x7f);
            }
            Self::Repeat(from, to) => {
                let (from, to) = (from.index(content.len()), to.index(content.len()));
                let piece = content[from.min(to)..from.max(to)].to_vec();
                content.splice(from..from, piece);
            }
            Self::Cut(at) => content.truncate(at.index(content.len())),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(600), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_samples_do_not_panic(seed in select(SEEDS.to_vec()), changes in vec(change(), 1..8)) {
        let mut content = sample(seed);
        for change in changes {
            change.apply(&mut content);
        }
        look(content);
    }

    #[test]
    fn random_bytes_behind_magic_bytes_do_not_panic(
        magic in select(vec![
            &b"BOTTLE,\n"[..], b"CTD,\n", b"PK\x03\x04", b"CDF\x01", b"CDF\x02", b"CDF\x05", b"\x89HDF\r\n\x1a\n", b"",
        ]),
        bytes in vec(any::<u8>(), 0..600),
    ) {
        look([magic, &bytes].concat());
    }

    #[test]
    fn random_tables_do_not_panic(
        stamp in select(vec!["BOTTLE,\n", "CTD,\nNUMBER_HEADERS = 2\nEXPOCODE = X\n"]),
        cells in vec(
            vec(select(vec![
                "EXPOCODE", "STNNBR", "CASTNO", "SAMPNO", "BTLNBR", "DATE", "TIME", "LATITUDE", "LONGITUDE", "CTDPRS",
                "CTDPRS_FLAG_W", "OXYGEN", "OXYGEN_FLAG_W", "BTLNBR_FLAG_W", "_FLAG_W", "", "1", "2", "-999", "9",
                "20150229", "2500", "1e400", "é", "END_DATA", "=", "#",
            ]), 0..14),
            0..12,
        ),
    ) {
        let lines: Vec<String> = cells.iter().map(|cells| cells.join(",")).collect();
        look(format!("{stamp}{}", lines.join("\n")).into_bytes());
    }
}

/// How many cases are tried: more if the environment asks for them.
fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}

#[test]
fn every_beginning_of_every_sample_is_answered() {
    for name in SEEDS {
        let content = sample(name);
        let step = content.len() / 150 + 1;
        for end in (0..content.len()).step_by(step) {
            look(content[..end].to_vec());
        }
    }
}

/// A ZIP archive of one packed member, whose headers claim what they are told to.
fn archive(name: &str, packed: &[u8], unpacked_size: u32, checksum: u32, copies: u16) -> Vec<u8> {
    let mut out = Vec::new();
    let fields = |out: &mut Vec<u8>| {
        out.extend([20, 0, 0, 0, 8, 0, 0, 0, 0, 0]);
        out.extend(checksum.to_le_bytes());
        out.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
        out.extend(unpacked_size.to_le_bytes());
        out.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        out.extend([0, 0]);
    };
    out.write_all(b"PK\x03\x04").unwrap();
    fields(&mut out);
    out.write_all(name.as_bytes()).unwrap();
    out.write_all(packed).unwrap();
    let directory = out.len();
    for _ in 0..copies {
        out.write_all(b"PK\x01\x02\x14\x00").unwrap();
        fields(&mut out);
        out.extend([0; 10]);
        out.extend(0_u32.to_le_bytes());
        out.write_all(name.as_bytes()).unwrap();
    }
    let size = out.len() - directory;
    out.write_all(b"PK\x05\x06\0\0\0\0").unwrap();
    out.extend(copies.to_le_bytes());
    out.extend(copies.to_le_bytes());
    out.extend(u32::try_from(size).unwrap().to_le_bytes());
    out.extend(u32::try_from(directory).unwrap().to_le_bytes());
    out.extend([0, 0]);
    out
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn checksum(content: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(content);
    crc.sum()
}

fn failure(content: Vec<u8>, limits: &Limits) -> (FailureKind, String) {
    let failure = review(content, limits).unwrap_err();
    (failure.kind, failure.message)
}

#[test]
fn an_archive_as_it_should_be_is_read() {
    let cast = sample("cast_00101_ct1.csv");
    let size = u32::try_from(cast.len()).unwrap();
    let review = review(archive("a_ct1.csv", &deflated(&cast), size, checksum(&cast), 1), &Limits::default()).unwrap();
    assert_eq!((review.summary.observations, review.findings.len()), (31, 0));
}

#[test]
fn a_member_that_lies_about_its_size_is_damaged_and_not_unpacked_beyond_the_limit() {
    let mut cast = sample("cast_00101_ct1.csv");
    cast.resize(3 << 20, b' ');
    let packed = deflated(&cast);
    let limits = Limits { member_bytes: 1 << 20, ..Limits::default() };
    let honest = archive("a_ct1.csv", &packed, 3 << 20, checksum(&cast), 1);
    assert_eq!(failure(honest, &limits).0, FailureKind::TooLarge);
    let lying = archive("a_ct1.csv", &packed, 1_000, checksum(&cast), 1);
    let (kind, message) = failure(lying, &limits);
    assert!(matches!(kind, FailureKind::TooLarge | FailureKind::Unreadable), "{message}");
    assert!(message.contains("a_ct1.csv"), "{message}");
}

#[test]
fn many_members_and_one_body_many_times_are_too_large() {
    let cast = sample("cast_00101_ct1.csv");
    let size = u32::try_from(cast.len()).unwrap();
    let many = archive("a_ct1.csv", &deflated(&cast), size, checksum(&cast), 20_001);
    assert_eq!(failure(many.clone(), &Limits::default()).0, FailureKind::TooLarge);
    assert_eq!(identify(&many[..], &Limits::default()).unwrap().unwrap_err().kind, FailureKind::TooLarge);
    let times = archive("a_ct1.csv", &deflated(&cast), size, checksum(&cast), 2_000);
    let limits = Limits { archive_bytes: 1 << 20, ..Limits::default() };
    assert_eq!(failure(times, &limits).0, FailureKind::TooLarge);
}

#[test]
fn an_archive_with_a_wrong_checksum_or_a_foreign_method_is_unreadable() {
    let cast = sample("cast_00101_ct1.csv");
    let size = u32::try_from(cast.len()).unwrap();
    let (kind, message) = failure(archive("a_ct1.csv", &deflated(&cast), size, 1, 1), &Limits::default());
    assert_eq!(kind, FailureKind::Unreadable, "{message}");
    assert!(message.contains("a_ct1.csv"), "{message}");
    let mut foreign = archive("a_ct1.csv", &deflated(&cast), size, checksum(&cast), 1);
    let directory = foreign.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    foreign[directory + 10] = 14;
    let (kind, message) = failure(foreign, &Limits::default());
    assert_eq!((kind, message.contains("method of compression 14")), (FailureKind::Unreadable, true), "{message}");
}

#[test]
fn dimensions_that_the_file_cannot_hold_are_refused() {
    let good = sample("cast_00101_ctd.nc");
    let at = good.windows(8).position(|window| window == b"pressure").unwrap() + 8;
    for size in [0x7fff_ffff_u32, 0xffff_ffff, 0x1000_0000, 1_000] {
        let mut content = good.clone();
        content[at..at + 4].copy_from_slice(&size.to_be_bytes());
        let (kind, message) = failure(content, &Limits::default());
        assert!(matches!(kind, FailureKind::Unreadable | FailureKind::TooLarge), "{size}: {message}");
    }
}

#[test]
fn profiles_and_levels_that_are_only_claimed_are_refused() {
    for name in ["profiles.nc", "levels.nc"] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/hostile").join(name);
        let content = fs::read(path).unwrap();
        assert!(content.len() < 10_000);
        assert_eq!(failure(content, &Limits::default()).0, FailureKind::TooLarge, "{name}");
    }
}

/// The command reviews what claims the most room in a process that has no more than a part of a function's memory.
#[test]
#[cfg(all(feature = "command", target_os = "linux"))]
fn what_claims_most_room_is_answered_within_the_memory_of_a_function() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hostile");
    fs::create_dir_all(&folder).unwrap();
    let hostile = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/hostile");
    for name in ["profiles.nc", "levels.nc", "sparse.nc"] {
        fs::copy(hostile.join(name), folder.join(name)).unwrap();
    }
    fs::write(folder.join("bomb.zip"), sample("bomb_ct1.zip")).unwrap();
    // A large member that is packed nearly as well as is accepted: blanks behind the stamp of a cast.
    let mut blanks = b"CTD,x\n".to_vec();
    blanks.resize(64 << 20, b' ');
    let checksum_of_blanks = checksum(&blanks);
    let packed = deflated(&blanks);
    drop(blanks);
    let honest = archive("a_ct1.csv", &packed, 64 << 20, checksum_of_blanks, 1);
    fs::write(folder.join("blanks.zip"), honest).unwrap();
    fs::write(folder.join("lying.zip"), archive("a_ct1.csv", &packed, 1_000, 0, 1)).unwrap();
    let cast = sample("cast_00101_ct1.csv");
    let size = u32::try_from(cast.len()).unwrap();
    let many = archive("a_ct1.csv", &deflated(&cast), size, checksum(&cast), 20_000);
    fs::write(folder.join("many.zip"), many).unwrap();

    // Kilobytes of address space.
    let limit = 1_000 << 10;
    let output = std::process::Command::new("sh")
        .args(["-c", &format!("ulimit -v {limit} && exec \"$@\""), "sh", env!("CARGO_BIN_EXE_review-folder")])
        .arg(&folder)
        .output()
        .unwrap();
    let table = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{table}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(table.lines().count(), 8, "{table}");
}

#[test]
fn a_table_of_too_many_columns_or_casts_is_too_large() {
    let names = vec!["A"; 10_001].join(",");
    let (kind, message) = failure(format!("BOTTLE,x\n{names}\n").into_bytes(), &Limits::default());
    assert_eq!((kind, message.contains("line 2: 10001 columns")), (FailureKind::TooLarge, true), "{message}");
    let mut text = String::from("BOTTLE,x\nEXPOCODE,STNNBR,CASTNO,SAMPNO\n,,,\n");
    text.extend((0..101).map(|station| format!("X,{station},1,1\n")));
    assert_eq!(failure(text.clone().into_bytes(), &small()).0, FailureKind::TooLarge);
    let limits = Limits { bottle_rows: 100, ..Limits::default() };
    let (kind, message) = failure(text.into_bytes(), &limits);
    assert_eq!((kind, message.as_str()), (FailureKind::TooLarge, "more than 100 rows"));
}

#[test]
fn a_line_of_a_million_commas_is_one_rejected_row() {
    let text = format!("BOTTLE,x\nEXPOCODE,CTDPRS\n,DBAR\nX,1\n{}\nEND_DATA\n", ",".repeat(1_000_000));
    let review = review(text.into_bytes(), &Limits::default()).unwrap();
    assert_eq!((review.summary.observations, review.summary.rows_rejected), (1, 1));
    let found = review.findings.iter().find(|found| found.code == Code::RowWidth).unwrap();
    assert_eq!((found.places[0].line, found.places[0].value.as_deref()), (Some(5), Some("1000001")));
}

#[test]
fn other_encodings_and_line_ends_are_told() {
    let good = String::from_utf8(sample("bottle_good_hy1.csv")).unwrap();
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(good.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(failure(utf16, &Limits::default()).0, FailureKind::Unrecognised);
    let old_mac = review(good.replace('\n', "\r").into_bytes(), &Limits::default()).unwrap();
    assert!(old_mac.findings.iter().any(|found| found.code == Code::NoRows));
    let with_nul = good.replace("250.0", "25\u{0}.0");
    let review = review(with_nul.into_bytes(), &Limits::default()).unwrap();
    assert!(review.findings.iter().any(|found| found.code == Code::NonNumericValue));
}
