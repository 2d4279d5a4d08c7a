//! Compiling the sources into the database that the schema crate embeds.

mod encoder;
mod facts;
#[path = "../../../crates/schema/src/database/format.rs"]
#[expect(dead_code, reason = "the reader uses the rest")]
mod format;
mod pattern;
mod rules;
mod schema;
mod tables;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::source::Sources;
use encoder::Encoder;
use schema::{Counts, Document, Nodes};

/// The files of the database.
pub(crate) struct Database {
    strings: String,
    tables: Vec<u8>,
    report: String,
}

impl Database {
    /// Compiles everything that the validator needs from the sources. The same sources give the same bytes.
    pub(crate) fn compile(sources: &Sources) -> Result<Self> {
        let mut nodes = Nodes::new();
        let roots: Vec<u32> =
            sources.schemas.values().map(|schema| nodes.node(&mut Document::new(schema), schema)).collect();
        let attached = rules::attach(sources, &mut nodes)?;
        let update_policy =
            sources.other.get("resources/update_policy").context("the source has no update policies")?;
        let update_policy = nodes.node(&mut Document::new(update_policy), update_policy);
        let (node_count, pattern_count) = nodes.size();
        let (mut strings, sections, counts) = nodes.finish();

        let additions = facts::Additions::new(sources);
        let (mut index, mut types) = (Encoder::default(), Encoder::default());
        for ((type_name, schema), root) in sources.schemas.iter().zip(roots) {
            index.offset(strings.intern(type_name));
            index.offset(types.position());
            let rules: Vec<_> = attached.iter().filter(|rule| rule.type_name == type_name).collect();
            facts::write(&mut types, &mut strings, sources, &additions, (type_name, schema), (root, &rules));
        }
        let regions = tables::regions(sources, &mut strings);
        let (services, actions) = tables::actions(sources, &mut strings)?;
        let runtimes = tables::runtimes(sources, &mut strings)?;
        let mut documents = Encoder::default();
        documents.offset(update_policy);

        // The order is that of `format::section`.
        let sections = [
            sections.nodes,
            sections.recursion,
            index.finish(),
            types.finish(),
            sections.patterns,
            regions,
            services,
            actions,
            runtimes,
            documents.finish(),
        ];
        let strings = strings.finish();
        let tables = assemble(&sections);
        let report = report(&counts, node_count, pattern_count, &sections, strings.len());
        Ok(Self { strings, tables, report })
    }

    /// Writes the files into `folder`, which is `crates/schema/data`.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        for (name, bytes) in [("strings.txt", self.strings.as_bytes()), ("tables.bin", &self.tables)] {
            let path = folder.join(name);
            fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }

    /// What was compiled and what was left out.
    pub(crate) fn report(&self) -> &str {
        &self.report
    }
}

fn assemble(sections: &[Vec<u8>]) -> Vec<u8> {
    let mut encoder = Encoder::default();
    encoder.raw(&format::MAGIC);
    let mut offset = format::MAGIC.len() + 8 * sections.len();
    for section in sections {
        encoder.word(u32::try_from(offset).expect("the tables are far smaller than 4 GiB"));
        encoder.word(u32::try_from(section.len()).expect("the tables are far smaller than 4 GiB"));
        offset += section.len();
    }
    for section in sections {
        encoder.raw(section);
    }
    encoder.finish()
}

fn report(counts: &Counts, nodes: usize, patterns: usize, sections: &[Vec<u8>], strings: usize) -> String {
    let mut lines = vec![
        format!("{nodes} nodes, {} constraints, {patterns} patterns", counts.constraints),
        format!(
            "{} patterns accept more than in the source, {} are left out",
            counts.wider_patterns,
            counts.dropped_patterns.len()
        ),
    ];
    lines.extend(counts.dropped_patterns.iter().map(|(pattern, reason)| format!("  {reason}: {pattern}")));
    lines.push("formats that are not checked:".to_owned());
    lines.extend(counts.unknown_formats.iter().map(|(format, count)| format!("  {count} × {format}")));
    let sizes: Vec<String> = sections.iter().map(|section| section.len().to_string()).collect();
    lines.push(format!("sections {} bytes, texts {strings} bytes", sizes.join(" + ")));
    lines.join("\n")
}
