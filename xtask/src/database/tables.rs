//! Tables beside the resource types: regions, IAM actions, runtimes.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::source::Sources;

use super::encoder::{Encoder, Strings};

/// Every region with a bit for each type, by its position in the index.
pub(crate) fn regions(sources: &Sources, strings: &mut Strings) -> Vec<u8> {
    let mut encoder = Encoder::default();
    let regions: Vec<_> = sources.regions.iter().filter(|(name, _)| *name != "sam").collect();
    encoder.count(regions.len() as u64);
    for (name, types) in regions {
        encoder.offset(strings.intern(&name.replace('_', "-")));
        let mut bits = vec![0u8; sources.schemas.len().div_ceil(8)];
        for (position, type_name) in sources.schemas.keys().enumerate() {
            // Types of the serverless transform and the like are in no region's list and so in every region.
            let nowhere = !sources.regions.iter().any(|(region, types)| region != "sam" && types.contains(type_name));
            if nowhere || types.contains(type_name) {
                bits[position / 8] |= 1 << (position % 8);
            }
        }
        encoder.raw(&bits);
    }
    encoder.finish()
}

/// The index of services and, as the second, their actions. Names are in order and in lower case; each is written as the
/// number of letters that it shares with the one before, then the rest.
pub(crate) fn actions(sources: &Sources, strings: &mut Strings) -> Result<(Vec<u8>, Vec<u8>)> {
    let services = sources.iam_actions.as_object().context("the IAM actions are not a mapping")?;
    let services: BTreeMap<&String, &Value> = services.iter().collect();
    let (mut index, mut bodies) = (Encoder::default(), Encoder::default());
    for (service, description) in services {
        let actions = description["Actions"].as_object().with_context(|| format!("{service} has no actions"))?;
        let mut names: Vec<String> = actions.keys().map(|name| name.to_lowercase()).collect();
        names.sort_unstable();
        names.dedup();
        index.offset(strings.intern(service));
        index.offset(bodies.position());
        bodies.count(names.len() as u64);
        let mut before = "";
        for name in &names {
            let shared = before.bytes().zip(name.bytes()).take_while(|(one, two)| one == two).count();
            bodies.count(shared as u64);
            bodies.count((name.len() - shared) as u64);
            bodies.raw(&name.as_bytes()[shared..]);
            before = name;
        }
    }
    Ok((index.finish(), bodies.finish()))
}

/// Lambda runtimes: name, successor, and the dates from which they are deprecated, cannot be created, cannot be
/// updated, as numbers such as 20261114; 0 is no date.
pub(crate) fn runtimes(sources: &Sources, strings: &mut Strings) -> Result<Vec<u8>> {
    let runtimes = sources.lambda_runtimes.as_object().context("the Lambda runtimes are not a mapping")?;
    let runtimes: BTreeMap<&String, &Value> = runtimes.iter().collect();
    let mut encoder = Encoder::default();
    encoder.count(runtimes.len() as u64);
    for (name, dates) in runtimes {
        encoder.offset(strings.intern(name));
        encoder.offset(strings.intern(dates["successor"].as_str().unwrap_or_default()));
        for key in ["deprecated", "create-block", "update-block"] {
            let date = dates[key].as_str().unwrap_or_default().replace('-', "");
            encoder.word(if date.is_empty() { 0 } else { date.parse().with_context(|| format!("{name}: {key}"))? });
        }
    }
    Ok(encoder.finish())
}
