//! What a function runs.

use stackgen_template::Value;

use crate::assets::AssetSource;
use crate::core::Scope;
use crate::resources::lambda::function;

/// The code of a function: one of the ways to give it.
#[derive(Debug, Clone)]
pub(super) enum Code {
    Rust { package: String, binary: String },
    Inline { runtime: Value, handler: Value, source: Value },
    Object { runtime: Value, handler: Value, bucket: Value, key: Value },
}

impl Code {
    /// Where Lambda finds the code. Registers the asset of a binary.
    pub(super) fn location(&self, scope: &mut Scope<'_>) -> function::Code {
        match self {
            Self::Rust { package, binary } => {
                let source = AssetSource::RustFunction { package: package.clone(), binary: binary.clone() };
                let asset = scope.asset(source);
                function::Code::new().raw("S3Bucket", asset.bucket).raw("S3Key", asset.key)
            }
            Self::Inline { source, .. } => function::Code::new().raw("ZipFile", source.clone()),
            Self::Object { bucket, key, .. } => {
                function::Code::new().raw("S3Bucket", bucket.clone()).raw("S3Key", key.clone())
            }
        }
    }

    /// The properties that say how the code is run.
    pub(super) fn run_time(&self) -> [(&'static str, Value); 2] {
        match self {
            // The custom runtime starts the file `bootstrap`; the handler is only a name that it is told.
            Self::Rust { .. } => [("Runtime", "provided.al2023".into()), ("Handler", "bootstrap".into())],
            Self::Inline { runtime, handler, .. } | Self::Object { runtime, handler, .. } => {
                [("Runtime", runtime.clone()), ("Handler", handler.clone())]
            }
        }
    }
}
