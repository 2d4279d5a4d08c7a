//! Programs of the workspace in an image.

use stackgen_template::{Text, Value};

use super::component::ImageComponent;
use super::step::{BUCKET_OWNER_PARAMETER, ImageStep};
use crate::assets::{Architecture, AssetLocation, AssetSource};
use crate::constructs::arn_parts::concatenate;
use crate::core::{Grant, Scope};
use stackgen_template::Expression;

/// What is put behind the key of a program for the key of its checksum: the SHA-256 of the program in hexadecimal, which is
/// published with it. The program's own key has the hash of its sources, which says nothing of what the compiler made.
pub const CHECKSUM_SUFFIX: &str = ".sha256";

/// A program of the workspace, installed in an image.
///
/// ```
/// use stackgen::assets::Architecture;
/// use stackgen::prelude::*;
///
/// let worker = ImageProgram::rust("genome-pipeline", "genome-worker", Architecture::X86_64).check_with("--version");
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct ImageProgram {
    package: String,
    binary: String,
    architecture: Architecture,
    path: Text,
    check: Text,
}

impl ImageProgram {
    /// The program `binary` of the package `package`, installed as `/usr/local/bin/<binary>` with mode 0755. It runs with
    /// `--version` to check it.
    pub fn rust(package: impl Into<String>, binary: impl Into<String>, architecture: Architecture) -> Self {
        let (package, binary) = (package.into(), binary.into());
        let path = format!("/usr/local/bin/{binary}").into();
        Self { package, binary, architecture, path, check: Text::Borrowed("--version") }
    }

    /// Installs the program at another path.
    pub fn path(mut self, path: impl Into<Text>) -> Self {
        self.path = path.into();
        self
    }

    /// Checks the program by running it with other arguments.
    pub fn check_with(mut self, arguments: impl Into<Text>) -> Self {
        self.check = arguments.into();
        self
    }

    /// Ships the program with the stack, and gives the component that installs it.
    pub(super) fn ship(self, scope: &mut Scope<'_>) -> ShippedProgram {
        let source = AssetSource::RustBinary {
            package: self.package.clone(),
            binary: self.binary.clone(),
            architecture: self.architecture,
        };
        let location = scope.asset(source);
        ShippedProgram { component: self.component(), location }
    }

    fn component(&self) -> ImageComponent {
        let Self { binary, path, check, .. } = self;
        let file = format!("/tmp/{binary}");
        let checksum = format!("{file}{CHECKSUM_SUFFIX}");
        let run = || ImageStep::bash("Run", format!("{path} {check}"));
        let downloads =
            vec![("{{ Program }}".into(), file.clone().into()), ("{{ Checksum }}".into(), checksum.clone().into())];
        ImageComponent::named(binary.clone(), format!("installs {binary} and checks its SHA-256"))
            .parameter("Program", "URL of the program in S3")
            .parameter("Checksum", "URL of its SHA-256 in S3")
            .parameter(BUCKET_OWNER_PARAMETER, "account of the bucket")
            .build(ImageStep::download("Download", downloads))
            .build(ImageStep::bash(
                "Verify",
                format!("expected=\"$(cut --delimiter=' ' --fields=1 {checksum})\"\necho \"$expected  {file}\" | sha256sum --check --strict -"),
            ))
            .build(ImageStep::bash(
                "Install",
                format!("install --mode=0755 --owner=root --group=root {file} {path}\nrm {file} {checksum}"),
            ))
            .validate(run())
            .test(run())
    }
}

/// A program with its place in S3.
#[derive(Debug, Clone)]
pub(super) struct ShippedProgram {
    pub(super) component: ImageComponent,
    location: AssetLocation,
}

impl ShippedProgram {
    /// The first eight digits of the asset's hash.
    pub(super) fn short_hash(&self) -> String {
        // What stands for an asset that could not be hashed has no digits; synthesis fails with the fault of the asset.
        self.location.key.as_str().and_then(|key| key.get(..8)).unwrap_or("00000000").to_owned()
    }

    /// The values of the component's parameters.
    pub(super) fn parameters(&self) -> [(&'static str, Value); 3] {
        [
            ("Program", self.url("")),
            ("Checksum", self.url(CHECKSUM_SUFFIX)),
            (BUCKET_OWNER_PARAMETER, Expression::account_id().into()),
        ]
    }

    /// Access to download the program and its checksum.
    pub(super) fn read(&self) -> Grant {
        let arn = |suffix: &'static str| {
            let bucket = ["arn:".into(), Expression::partition().into(), ":s3:::".into()];
            let object = [self.location.bucket.clone(), "/".into(), self.location.key.clone(), suffix.into()];
            concatenate(bucket.into_iter().chain(object))
        };
        Grant::new(["s3:GetObject"], [arn(""), arn(CHECKSUM_SUFFIX)], "download the program")
    }

    fn url(&self, suffix: &'static str) -> Value {
        let AssetLocation { bucket, key, .. } = self.location.clone();
        concatenate(["s3://".into(), bucket, "/".into(), key, suffix.into()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_verified_before_it_is_installed() {
        let program = ImageProgram::rust("genome-pipeline", "genome-worker", Architecture::X86_64);
        let yaml = program.component().to_yaml();
        let position = |text: &str| yaml.find(text).unwrap_or_else(|| panic!("no {text} in\n{yaml}"));
        assert!(position("action: S3Download") < position("sha256sum --check --strict"));
        assert!(position("sha256sum --check --strict") < position("install --mode=0755"));
        assert!(position("install --mode=0755") < position("- name: validate"));
        assert!(position("- name: validate") < position("- name: test"));
        insta::assert_snapshot!(yaml);
    }

    #[test]
    fn path_and_check_are_the_users() {
        let program =
            ImageProgram::rust("p", "tool", Architecture::Arm64).path("/opt/tool").check_with("self-test --quick");
        let yaml = program.component().to_yaml();
        assert!(yaml.contains("/opt/tool self-test --quick"), "{yaml}");
    }
}
