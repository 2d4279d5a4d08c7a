//! Ranked guides as files.

use std::io::{self, Write};

use csv::{Terminator, WriterBuilder};

use crate::ranking::Row;

/// Columns of what the search for guides finds out.
pub const FOUND: [&str; 7] = ["record", "start", "end", "strand", "sequence", "count", "unique"];
/// Columns of what the prediction of efficiency finds out.
pub const EFFICIENCY: [&str; 9] = [
    "consensus",
    "chopchop",
    "mm10db",
    "sgrnascorer2",
    "sgrnascorer2_score",
    "at_percent",
    "mfe",
    "structure",
    "scaffold_intact",
];
/// Columns of what the search for off-target sites finds out.
pub const OFF_TARGET: [&str; 11] = [
    "mit",
    "cfd",
    "cfd_specificity",
    "perfect_sites",
    "in_genome",
    "d0",
    "d1",
    "d2",
    "d3",
    "d4",
    "off_target_accepted",
];

/// The columns of the CSV file.
fn columns() -> impl Iterator<Item = &'static str> {
    ["rank", "target_id"].into_iter().chain(FOUND).chain(["passed"]).chain(EFFICIENCY).chain(OFF_TARGET)
}

/// What stands in the columns of a guide: 1 and 0 for yes and no, six decimals for scores, nothing for what is not
/// known.
fn fields(row: &Row) -> [String; 30] {
    fn text<T: ToString>(value: Option<T>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    let flag = |flag: Option<bool>| text(flag.map(u8::from));
    let score = |score: Option<f64>| score.map(|score| format!("{score:.6}")).unwrap_or_default();
    [
        text(row.rank),
        row.target_id.to_string(),
        row.record.clone(),
        row.start.to_string(),
        row.end.to_string(),
        row.strand.clone(),
        row.sequence.clone(),
        row.count.to_string(),
        flag(Some(row.unique)),
        flag(Some(row.passed)),
        text(row.consensus),
        flag(row.chopchop),
        flag(row.mm10db),
        flag(row.sgrnascorer2),
        score(row.sgrnascorer2_score),
        score(row.at_percent),
        row.mfe.map(|energy| format!("{energy:.2}")).unwrap_or_default(),
        text(row.structure.as_ref()),
        flag(row.scaffold_intact),
        score(row.mit),
        score(row.cfd),
        score(row.cfd_specificity),
        text(row.perfect_sites),
        flag(row.in_genome),
        text(row.d0),
        text(row.d1),
        text(row.d2),
        text(row.d3),
        text(row.d4),
        flag(row.off_target_accepted),
    ]
}

/// Writes guides as CSV with a line of names.
pub fn write_csv(rows: &[Row], output: impl Write) -> io::Result<()> {
    let mut writer = WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(output);
    writer.write_record(columns())?;
    for row in rows {
        writer.write_record(fields(row))?;
    }
    writer.flush()
}

/// Writes guides as BED with six columns. The score is ten times the specificity, and 0 where that is not known.
pub fn write_bed(rows: &[Row], mut output: impl Write) -> io::Result<()> {
    for Row { record, start, end, sequence, strand, cfd_specificity, .. } in rows {
        let score = (10.0 * cfd_specificity.unwrap_or(0.0)).round();
        writeln!(output, "{record}\t{start}\t{end}\t{sequence}\t{score}\t{strand}")?;
    }
    output.flush()
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row {
            rank: Some(1),
            target_id: 7,
            record: "a,b".to_owned(),
            start: 5,
            end: 28,
            strand: "-".to_owned(),
            sequence: "ACTCCTCATGCTGGACATTCTGG".to_owned(),
            count: 1,
            unique: true,
            ..Row::default()
        }
    }

    #[test]
    fn what_is_not_known_is_empty() {
        let mut bytes = Vec::new();
        let known = Row {
            passed: true,
            consensus: Some(2),
            chopchop: Some(true),
            mm10db: Some(false),
            sgrnascorer2: Some(true),
            sgrnascorer2_score: Some(-0.0),
            at_percent: Some(50.0),
            mfe: Some(-22.4),
            structure: Some("((".to_owned()),
            scaffold_intact: Some(false),
            mit: Some(99.0),
            cfd: Some(99.009_900_99),
            cfd_specificity: Some(66.077_739),
            perfect_sites: Some(1),
            in_genome: Some(true),
            d0: Some(1),
            off_target_accepted: Some(true),
            ..row()
        };
        write_csv(&[row(), known.clone()], &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.split_terminator('\n').collect();
        assert_eq!(
            lines[0],
            "rank,target_id,record,start,end,strand,sequence,count,unique,passed,consensus,chopchop,mm10db,sgrnascorer2,\
             sgrnascorer2_score,at_percent,mfe,structure,scaffold_intact,mit,cfd,cfd_specificity,perfect_sites,in_genome,\
             d0,d1,d2,d3,d4,off_target_accepted"
        );
        assert_eq!(lines[1], "1,7,\"a,b\",5,28,-,ACTCCTCATGCTGGACATTCTGG,1,1,0,,,,,,,,,,,,,,,,,,,,");
        assert_eq!(
            lines[2],
            "1,7,\"a,b\",5,28,-,ACTCCTCATGCTGGACATTCTGG,1,1,1,2,1,0,1,-0.000000,50.000000,-22.40,((,0,99.000000,99.009901,\
             66.077739,1,1,1,,,,,1"
        );
        let mut bytes = Vec::new();
        write_bed(&[row(), known], &mut bytes).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "a,b\t5\t28\tACTCCTCATGCTGGACATTCTGG\t0\t-\na,b\t5\t28\tACTCCTCATGCTGGACATTCTGG\t661\t-\n"
        );
    }
}
