//! Reviews the netCDF files.

use handler_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    data_review::aws::serve_files().await
}
