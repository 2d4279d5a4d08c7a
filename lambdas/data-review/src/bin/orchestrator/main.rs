//! Identifies every object that is put in the bucket, and queues it for its handler.

use handler_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    data_review::aws::serve_objects().await
}
