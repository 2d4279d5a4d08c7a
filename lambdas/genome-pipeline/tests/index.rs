//! The known answers of the index, from the genome of a virus.

#![cfg(feature = "science")]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod samples;

use std::{fs::File, io::BufReader};

use genome_pipeline::{
    bases::Strand,
    fasta,
    guide::{self, Identity},
    index::{Builder, Format, Index, Sites},
    site::{Pam, SiteScanner},
};

fn written(sites: Sites, format: Format) -> Option<Vec<u8>> {
    let mut builder = Builder::new(sites);
    builder.add_fasta(File::open(samples::path("ncov.fa")?).unwrap(), "ncov.fa").unwrap();
    let mut bytes = Vec::new();
    builder.finish().unwrap().write(format, &mut bytes).unwrap();
    Some(bytes)
}

#[test]
fn the_compatible_index_is_the_published_one() {
    let Some(bytes) = written(Sites::Compatible, Format::V2) else { return };
    assert_eq!(bytes.len(), 299_104);
    assert_eq!(samples::sha256(&bytes), "469f6e419e2dbd369271ba8de4c5c1858fd2c20979e4a1509c127968df05d8c9");
    assert!(bytes == std::fs::read(samples::path("ncov.fixed.issl").unwrap()).unwrap());
}

#[test]
fn the_index_of_all_sites_is_the_published_one() {
    let Some(bytes) = written(Sites::All, Format::V2) else { return };
    assert_eq!(bytes.len(), 387_904);
    assert_eq!(samples::sha256(&bytes), "174a5dd949df75127c263679753700f12c45d60ad56c47106a72d4298b2ac824");
}

#[test]
fn the_index_of_a_list_of_sites_is_that_of_the_genome() {
    let Some(path) = samples::path("ncov.allT.ot") else { return };
    let mut builder = Builder::without_places(Sites::All);
    builder.add_sites(BufReader::new(File::open(path).unwrap())).unwrap();
    let mut bytes = Vec::new();
    builder.finish().unwrap().write(Format::V2, &mut bytes).unwrap();
    assert!(bytes == written(Sites::All, Format::V2).unwrap());
}

#[test]
fn an_index_is_read_and_written_again() {
    let Some(path) = samples::path("ncov.fixed.issl") else { return };
    let mut bytes = Vec::new();
    Index::open(&path).unwrap().write(Format::V2, &mut bytes).unwrap();
    assert!(bytes == std::fs::read(path).unwrap());
}

#[test]
fn sites_are_those_of_the_list() {
    let Some(path) = samples::path("ncov.fa") else { return };
    let records = fasta::records(File::open(path).unwrap(), "ncov.fa").unwrap();
    assert_eq!((records.len(), records[0].name.as_str(), records[0].letters.len()), (1, "NC_045512.2", 29_903));
    let mut found = Vec::new();
    SiteScanner::default().scan(&records[0].letters, |site| found.push(site));
    let number = |pam| found.iter().filter(|site| site.pam() == pam).count();
    assert_eq!((found.len(), number(Pam::Gg), number(Pam::Ag)), (5_802, 1_980, 3_822));
    assert_eq!(found.iter().filter(|site| site.strand == Strand::Plus).count(), 2_833);
    let mut sites: Vec<String> = found.iter().map(|site| site.target.protospacer().to_string()).collect();
    sites.sort();
    sites.dedup();
    assert_eq!(sites, samples::lines("ncov.allT.ot").unwrap());
    sites.retain(|site| !site.starts_with('T'));
    assert_eq!(sites, samples::lines("ncov.fixed.ot").unwrap());
    assert_eq!(sites.len(), 3_952);
}

#[test]
fn guides_are_those_of_the_list() {
    let Some(path) = samples::path("ncov.fa") else { return };
    let records = fasta::records(File::open(path).unwrap(), "ncov.fa").unwrap();
    for identity in [Identity::Protospacer, Identity::Target] {
        let guides = guide::find(&records, identity);
        let number = |strand| guides.iter().filter(|guide| guide.strand == strand).count();
        assert_eq!((number(Strand::Plus), number(Strand::Minus)), (1_092, 888));
        assert!(guides.iter().all(guide::Guide::is_unique));
        let mut texts: Vec<String> = guides.iter().map(|guide| guide.target.protospacer().to_string()).collect();
        texts.sort();
        assert_eq!(texts, samples::lines("ncov.q").unwrap());
    }
}
