//! The program that does a whole job on an instance: `genome-worker --job UUID`.

mod log;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use genome_pipeline::aws::{DynamoDb, Inside, Ncbi, S3, World};
use genome_pipeline::contract::WorkerEnv;
use genome_pipeline::pipeline::Indexes;
use genome_pipeline::pipeline::api::is_job_id;
use genome_pipeline::pipeline::item::Table;
use genome_pipeline::pipeline::worker::{Workplace, work};
use handler_runtime::memory::open;
use handler_runtime::{Error, aws_config, load};

use crate::log::Log;

/// The variable that says where files go.
const SCRATCH: &str = "TMPDIR";
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
        ["--job", job] if is_job_id(job) => match run(job) {
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

fn run(job: &str) -> Result<(), Error> {
    let environment = load(WorkerEnv::load)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let doing = Arc::new(Mutex::new("start".to_owned()));
    let log = Log::begin(environment.log_group, job, &doing)?;
    let outcome = runtime.block_on(async {
        let config = aws_config().await;
        let tables = [
            (Table::Jobs, environment.jobs),
            (Table::Tasks, environment.tasks),
            (Table::Targets, environment.targets),
            (Table::Genomes, environment.genomes),
        ];
        let world = World {
            tables: DynamoDb::new(aws_sdk_dynamodb::Client::new(&config), tables),
            objects: S3::new(aws_sdk_s3::Client::new(&config), environment.bucket),
            queues: Inside::default(),
            fetch: Ncbi::new()?,
            instances: (),
        };
        let scratch = std::env::var_os(SCRATCH).map_or_else(std::env::temp_dir, PathBuf::from);
        let indexes = Indexes::new(scratch.clone(), u64::MAX);
        let workplace = Workplace { ncbi_files: &environment.ncbi_files, scratch: &scratch, indexes: &indexes };
        let progress = |message: &str| message.clone_into(&mut open(&doing));
        work(&world, &workplace, job, &progress).await.map_err(Error::from)
    });
    let last = outcome.as_ref().map_or_else(|error| format!("failed: {error}"), |()| "finished".to_owned());
    log.end(last);
    outcome
}
