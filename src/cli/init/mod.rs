//! `init`: an app of one's own on the library.

mod files;
mod library;
mod name;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::ValueHint;
use clap::{Arg, ArgMatches, Command, value_parser};

use self::library::Library;
use super::console::Console;
use super::error::Failure;
use super::options::{examples, exit_codes};

/// The command as clap knows it.
pub(super) fn command(name: &str) -> Command {
    Command::new("init")
        .about("Begins an app of one's own: a stack, and a function in Rust")
        .long_about(
            "Begins an app of one's own: a stack, and a function in Rust.\n\n\
             Writes a workspace of two packages, the stacks and their functions, with a README that says how to deploy it. \
             No file that is there is changed: when one is, nothing is written.",
        )
        .after_help(format!(
            "{}\n\n{}",
            examples(
                name,
                &[
                    ("init photos", "In the folder `photos`"),
                    ("init --name photos .", "In this folder"),
                    ("init --library ../stackgen photos", "On a copy of the library"),
                ],
            ),
            exit_codes(&[
                (0, "the app is written"),
                (1, "a file is there already, or cannot be written"),
                (2, "the command line is wrong"),
            ])
        ))
        .arg(
            Arg::new("folder")
                .value_name("FOLDER")
                .help("The folder to write to, which is made if it is not there")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::DirPath),
        )
        .arg(
            Arg::new("name")
                .long("name")
                .value_name("NAME")
                .help("The name of the app and of its stack [default: that of the folder]"),
        )
        .arg(
            Arg::new("library")
                .long("library")
                .value_name("FOLDER|URL")
                .help(
                    "Where the library is: a folder, or a Git repository [default: the workspace of this folder when \
                     it is the library's, else its repository]",
                ),
        )
}

/// Writes the app. `root` is the workspace of the current folder.
pub(super) fn run(root: &Path, own: &ArgMatches, console: &mut Console<'_>) -> Result<ExitCode, Failure> {
    let folder = own.get_one::<PathBuf>("folder").map_or(Path::new("."), PathBuf::as_path);
    let name = match own.get_one::<String>("name") {
        Some(name) => name.clone(),
        None => name_of(folder)?,
    };
    name::check(&name).map_err(|problem| Failure::usage(problem).hint("`--name` gives another one"))?;
    let library = match own.get_one::<String>("library") {
        Some(place) => Library::at(place)?,
        None => Library::of_workspace(root)?,
    };
    let files = files::of(&name, &library);
    if let Some((path, _)) = files.iter().find(|(path, _)| folder.join(path).exists()) {
        return Err(Failure::new(format!("`{}` is there already; nothing was written", folder.join(path).display()))
            .hint("name a folder that is not there, or an empty one"));
    }
    for (path, content) in &files {
        write(&folder.join(path), content)?;
    }
    console.note(format!("wrote {}: {} files", folder.display(), files.len()))?;
    let enter = if folder == Path::new(".") { String::new() } else { format!("cd {} && ", folder.display()) };
    console.note(format!("next: {enter}cargo run -- deploy --local --all --require-approval never"))?;
    Ok(ExitCode::SUCCESS)
}

/// The name of a folder, whichever way its path is written.
fn name_of(folder: &Path) -> Result<String, Failure> {
    let whole = std::path::absolute(folder).map_err(|error| cannot("find", folder, &error))?;
    // `..` and links are only known to the file system.
    let whole = whole.canonicalize().unwrap_or(whole);
    let name = whole.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned).ok_or_else(|| {
        Failure::usage(format!("the name of `{}` cannot be that of an app", folder.display()))
            .hint("`--name` gives another one")
    })
}

fn write(path: &Path, content: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| cannot("make", folder, &error))?;
    }
    fs::write(path, content).map_err(|error| cannot("write", path, &error))
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Failure {
    let mut failure = Failure::new(format!("cannot {what} `{}`", path.display()));
    failure.causes.push(error.to_string());
    failure
}
