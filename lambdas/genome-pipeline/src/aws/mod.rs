//! The services of the pipeline on AWS.

mod function;
mod http;
mod instances;
mod objects;
mod queues;
mod tables;
mod world;

pub use function::{deliver, new_id, respond};
pub use http::Ncbi;
pub use instances::Ec2;
pub use objects::S3;
pub use queues::{Inside, Sqs};
pub use tables::DynamoDb;
pub use world::World;
