//! Deploys stacks in the order of what they need, side by side where that allows.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use crate::assembly::LoadedAssembly;

use super::event::{Event, EventKind, Listener};
use super::options::DeployOptions;
use super::stack::{Approver, Deployed, StackDeployment};
use super::{Aws, DeployError};

/// How the stacks of a deployment ended.
#[derive(Debug, Default)]
pub struct Report {
    /// Those that are as they shall be, in the order in which they came to be so.
    pub deployed: Vec<Deployed>,
    /// Those that failed, with the reason.
    pub failed: Vec<(String, DeployError)>,
    /// Those whose turn never came, with the stack that failed.
    pub skipped: Vec<(String, String)>,
}

impl Report {
    /// Whether all are as they shall be.
    pub fn is_good(&self) -> bool {
        self.failed.is_empty() && self.skipped.is_empty()
    }
}

/// Deploys the stacks called `names`, each after those that it needs. A stack that fails stops those that need it, and no
/// other.
pub async fn deploy(
    connection: &Aws,
    assembly: &LoadedAssembly,
    names: &[String],
    options: &DeployOptions,
    listener: Listener<'_>,
    approver: Approver<'_>,
) -> Result<Report, DeployError> {
    let clients = clients(connection, assembly, names).await?;
    let mut waiting: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut running = FuturesUnordered::new();
    let mut busy = BTreeSet::new();
    let mut report = Report::default();
    loop {
        skip_unreachable(assembly, &mut waiting, &mut report, listener);
        while busy.len() < options.concurrency.max(1) {
            let is_ready = |name: &&str| {
                let needs = assembly.stack(name).map(|stack| stack.dependencies.as_slice()).unwrap_or_default();
                needs.iter().all(|need| !busy.contains(need.as_str()) && !waiting.contains(&need.as_str()))
            };
            let Some(index) = waiting.iter().position(is_ready) else { break };
            let name = waiting.remove(index);
            let Some(stack) = assembly.stack(name) else {
                return Err(DeployError::refused(format!("the assembly has no stack `{name}`")));
            };
            busy.insert(name);
            let aws = stack.environment.region_name().and_then(|region| clients.get(region)).unwrap_or(connection);
            running
                .push(async move { (name, StackDeployment { aws, stack, options, listener, approver }.run().await) });
        }
        let Some((name, result)) = running.next().await else { break };
        busy.remove(name);
        match result {
            Ok(deployed) => report.deployed.push(deployed),
            Err(error) => report.failed.push((name.to_owned(), error)),
        }
    }
    Ok(report)
}

/// Takes out of those that wait the stacks that need one that failed.
fn skip_unreachable(assembly: &LoadedAssembly, waiting: &mut Vec<&str>, report: &mut Report, listener: Listener<'_>) {
    loop {
        let lost = |name: &str| {
            report.failed.iter().any(|(failed, _)| failed == name)
                || report.skipped.iter().any(|(skipped, _)| skipped == name)
        };
        let found = waiting.iter().enumerate().find_map(|(index, name)| {
            let needs = &assembly.stack(name)?.dependencies;
            Some((index, needs.iter().find(|need| lost(need))?.clone()))
        });
        let Some((index, because_of)) = found else { return };
        let stack = waiting.remove(index).to_owned();
        listener(Event { stack: stack.clone(), kind: EventKind::Skipped { because_of: because_of.clone() } });
        report.skipped.push((stack, because_of));
    }
}

/// The services of the regions that stacks are fixed to, after checking that they are of the account of the credentials.
async fn clients(
    connection: &Aws,
    assembly: &LoadedAssembly,
    names: &[String],
) -> Result<BTreeMap<String, Aws>, DeployError> {
    let mut clients = BTreeMap::new();
    for stack in names.iter().filter_map(|name| assembly.stack(name)) {
        if let Some(wanted) = stack.environment.account_id() {
            let account = connection.account().await?;
            if wanted != account {
                let message = format!(
                    "the stack `{}` is for account {wanted}, and these credentials are of {account}",
                    stack.name
                );
                return Err(DeployError::refused(message).hint("use another profile, or other credentials"));
            }
        }
        if let Some(region) = stack.environment.region_name()
            && region != connection.region()
        {
            clients.entry(region.to_owned()).or_insert_with(|| connection.in_region(region));
        }
    }
    Ok(clients)
}
