//! Getting the file of a package by the ordinary client of its registry, and checking its hash.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256, Sha512};

use super::Package;

/// The bytes of `package`, verified: from `offline` when given, else from the cache below `target`, else downloaded.
pub(crate) fn package(package: &Package, offline: Option<&Path>) -> Result<Vec<u8>> {
    let folder = match offline {
        Some(folder) => folder.to_owned(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/schema-sources"),
    };
    let path = folder.join(file_name(package));
    if !path.exists() {
        if offline.is_some() {
            bail!("{} is not there; download it or leave out --offline", path.display());
        }
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        download(package, &folder)?;
    }
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let found = hash_like(&package.hash, &bytes)?;
    if found != package.hash {
        bail!("{} is not the pinned file: its hash is {found}, schema.lock says {}", path.display(), package.hash);
    }
    Ok(bytes)
}

fn file_name(package: &Package) -> PathBuf {
    let Package { name, version, .. } = package;
    if is_npm(package) {
        format!("{}-{version}.tgz", name.trim_start_matches('@').replace('/', "-")).into()
    } else {
        format!("{}-{version}-py3-none-any.whl", name.replace('-', "_")).into()
    }
}

fn is_npm(package: &Package) -> bool {
    package.name.starts_with('@')
}

fn download(package: &Package, folder: &Path) -> Result<()> {
    let requirement = folder.join("requirements.txt");
    let mut command;
    if is_npm(package) {
        command = Command::new("npm");
        command.arg("pack").arg(format!("{}@{}", package.name, package.version)).arg("--pack-destination").arg(folder);
    } else {
        fs::write(&requirement, format!("{}=={} --hash={}\n", package.name, package.version, package.hash))
            .with_context(|| format!("cannot write {}", requirement.display()))?;
        command = Command::new("python3");
        command.args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"]);
        command.arg("--dest").arg(folder).arg("--requirement").arg(&requirement);
    }
    let output = command.output().with_context(|| format!("cannot run {}", command.get_program().display()))?;
    if !output.status.success() {
        bail!("cannot download {}: {}", package.name, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

/// The hash of `bytes`, written in the same way as `pattern`.
fn hash_like(pattern: &str, bytes: &[u8]) -> Result<String> {
    if pattern.starts_with("sha256:") {
        let mut text = "sha256:".to_owned();
        for byte in Sha256::digest(bytes) {
            write!(text, "{byte:02x}").expect("writing to a string does not fail");
        }
        Ok(text)
    } else if pattern.starts_with("sha512-") {
        Ok(format!("sha512-{}", base64(&Sha512::digest(bytes))))
    } else {
        bail!("`{pattern}` is neither `sha256:…` nor `sha512-…`")
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().enumerate().fold(0u32, |group, (index, byte)| group | u32::from(*byte) << (16 - 8 * index));
        for position in 0..4 {
            let digit = DIGITS[(group >> (18 - 6 * position) & 63) as usize];
            text.push(if position <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_written_as_the_registries_write_them() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hash_like("sha256:", b"").unwrap(), empty);
        assert!(
            hash_like("sha512-", b"")
                .unwrap()
                .starts_with("sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+")
        );
        assert!(hash_like("md5:", b"").is_err());
    }

    #[test]
    fn base64_pads_the_last_group() {
        assert_eq!(
            [base64(b""), base64(b"f"), base64(b"fo"), base64(b"foo"), base64(b"foob")],
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]
        );
    }
}
