//! NCBI's accessions, and where its servers have them.

use serde_json::Value;

/// Whether this is an accession of an assembly, such as `GCA_000482205.1`.
pub(super) fn is_accession(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.strip_prefix("GCA_").or_else(|| text.strip_prefix("GCF_"));
    let parts = number.and_then(|number| number.split_once('.'));
    parts.is_some_and(|(number, version)| number.len() == 9 && digits(number) && digits(version))
}

/// Whether this can be the name of an uploaded genome.
pub(super) fn is_custom_name(text: &str) -> bool {
    let is_small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (3..=64).contains(&text.len())
        && text.bytes().next().is_some_and(is_small)
        && text.bytes().all(|byte| is_small(byte) || byte == b'_' || byte == b'-')
}

/// The URL of what the datasets API tells of an assembly.
pub(super) fn report_url(base: &str, accession: &str) -> String {
    format!("{base}/genome/accession/{accession}/dataset_report")
}

/// An answer that is no report of an assembly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoReport;

/// The bases of an assembly, as its report says; none when the report does not say it.
pub(super) fn bases(report: &[u8]) -> Result<Option<u64>, NoReport> {
    let report: Value = serde_json::from_slice(report).map_err(|_| NoReport)?;
    let first = report.pointer("/reports/0").ok_or(NoReport)?;
    // The API writes large numbers as text.
    let length = match first.pointer("/assembly_stats/total_sequence_length") {
        Some(Value::String(text)) => text.parse().ok(),
        Some(Value::Number(number)) => number.as_u64(),
        _ => None,
    };
    Ok(length)
}

/// The URL of the folder that holds the folders of all versions of an assembly. The accession was checked.
pub(super) fn folder_url(base: &str, accession: &str) -> String {
    let (kind, number) = accession.split_at(3);
    let triple = |place: usize| number.get(1 + 3 * place..4 + 3 * place).unwrap_or_default();
    format!("{base}/genomes/all/{kind}/{}/{}/{}/", triple(0), triple(1), triple(2))
}

/// The name of the folder of an assembly in the listing of the folder above: what begins with its accession and `_`.
pub(super) fn folder_of<'a>(listing: &'a str, accession: &str) -> Option<&'a str> {
    let targets = listing.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    targets.map(|target| target.trim_end_matches('/').rsplit('/').next().unwrap_or_default()).find(|name| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        name.strip_prefix(accession).is_some_and(|rest| rest.starts_with('_')) && name.bytes().all(is_plain)
    })
}

/// The MD5 of a file in the list of checksums, in small digits.
pub(super) fn checksum_of(list: &str, file: &str) -> Option<String> {
    list.lines().find_map(|line| {
        let (checksum, path) = line.trim().split_once(char::is_whitespace)?;
        let is_checksum = checksum.len() == 32 && checksum.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_checksum && path.trim().trim_start_matches("./") == file).then(|| checksum.to_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accessions_and_custom_names_are_told_apart() {
        for accession in ["GCA_000482205.1", "GCF_000001405.40"] {
            assert!(is_accession(accession) && !is_custom_name(accession));
        }
        for text in [
            "",
            "GCA_00048220.1",
            "GCA_0004822055.1",
            "GCB_000482205.1",
            "GCA_000482205.",
            "GCA_000482205",
            "gca_000482205.1",
            "GCA_000482205.1 ",
            "GCA_00048220a.1",
            "GCA_000482205.1/..",
        ] {
            assert!(!is_accession(text), "{text}");
        }
        for name in ["abc", "my-genome_2", "0ab", &"a".repeat(64)] {
            assert!(is_custom_name(name) && !is_accession(name), "{name}");
        }
        for text in ["ab", "-ab", "_ab", "Abc", "a b", "a/b", "abé", &"a".repeat(65)] {
            assert!(!is_custom_name(text), "{text}");
        }
    }

    #[test]
    fn reports_tell_sizes_or_not() {
        let report = |stats: &str| bases(format!(r#"{{"reports":[{{"assembly_stats":{stats}}}]}}"#).as_bytes());
        assert_eq!(report(r#"{"total_sequence_length":"29903"}"#), Ok(Some(29_903)));
        assert_eq!(report(r#"{"total_sequence_length":29903}"#), Ok(Some(29_903)));
        assert_eq!(report(r#"{"total_sequence_length":"many"}"#), Ok(None));
        assert_eq!(report("{}"), Ok(None));
        assert_eq!(bases(b"{}"), Err(NoReport));
        assert_eq!(bases(br#"{"reports":[]}"#), Err(NoReport));
        assert_eq!(bases(b"<html>"), Err(NoReport));
    }

    #[test]
    fn folders_and_checksums_are_found() {
        assert_eq!(folder_url("http://h", "GCA_000482205.1"), "http://h/genomes/all/GCA/000/482/205/");
        let listing = r#"<a href="/genomes/all/GCA/">Parent</a> <a href="GCA_000482205.10_B/">x</a>
            <a href="GCA_000482205.1_A..%2f/">y</a> <a href="GCA_000482205.1_ASM48220v1/">z</a>"#;
        assert_eq!(folder_of(listing, "GCA_000482205.1"), Some("GCA_000482205.1_ASM48220v1"));
        assert_eq!(folder_of(listing, "GCA_000482205.2"), None);
        let absolute = r#"<a href="https://h/genomes/all/GCA/000/482/205/GCA_000482205.1_X/">"#;
        assert_eq!(folder_of(absolute, "GCA_000482205.1"), Some("GCA_000482205.1_X"));

        let list = "0123456789abcdef0123456789ABCDEF  ./d_cds_from_genomic.fna.gz\n\
                    00000000000000000000000000000001  ./d_genomic.fna.gz\r\nxyz  ./e_genomic.fna.gz\n";
        assert_eq!(checksum_of(list, "d_genomic.fna.gz").as_deref(), Some("00000000000000000000000000000001"));
        assert_eq!(checksum_of(list, "d_cds_from_genomic.fna.gz").as_deref(), Some("0123456789abcdef0123456789abcdef"));
        assert_eq!(checksum_of(list, "e_genomic.fna.gz"), None);
    }
}
