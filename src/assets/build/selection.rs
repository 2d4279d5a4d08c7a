//! Which programs go into one run of Cargo.

use std::collections::BTreeSet;

use super::BuildError;
use super::metadata::Metadata;
use crate::assets::{Architecture, Asset, AssetSource};

/// A program to build.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Program {
    pub(super) package: String,
    pub(super) binary: String,
    pub(super) architecture: Architecture,
}

impl Program {
    /// The program of an asset; none when it is of another kind.
    pub(super) fn of(asset: &Asset) -> Option<Self> {
        match &asset.source {
            AssetSource::RustFunction { package, binary } => Some(Self {
                package: package.clone(),
                binary: binary.clone(),
                architecture: asset.architecture.unwrap_or_default(),
            }),
            AssetSource::RustBinary { package, binary, architecture } => {
                Some(Self { package: package.clone(), binary: binary.clone(), architecture: *architecture })
            }
            _ => None,
        }
    }
}

/// One run of Cargo.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) architecture: Architecture,
    /// What it shall build.
    pub(super) programs: Vec<Program>,
    /// The packages whose features are chosen together: those of the programs, and of programs that are built already.
    pub(super) packages: BTreeSet<String>,
    /// Features that programs are not built without, as `package/feature`.
    pub(super) features: BTreeSet<String>,
}

/// Distributes `missing` over as few runs as can be: one an architecture, unless packages have programs of one name.
/// Cargo would write them to one file.
///
/// `all` are the programs of the app. Cargo chooses the features of a dependency by all packages that it is asked for;
/// asked for other packages, it compiles that dependency again, and everything that is built on it.
pub(super) fn select(
    metadata: &Metadata,
    missing: &BTreeSet<Program>,
    all: &BTreeSet<Program>,
) -> Result<Vec<Selection>, BuildError> {
    let mut selections: Vec<Selection> = Vec::new();
    for program in missing {
        metadata.find(&program.package, &program.binary)?;
        let fitting = selections
            .iter_mut()
            .find(|selection| selection.architecture == program.architecture && fits(metadata, selection, program));
        let selection = match fitting {
            Some(selection) => selection,
            None => {
                let new = Selection { architecture: program.architecture, ..Selection::default() };
                selections.push(new);
                selections.last_mut().expect("one was pushed above")
            }
        };
        selection.packages.insert(program.package.clone());
        selection.programs.push(program.clone());
    }
    for selection in &mut selections {
        for program in all {
            // What an earlier assembly names may be gone by now, and harms nobody.
            let is_there = metadata.find(&program.package, &program.binary).is_ok();
            if is_there && program.architecture == selection.architecture && is_quiet(metadata, selection, program) {
                selection.packages.insert(program.package.clone());
            }
        }
        for program in all.union(missing).filter(|program| selection.packages.contains(&program.package)) {
            if let Ok((package, binary)) = metadata.find(&program.package, &program.binary) {
                let features = binary.required_features.iter();
                selection.features.extend(features.map(|feature| format!("{}/{feature}", package.name)));
            }
        }
    }
    Ok(selections)
}

/// Whether `program` may be built in the run: no two packages of it have a program of a name that is asked for.
fn fits(metadata: &Metadata, selection: &Selection, program: &Program) -> bool {
    let has = |package: &str, binary: &str| metadata.find(package, binary).is_ok();
    selection.programs.iter().all(|other| {
        other.package == program.package
            || !has(&other.package, &program.binary) && !has(&program.package, &other.binary)
    })
}

/// Whether the package of `program` may stand beside those of the run, and nothing of it is built.
fn is_quiet(metadata: &Metadata, selection: &Selection, program: &Program) -> bool {
    selection
        .programs
        .iter()
        .all(|other| other.package == program.package || metadata.find(&program.package, &other.binary).is_err())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

    use super::*;
    use crate::assets::build::metadata::{BinaryMetadata, PackageMetadata};

    /// A program with the features that it requires.
    type Binary<'a> = (&'a str, &'a [&'a str]);

    fn metadata(packages: &[(&str, &[Binary<'_>])]) -> Metadata {
        let packages = packages.iter().map(|(package, binaries)| PackageMetadata {
            id: format!("path+file:///app/{package}#0.1.0"),
            name: (*package).to_owned(),
            binaries: binaries
                .iter()
                .map(|(name, features)| BinaryMetadata {
                    name: (*name).to_owned(),
                    required_features: features.iter().map(|feature| (*feature).to_owned()).collect(),
                })
                .collect(),
        });
        Metadata { packages: packages.collect() }
    }

    fn programs(names: &[(&str, &str)]) -> BTreeSet<Program> {
        let program = |(package, binary): &(&str, &str)| Program {
            package: (*package).to_owned(),
            binary: (*binary).to_owned(),
            architecture: Architecture::X86_64,
        };
        names.iter().map(program).collect()
    }

    #[test]
    fn one_run_builds_all_with_the_features_they_need() {
        let metadata = metadata(&[("a", &[("x", &["handler"]), ("y", &[])]), ("b", &[("z", &["handler", "more"])])]);
        let all = programs(&[("a", "x"), ("a", "y"), ("b", "z")]);
        let selections = select(&metadata, &programs(&[("a", "x"), ("b", "z")]), &all).unwrap();
        let [selection] = selections.as_slice() else { panic!("{selections:?}") };
        assert_eq!(selection.packages, BTreeSet::from(["a".to_owned(), "b".to_owned()]));
        assert_eq!(selection.features, ["a/handler", "b/handler", "b/more"].map(str::to_owned).into());
    }

    #[test]
    fn what_is_built_already_still_has_a_say_in_features() {
        let metadata = metadata(&[("a", &[("x", &[])]), ("b", &[("y", &["handler"])]), ("c", &[("z", &[])])]);
        let all = programs(&[("a", "x"), ("b", "y"), ("gone", "w")]);
        let selections = select(&metadata, &programs(&[("a", "x")]), &all).unwrap();
        assert_eq!(selections.len(), 1);
        assert_eq!(selections[0].programs.len(), 1);
        assert_eq!(selections[0].packages, BTreeSet::from(["a".to_owned(), "b".to_owned()]));
        assert_eq!(selections[0].features, BTreeSet::from(["b/handler".to_owned()]));
    }

    #[test]
    fn programs_of_one_name_are_built_one_after_the_other() {
        let metadata = metadata(&[("a", &[("main", &[]), ("x", &[])]), ("b", &[("main", &[]), ("y", &[])])]);
        let all = programs(&[("a", "main"), ("a", "x"), ("b", "main"), ("b", "y")]);
        let selections = select(&metadata, &all, &all).unwrap();
        assert_eq!(selections.len(), 2);
        for selection in &selections {
            assert_eq!(selection.packages.len(), 1, "{selection:?}");
            assert_eq!(selection.programs.len(), 2);
        }
        // Only one of them is asked for: the other package must not build its own.
        let selections = select(&metadata, &programs(&[("a", "main")]), &all).unwrap();
        assert_eq!(selections[0].packages, BTreeSet::from(["a".to_owned()]));
    }

    #[test]
    fn names_that_are_wrong_are_errors_that_help() {
        let metadata = metadata(&[("system", &[("reader", &[]), ("writer", &[])]), ("library", &[])]);
        let error = |package, binary| {
            let missing = programs(&[(package, binary)]);
            let error = select(&metadata, &missing, &missing).unwrap_err();
            format!("{error}: {}", error.hint_text().unwrap())
        };
        assert_eq!(error("sytem", "reader"), "the workspace has no package `sytem`: did you mean `system`?");
        assert_eq!(error("system", "raeder"), "the package `system` has no program `raeder`: did you mean `reader`?");
        assert_eq!(
            error("system", "other"),
            "the package `system` has no program `other`: there is `reader`, `writer`"
        );
        assert_eq!(error("library", "one"), "the package `library` has no program `one`: put it in `src/bin/one.rs`");
    }
}
