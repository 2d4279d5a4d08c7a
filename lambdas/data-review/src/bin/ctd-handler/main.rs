//! Reviews the files of CTD casts.

use handler_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    data_review::aws::serve_files().await
}
