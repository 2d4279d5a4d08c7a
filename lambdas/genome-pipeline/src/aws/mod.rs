//! The services of the pipeline on AWS, and the programs that use them.

mod functions;
mod http;
mod id;
mod instances;
mod log;
mod objects;
mod program;
mod queues;
mod tables;
mod worker;
mod world;

pub use functions::{
    consensus, create_job, downloader, index_builder, job_api, off_target_scorer, part_loader, scheduler, target_scan,
    upload_url,
};
pub use http::Ncbi;
use id::new_id;
pub use instances::Ec2;
pub use objects::S3;
pub use program::{Handler, Program, run};
pub use queues::{Inside, Sqs};
pub use tables::DynamoDb;
pub use worker::do_job;
pub use world::World;
