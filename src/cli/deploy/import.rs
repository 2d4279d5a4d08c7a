//! `import`: adopts resources that exist already.

use std::cell::RefCell;
use std::io::Write;
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command};
use stackgen_template::{Map, Value, to_json};

use crate::core::App;
use crate::deploy::{self, Adoption, ImportRequest};

use super::super::console::{Console, Style, count};
use super::super::context::Context;
use super::super::error::Failure;
use super::super::options::{INTERRUPTED, examples, exit_codes, json};
use super::super::outcome::BuildOutcome;
use super::progress::Progress;
use super::{aws, target};

pub(super) fn command(name: &str) -> Command {
    let command = Command::new("import")
        .about("Adopts resources that exist already: from then on they belong to the stack")
        .long_about(
            "Adopts resources that exist already: from then on they belong to the stack.\n\n\
             Declare the resource in the app as it is, and name what exists. Nothing else of the stack changes; what else the app \
             declares comes with the next deployment, and what the adopted resource has differently then too: `drift` and `diff` \
             show it. What is adopted stays when the stack is deleted, until a deployment says otherwise.",
        )
        .after_help(format!(
            "{}\n\n{}",
            examples(
                name,
                &[
                    ("import photos --resource Photos=my-photos", "A bucket by its name"),
                    ("import photos --resource Photos=my-photos --dry-run", "Show what would be asked, and ask nothing"),
                    ("import web --resource Route=ApiId=a1b2,RouteId=c3d4", "What several properties identify"),
                ],
            ),
            exit_codes(&[(0, "they belong to the stack"), (1, "they could not be adopted"), (2, "the command line is wrong"), (INTERRUPTED, "interrupted: what was begun goes on")])
        ))
        .arg(Arg::new("stack").value_name("STACK").help("The stack that shall have them").required(true))
        .arg(
            Arg::new("resource")
                .long("resource")
                .value_name("LOGICAL_ID=ID")
                .help("What the app calls a resource, and what identifies the one that exists")
                .required(true)
                .action(ArgAction::Append)
                .value_parser(adoption),
        )
        .arg(
            Arg::new("dry-run")
                .long("dry-run")
                .help("Prints what CloudFormation would be asked, and asks nothing")
                .action(ArgAction::SetTrue),
        )
        .arg(json().help("Prints events as JSON, one object a line"));
    aws::arguments(target::app(command))
}

fn adoption(text: &str) -> Result<Adoption, String> {
    match text.split_once('=') {
        Some((logical_id, identifier)) if !logical_id.is_empty() && !identifier.is_empty() => {
            Ok(Adoption { logical_id: logical_id.to_owned(), identifier: identifier.to_owned() })
        }
        _ => Err("a resource is written `LogicalId=Id`".to_owned()),
    }
}

pub(in super::super) fn run<O: BuildOutcome>(
    context: Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let assembly = aws::assembly(context, own, console)?;
    let name = own.get_one::<String>("stack").cloned().unwrap_or_default();
    let stack = target::one(&assembly, &name)?;
    let adoptions: Vec<Adoption> = own.get_many("resource").into_iter().flatten().cloned().collect();
    let is_json = own.get_flag("json");
    let request = aws::wait("interrupted: what was begun goes on at AWS", async {
        let connection = aws::connect(own, console).await?;
        let aws = target::of_stack(&connection, &assembly, &name);
        let request = deploy::plan_import(&aws, stack, &adoptions).await?;
        if !own.get_flag("dry-run") {
            let console = RefCell::new(&mut *console);
            let names = [name.clone()];
            let progress = Progress::new(&console, is_json, &names);
            let listen = |event| progress.tell(&event);
            progress.during(Box::pin(deploy::import(&aws, &request, &listen))).await?;
            progress.finish()?;
        }
        Ok(request)
    })?;
    if own.get_flag("dry-run") {
        writeln!(console.output(), "{}", to_json(&as_json(&request)))?;
    } else if !is_json {
        let adopted = count(request.resources.len(), "resource");
        let label = console.output_palette().styled("adopted", Style::Success);
        writeln!(console.output(), "{label} {adopted}; `drift {name}` compares with the template")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The request, in CloudFormation's own words.
fn as_json(request: &ImportRequest) -> Value {
    let resources = request.resources.iter().map(|resource| {
        let identifier = resource.identifier.iter().map(|(key, value)| (key.clone().into(), value.clone().into()));
        let pairs = [
            ("ResourceType", Value::from(resource.type_name.clone())),
            ("LogicalResourceId", resource.logical_id.clone().into()),
            ("ResourceIdentifier", identifier.collect::<Map>().into()),
        ];
        Value::from(Map::from(pairs))
    });
    let pairs = [
        ("StackName", Value::from(request.stack.clone())),
        ("ChangeSetType", "IMPORT".into()),
        ("ResourcesToImport", Value::List(resources.collect())),
        ("Template", request.template.clone().into_root().into()),
    ];
    Map::from(pairs).into()
}
