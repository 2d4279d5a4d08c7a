#![expect(clippy::unwrap_used)]

use std::fs;

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn temporary(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("genome-pipeline-{}-{name}", std::process::id()))
}

fn built(fasta: &str) -> Index {
    let mut builder = Builder::new(Sites::All);
    builder.add_fasta(fasta.as_bytes(), "genome").unwrap();
    builder.finish().unwrap()
}

/// Writes and opens an index again.
fn reopened(index: &Index, format: Format, name: &str) -> Index {
    let path = temporary(name);
    let bytes = index.write(format, File::create(&path).unwrap()).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().len(), bytes);
    let opened = Index::open(&path);
    fs::remove_file(&path).unwrap();
    opened.unwrap()
}

fn site(text: &str) -> Protospacer {
    Protospacer::new(text.as_bytes()).unwrap()
}

/// The sites of the published example of repeated sites.
const REPEATED: &str = "ACCTACGTACGTACTTACGT\nACGTACGTACGTACGTACGA\nACGTACGTACGTACGTACGT\nACGTACGTACGTACGTACGT\n\
    ACGTACGTACGTACGTTCGA\nACGTACGTACGTACGTTCGA\nACGTACGTACGTACGTTCGA\nACGTACGTACGTACGTTCGA\nACGTACGTACGTACGTTCGA\n\
    CCGTACGTACGTACGTACGT\nCCGTACGTACGTACGTACGT\nCCGTACGTACGTACGTACGT\nGGGTACGATCGTACGTACGC\n";

#[test]
fn repeated_sites_give_the_published_index() {
    let mut builder = Builder::without_places(Sites::Compatible);
    builder.add_sites(REPEATED.as_bytes()).unwrap();
    let index = builder.finish().unwrap();
    assert_eq!((index.sites(), index.occurrences()), (6, 13));
    let mut bytes = Vec::new();
    assert_eq!(index.write(Format::V2, &mut bytes).unwrap(), 109_696);
    assert_eq!(bytes.len(), 109_696);
    assert_eq!(sha256(&bytes), "dd2e4188f1eff5e8121d5919d29ac7ab921fe5d6d5d28f1b4a8bd697bf2ac662");
    let again = reopened(&index, Format::V2, "repeated.issl");
    assert_eq!(again.occurrences_of(site("ACGTACGTACGTACGTTCGA")), Occurrences { gg: 5, ag: 0 });
    assert_eq!(again.occurrences_of(site("ACGTACGTACGTACGTTCGC")), Occurrences::default());
    assert!(again.places_of(site("ACGTACGTACGTACGTTCGA")).unwrap().is_none());
    assert!(matches!(index.write(Format::Crx, Vec::new()), Err(IndexError::NoPlaces)));
}

#[test]
fn lines_that_are_no_sites_are_told() {
    for (text, line) in [
        ("ACCTACGTACGTACTTACGT\nACCTACGTACGTACTTACG\n", 2),
        ("ACCTACGTACGTACTTACGN", 1),
        ("ACCTACGTACGTACTTACGT\n\nACCTACGTACGTACTTACGT\n", 2),
        ("ACCTACGTACGTACTTACGTA\n", 1),
        (&"A".repeat(1_000), 1),
    ] {
        let error = Builder::new(Sites::All).add_sites(text.as_bytes()).unwrap_err();
        assert!(matches!(error, IndexError::Site { line: at, .. } if at == line), "{error}");
    }
    Builder::new(Sites::All).add_sites("ACCTACGTACGTACTTACGT\r\n\r\n\n".as_bytes()).unwrap();
}

#[test]
fn places_are_found_again() {
    let guide = "ACGTACGTACGTACGTACGA";
    let genome = format!(">one\nTT{guide}TGGNNNN{guide}CAG\n>none\n\n>two\nCCT{}\n", "TCGTACGTACGTACGTACGT");
    let index = built(&genome);
    for index in [&reopened(&index, Format::Crx, "places.crx"), &index] {
        assert_eq!(index.occurrences_of(site(guide)), Occurrences { gg: 2, ag: 1 });
        let places = index.places_of(site(guide)).unwrap().unwrap();
        let found: Vec<_> = places
            .iter()
            .map(|place| {
                (
                    index.contigs().unwrap()[place.contig].name.as_str(),
                    place.start,
                    place.strand.to_string(),
                    place.target.to_string(),
                )
            })
            .collect();
        let row = |contig, start, strand: &str, pam: &str| (contig, start, strand.to_owned(), format!("{guide}{pam}"));
        assert_eq!(found, [row("one", 2, "+", "TGG"), row("one", 29, "+", "CAG"), row("two", 0, "-", "AGG")]);
    }
}

#[test]
fn many_places_of_one_site_are_counted() {
    let genome = format!("{}{}", "G".repeat(80), "ACCGTTACGATCGTTTACGAAGG");
    let index = built(&genome);
    for index in [&reopened(&index, Format::Crx, "many.crx"), &index] {
        assert_eq!(index.occurrences_of(site(&"G".repeat(20))), Occurrences { gg: 58, ag: 0 });
        assert_eq!(index.places_of(site(&"G".repeat(20))).unwrap().unwrap().len(), 58);
    }
}

#[test]
fn an_empty_index_is_one() {
    let index = built(">a\nNNNN\n");
    for format in [Format::Crx, Format::V2] {
        let again = reopened(&index, format, "empty");
        assert_eq!((again.sites(), again.occurrences()), (0, 0));
    }
}

#[test]
fn wrong_files_of_the_published_format_are_refused() {
    let mut builder = Builder::without_places(Sites::All);
    builder.add_sites(REPEATED.as_bytes()).unwrap();
    let mut whole = Vec::new();
    builder.finish().unwrap().write(Format::V2, &mut whole).unwrap();
    let path = temporary("wrong.issl");
    let problem = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = whole.clone();
        change(&mut bytes);
        fs::write(&path, bytes).unwrap();
        let error = Index::open(&path).unwrap_err().to_string();
        fs::remove_file(&path).unwrap();
        error
    };
    assert!(problem(&|bytes| bytes.truncate(30)).contains("no header"));
    assert!(problem(&|bytes| bytes[8] = 21).contains("20 bases"));
    assert!(problem(&|bytes| bytes[24] = 4).contains("20 bases"));
    assert!(problem(&|bytes| bytes[0] = 7).contains("wrong for 7 sites"));
    assert!(problem(&|bytes| bytes[7] = 0xff).contains("wrong for"));
    assert!(problem(&|bytes| bytes.push(0)).contains("109697 bytes"));
    assert!(problem(&|bytes| bytes[16] = 14).contains("add up"));
    let first_site = 48 + 6_195 * 16;
    assert!(problem(&|bytes| bytes[first_site] = 0xff).contains("not sorted"));
    assert!(problem(&|bytes| bytes[first_site + 7] = 1).contains("more than 20 bases"));
    let first_entry = first_site + 6 * 8 + 10_240;
    assert!(problem(&|bytes| bytes[first_entry] = 200).contains("each site once"));
}

#[test]
fn another_version_is_told() {
    let path = temporary("version.crx");
    let mut bytes = Vec::new();
    built("ACGTACGTACGTACGTACGATGG").write(Format::Crx, &mut bytes).unwrap();
    bytes[7] = b'2';
    fs::write(&path, bytes).unwrap();
    let error = Index::open(&path).unwrap_err();
    fs::remove_file(&path).unwrap();
    assert!(error.to_string().contains("version SGCRX002"), "{error}");
}

fn genome() -> impl Strategy<Value = String> {
    prop::collection::vec("[ACGT]{30,120}|[ACG]{20}[ACGT]GG|N{1,3}", 1..8).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_flipped_byte_is_noticed_or_changes_nothing(text in genome(), at: prop::sample::Index, bit in 0_u8..8, case: u32) {
        let index = built(&text);
        let mut bytes = Vec::new();
        index.write(Format::Crx, &mut bytes).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let path = temporary(&format!("flipped-{case}.crx"));
        fs::write(&path, bytes).unwrap();
        let opened = Index::open(&path);
        fs::remove_file(&path).unwrap();
        if let Ok(opened) = opened {
            let mut planes = [Planes::default(), Planes::default()];
            let mut noticed = false;
            for slice in Slice::ALL {
                let lists = [&index, &opened].map(|index| index.lists(slice, &[true; VALUES]));
                for value in 0..=u8::MAX {
                    lists[0].load(value, &mut planes[0]).unwrap();
                    match lists[1].load(value, &mut planes[1]) {
                        Ok(()) => prop_assert!(planes[0] == planes[1]),
                        Err(_) => noticed = true,
                    }
                }
            }
            let mut sites = Vec::new();
            index.table.for_each(|_, site| sites.push(site));
            for site in sites {
                prop_assert_eq!(opened.occurrences_of(site), index.occurrences_of(site));
                match opened.places_of(site) {
                    Ok(places) => prop_assert_eq!(places, index.places_of(site).unwrap()),
                    Err(_) => noticed = true,
                }
            }
            prop_assert!(noticed || at % 64 != 1);
        }
    }

    #[test]
    fn any_bytes_are_an_index_or_refused(
        start in prop_oneof![Just(&b"SGCRX001"[..]), Just(&b""[..])],
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        case: u32,
    ) {
        let path = temporary(&format!("any-{case}"));
        fs::write(&path, [start, &bytes].concat()).unwrap();
        let opened = Index::open(&path);
        fs::remove_file(&path).unwrap();
        prop_assert!(opened.is_err());
    }
}
