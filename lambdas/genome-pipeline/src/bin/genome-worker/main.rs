//! The program that does a whole job on an instance: `genome-worker --job UUID`.

use std::process::ExitCode;

use genome_pipeline::aws::do_job;
use genome_pipeline::pipeline::api::is_job_id;

const USAGE: &str = "usage: genome-worker --job UUID | --version";

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "this is a command")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["--version"] => {
            println!("genome-worker {}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        ["--job", job] if is_job_id(job) => match do_job(job) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("genome-worker: {error}");
                ExitCode::FAILURE
            }
        },
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
