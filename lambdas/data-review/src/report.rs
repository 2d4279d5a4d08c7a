//! What a review tells.

use serde::Serialize;

use crate::{
    area::Area,
    cast::Cast,
    contract::{FileType, Severity, Status},
    finding::Finding,
    statistics::Parameter,
};

/// The version of what a review finds. A file whose summary has another version is analysed again.
pub const ANALYSIS_VERSION: u32 = 1;

/// Groups of findings that stand in the summary; those beyond have items of their own.
pub const SUMMARY_FINDINGS: usize = 50;

/// Numbers of a file that add up over its members.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Totals {
    pub(crate) observations: u64,
    pub(crate) rows_rejected: u64,
    pub(crate) members: u64,
    pub(crate) date_min: Option<u32>,
    pub(crate) date_max: Option<u32>,
    pub(crate) pressure_min: Option<f64>,
    pub(crate) pressure_max: Option<f64>,
}

/// What a [`Collector`] knows of the file as a whole.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) file_type: FileType,
    pub(crate) totals: Totals,
    pub(crate) stations: u64,
    pub(crate) expocodes: Vec<String>,
    pub(crate) sections: Vec<String>,
    pub(crate) area: Option<Area>,
}

/// All that is told of a file that could be read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Review {
    /// The file as a whole.
    pub summary: Summary,
    /// Its parameters in the order of their first occurrence.
    pub parameters: Vec<Parameter>,
    /// Its casts in the order of their first occurrence.
    pub casts: Vec<Cast>,
    /// Its findings, the worst first.
    pub findings: Vec<Finding>,
}

/// The file as a whole, under the names of the item `SUMMARY`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// What the file is.
    pub file_type: FileType,
    /// The worst severity of its findings.
    pub status: Status,
    /// The cruises that occur.
    pub expocodes: Vec<String>,
    /// The sections that occur.
    pub sections: Vec<String>,
    /// How many casts: different expocodes, stations and cast numbers.
    pub casts: u64,
    /// How many stations: different expocodes and stations.
    pub stations: u64,
    /// Rows that were read; levels with a pressure in CF files.
    pub observations: u64,
    /// Rows that were left out.
    pub rows_rejected: u64,
    /// Members of the archive that are data; 1 for a file that is no archive.
    pub members: u64,
    /// The first date as YYYYMMDD.
    pub date_min: Option<u32>,
    /// The last date as YYYYMMDD.
    pub date_max: Option<u32>,
    /// The box around all positions.
    #[serde(flatten)]
    pub area: Option<Area>,
    /// The least good pressure in decibar.
    pub pressure_min: Option<f64>,
    /// The greatest good pressure in decibar.
    pub pressure_max: Option<f64>,
    /// How many parameters.
    pub parameter_count: u64,
    /// How many findings of each severity.
    pub finding_counts: FindingCounts,
}

/// Findings by their severity: single ones, not groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct FindingCounts {
    /// Defects.
    pub error: u64,
    /// Probable defects.
    pub warning: u64,
    /// Things worth knowing.
    pub info: u64,
}

impl FindingCounts {
    fn of(findings: &[Finding]) -> Self {
        let count =
            |severity| findings.iter().filter(|found| found.severity == severity).map(|found| found.count).sum();
        Self { error: count(Severity::Error), warning: count(Severity::Warning), info: count(Severity::Info) }
    }

    fn status(self) -> Status {
        match self {
            Self { error: 0, warning: 0, .. } => Status::Ok,
            Self { error: 0, .. } => Status::Warnings,
            _ => Status::Errors,
        }
    }
}

impl Review {
    pub(crate) fn new(found: Found, parameters: Vec<Parameter>, casts: Vec<Cast>, findings: Vec<Finding>) -> Self {
        let Found { file_type, totals, stations, expocodes, sections, area } = found;
        let finding_counts = FindingCounts::of(&findings);
        let summary = Summary {
            file_type,
            status: finding_counts.status(),
            expocodes,
            sections,
            casts: casts.len() as u64,
            stations,
            observations: totals.observations,
            rows_rejected: totals.rows_rejected,
            members: totals.members,
            date_min: totals.date_min,
            date_max: totals.date_max,
            area,
            pressure_min: totals.pressure_min,
            pressure_max: totals.pressure_max,
            parameter_count: parameters.len() as u64,
            finding_counts,
        };
        Self { summary, parameters, casts, findings }
    }

    /// The findings that stand in the summary, and those that do not fit in.
    pub fn split_findings(&self) -> (&[Finding], &[Finding]) {
        self.findings.split_at(self.findings.len().min(SUMMARY_FINDINGS))
    }
}
