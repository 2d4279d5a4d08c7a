//! Where genomes come from.

use genome_pipeline::contract::limits;
use stackgen::prelude::*;

/// The servers of NCBI, which a deployment may replace.
#[derive(Debug)]
pub(super) struct Ncbi {
    /// URL of the datasets API.
    pub(super) api: ParameterHandle,
    /// URL of the file server.
    pub(super) files: ParameterHandle,
}

impl Ncbi {
    pub(super) fn add_to(stack: &mut Scope<'_>) -> Self {
        Self {
            api: url(stack, "ncbiApiBase", "the datasets API of NCBI", limits::DEFAULT_NCBI_API),
            files: url(stack, "ncbiFtpBase", "the file server of NCBI", limits::DEFAULT_NCBI_FILES),
        }
    }
}

fn url(stack: &mut Scope<'_>, name: &'static str, of: &str, default: &'static str) -> ParameterHandle {
    let parameter = Parameter::new(ParameterType::STRING)
        .description(format!("URL of {of}, without a slash at its end"))
        .default(default)
        .allowed_pattern("https?://.*[^/]");
    stack.parameter(name, parameter)
}
