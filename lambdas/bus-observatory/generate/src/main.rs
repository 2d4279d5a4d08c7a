//! Writes `src/decode/gtfsrt/protocol.rs` from `proto/gtfs-realtime.proto`, without `protoc`:
//! `cargo run --manifest-path lambdas/bus-observatory/generate/Cargo.toml`.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

/// Stands at the beginning of what is written.
const HEADER: &str = "\
// Generated from `proto/gtfs-realtime.proto` by the program in `generate`; do not edit.
// The protocol is Copyright 2015 The GTFS Specifications Authors, under the Apache License 2.0: see its notice there.

";

fn main() -> Result<(), Box<dyn Error>> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let protocol = package.join("proto");
    let files = protox::compile([protocol.join("gtfs-realtime.proto")], [&protocol])?;
    let folder = env::temp_dir().join(format!("gtfs-realtime-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let mut config = prost_build::Config::new();
    // What the protocol says of its parts is in the protocol; here it would be read as tests.
    config.disable_comments(["."]).out_dir(&folder);
    config.compile_fds(files)?;
    let code = fs::read_to_string(folder.join("transit_realtime.rs"))?;
    fs::remove_dir_all(&folder)?;
    fs::write(package.join("src/decode/gtfsrt/protocol.rs"), format!("{HEADER}{code}"))?;
    Ok(())
}
