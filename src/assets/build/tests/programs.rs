//! Programs of small workspaces, compiled.

#![cfg(target_os = "linux")]

use super::*;
use crate::assets::{Architecture, Digest, hexadecimal};

/// A workspace of two systems without dependencies but a library of their own. The second one's program needs a feature.
fn workspace() -> Folder {
    Folder::with(&[
        ("Cargo.toml", "[workspace]\nresolver = '3'\nmembers = ['first', 'second', 'shared']\n"),
        (
            "Cargo.lock",
            "version = 4\n\
             [[package]]\nname = 'first'\nversion = '0.1.0'\ndependencies = ['shared']\n\
             [[package]]\nname = 'second'\nversion = '0.1.0'\n\
             [[package]]\nname = 'shared'\nversion = '0.1.0'\n",
        ),
        (
            "first/Cargo.toml",
            "[package]\nname = 'first'\nversion = '0.1.0'\nedition = '2024'\n[dependencies]\nshared = { path = '../shared' }\n",
        ),
        ("first/src/bin/reader.rs", "fn main() { println!(\"{}\", shared::answer()); }\n"),
        ("first/src/bin/writer.rs", "fn main() { println!(\"writer {}\", shared::answer()); }\n"),
        (
            "second/Cargo.toml",
            "[package]\nname = 'second'\nversion = '0.1.0'\nedition = '2024'\n[features]\nhandler = []\n\
             [[bin]]\nname = 'worker'\npath = 'src/bin/worker.rs'\nrequired-features = ['handler']\n",
        ),
        ("second/src/bin/worker.rs", "fn main() { println!(\"worker\"); }\n"),
        ("shared/Cargo.toml", "[package]\nname = 'shared'\nversion = '0.1.0'\nedition = '2024'\n"),
        ("shared/src/lib.rs", "pub fn answer() -> u32 { 42 }\n"),
    ])
}

fn function(package: &str, binary: &str) -> AssetSource {
    AssetSource::RustFunction { package: package.to_owned(), binary: binary.to_owned() }
}

fn worker(architecture: Architecture) -> AssetSource {
    AssetSource::RustBinary { package: "second".to_owned(), binary: "worker".to_owned(), architecture }
}

fn runs_of_cargo(events: &[BuildEvent]) -> Vec<Vec<String>> {
    let programs = events.iter().filter_map(|event| match event {
        BuildEvent::Building { programs, .. } => Some(programs.clone()),
        _ => None,
    });
    programs.collect()
}

#[test]
fn one_run_builds_all_programs_and_a_second_one_nothing() {
    let folder = workspace();
    let sources = [function("first", "reader"), function("first", "writer"), worker(Architecture::X86_64)];
    let assets = assets(&folder, sources);
    let builder = builder(&folder);
    let (objects, events) = build(&builder, &assets);
    assert_eq!(runs_of_cargo(&events), [["reader", "writer", "worker"]]);
    let compiled = |name: &str| events.contains(&BuildEvent::Compiled { package: name.to_owned(), fresh: false });
    assert!(compiled("shared") && compiled("first") && compiled("second"), "{events:#?}");
    let checked = events.iter().filter(|event| matches!(event, BuildEvent::Checked { glibc: Some(_), .. })).count();
    assert_eq!(checked, 3);

    assert_eq!(objects.len(), 4, "two functions, a program and its checksum");
    let files = unzipped(&objects[&assets[0].key()]);
    let program = fs::read(folder.path().join("target/debug/reader")).unwrap();
    assert_eq!(files, [("bootstrap".to_owned(), 0o755, program)]);
    let worker = fs::read(&objects[&assets[2].key()]).unwrap();
    assert_eq!(worker, fs::read(folder.path().join("target/debug/worker")).unwrap());
    let checksum = fs::read_to_string(&objects[&format!("{}.sha256", assets[2].key())]).unwrap();
    assert_eq!(checksum, hexadecimal(&Digest::of_bytes(&worker)) + "\n");

    let (again, events) = build(&builder, &assets);
    assert_eq!(again, objects);
    assert_eq!(events, []);

    let before = fs::read(&objects[&assets[0].key()]).unwrap();
    fs::remove_dir_all(folder.path().join("target")).unwrap();
    let (rebuilt, _) = build(&builder, &assets);
    assert_eq!(fs::read(&rebuilt[&assets[0].key()]).unwrap(), before);
}

#[test]
fn only_what_changed_is_built_again() {
    let folder = workspace();
    let sources = || [function("first", "reader"), worker(Architecture::X86_64)];
    let builder = builder(&folder);
    build(&builder, &assets(&folder, sources()));
    folder.write("first/src/bin/reader.rs", "fn main() { println!(\"new {}\", shared::answer()); }\n");
    let (_, events) = build(&builder, &assets(&folder, sources()));
    assert_eq!(runs_of_cargo(&events), [["reader"]]);
    let fresh: Vec<_> =
        events.iter().filter(|event| matches!(event, BuildEvent::Compiled { fresh: true, .. })).collect();
    assert_eq!(fresh, [&BuildEvent::Compiled { package: "shared".to_owned(), fresh: true }]);
}

#[test]
fn the_profile_for_lambda_needs_not_be_written() {
    let folder = workspace();
    let assets = assets(&folder, [function("first", "reader")]);
    let options = BuildOptions { profile: BuildOptions::default().profile, ..quick(&folder) };
    let builder = AssetBuilder::new(folder.path()).options(options);
    let (objects, _) = build(&builder, &assets);
    assert!(objects[&assets[0].key()].starts_with(folder.path().join("target/stackgen/assets")));
    let stripped = fs::metadata(folder.path().join("target/lambda/reader")).unwrap().len();
    assert!(stripped < 1_000_000, "{stripped} bytes are not stripped");

    // Where the workspace has the profile, it says what it is.
    folder.write(
        "Cargo.toml",
        "[workspace]\nresolver = '3'\nmembers = ['first', 'second', 'shared']\n[profile.lambda]\ninherits = 'dev'\n",
    );
    let assets = super::assets(&folder, [function("first", "reader")]);
    let (_, events) = build(&builder, &assets);
    assert!(events.iter().any(|event| matches!(event, BuildEvent::Line(line) if line.contains("unoptimized"))));
}

#[test]
fn the_default_profile_is_that_of_this_workspace() {
    let manifest = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    let (_, profile) = manifest.split_once("[profile.lambda]\n").unwrap();
    let (profile, _) = profile.split_once("\n\n").unwrap();
    let mut own: Vec<&str> = profile.lines().collect();
    let mut default = crate::assets::profile::PROFILE_SETTINGS.map(|(key, value)| format!("{key} = {value}"));
    own.sort_unstable();
    default.sort_unstable();
    assert_eq!(own, default);
}

#[test]
fn a_program_that_does_not_compile_is_named_with_the_words_of_the_compiler() {
    let folder = workspace();
    folder.write("first/src/bin/writer.rs", "fn main() { let number: u32 = \"text\"; }\n");
    let assets = assets(&folder, [function("first", "reader"), function("first", "writer")]);
    let error = failure(&builder(&folder), &assets);
    assert_eq!(error.to_string(), "`writer` of `first` does not compile");
    let cause = cause(&error);
    assert!(cause.contains("mismatched types") && cause.contains("first/src/bin/writer.rs:1"), "{cause}");
    assert!(!cause.contains('\u{1b}'), "{cause}");
}

#[test]
fn a_library_that_does_not_compile_is_named_with_who_needs_it() {
    let folder = workspace();
    folder.write("shared/src/lib.rs", "pub fn answer() -> u32 { unknown }\n");
    let sources = [function("first", "reader"), function("first", "writer"), worker(Architecture::X86_64)];
    let error = failure(&builder(&folder), &assets(&folder, sources));
    assert_eq!(error.to_string(), "`shared`, which `reader` and `writer` need, does not compile");
    assert!(cause(&error).contains("cannot find value `unknown`"));
}

#[test]
fn a_program_that_is_missing_is_an_error_before_anything_is_compiled() {
    let folder = workspace();
    let assets = assets(&folder, [function("first", "raeder")]);
    let mut events = Vec::new();
    let error = builder(&folder).build(&assets, &mut |event| events.push(event)).unwrap_err();
    assert_eq!(error.to_string(), "the package `first` has no program `raeder`");
    assert_eq!(error.hint_text(), Some("did you mean `reader`?"));
    assert_eq!(events, []);
}

#[test]
fn a_program_that_is_not_written_yet_may_be_stood_in_for() {
    let folder = workspace();
    let planned = AssetSource::RustBinary {
        package: "second".to_owned(),
        binary: "planned".to_owned(),
        architecture: Architecture::X86_64,
    };
    let sources = [function("first", "reader"), function("first", "planned"), planned];
    let assets = assets(&folder, sources);
    let options = BuildOptions { stand_ins: true, ..quick(&folder) };
    let (objects, events) = build(&AssetBuilder::new(folder.path()).options(options), &assets);
    assert_eq!(runs_of_cargo(&events), [["reader"]]);
    assert!(events.contains(&BuildEvent::StandIn { package: "first".to_owned(), program: "planned".to_owned() }));
    let (name, mode, content) = unzipped(&objects[&assets[1].key()]).remove(0);
    assert_eq!((name.as_str(), mode), ("bootstrap", 0o755));
    assert!(String::from_utf8(content).unwrap().contains("the program planned of first is not written yet"));
    let checksum = fs::read_to_string(&objects[&format!("{}.sha256", assets[2].key())]).unwrap();
    let program = fs::read(&objects[&assets[2].key()]).unwrap();
    assert_eq!(checksum, hexadecimal(&Digest::of_bytes(&program)) + "\n");

    let error = failure(&builder(&folder), &assets);
    assert_eq!(error.to_string(), "2 programs are not there");
    let expected = "the package `first` has no program `planned`: there is `reader`, `writer`\n\
                    the package `second` has no program `planned`: there is `worker`";
    assert_eq!(cause(&error), expected);
}

#[test]
fn a_lockfile_that_is_behind_is_an_error_with_a_hint() {
    let folder = workspace();
    let manifest = "[package]\nname = 'second'\nversion = '0.1.0'\n[dependencies]\nshared = { path = '../shared' }\n\
                    [features]\nhandler = []\n[[bin]]\nname = 'worker'\npath = 'src/bin/worker.rs'\n";
    folder.write("second/Cargo.toml", manifest);
    let error = failure(&builder(&folder), &assets(&folder, [worker(Architecture::X86_64)]));
    assert_eq!(error.to_string(), "cargo cannot build `worker`");
    assert!(error.hint_text().unwrap().contains("`Cargo.lock` is behind"), "{error:?}");
}

#[test]
fn without_leave_to_build_everything_must_be_there() {
    let folder = workspace();
    folder.write("page/index.html", "");
    let page = AssetSource::Folder("page".into());
    let assets = assets(&folder, [function("first", "reader"), worker(Architecture::X86_64), page]);
    let strict = || AssetBuilder::new(folder.path()).options(BuildOptions { no_build: true, ..quick(&folder) });
    let error = failure(&strict(), &assets);
    assert!(error.to_string().starts_with("nothing is to be built, and 2 of the assets are not in"), "{error}");
    let cause = cause(&error);
    assert!(cause.contains(&format!("the function `reader` of `first`: {}", assets[0].key())), "{cause}");
    assert!(cause.contains("the program `worker` of `second` for x86_64: "), "{cause}");
    assert!(error.hint_text().unwrap().contains("--no-build"));
    let (objects, _) = build(&builder(&folder), &assets);
    assert_eq!(build(&strict(), &assets).0, objects);
}

#[test]
fn sources_that_changed_since_the_synthesis_are_not_built() {
    let folder = workspace();
    let assets = assets(&folder, [function("first", "reader")]);
    folder.write("shared/src/lib.rs", "pub fn answer() -> u32 { 43 }\n");
    let error = failure(&builder(&folder), &assets);
    assert_eq!(error.to_string(), "the sources of the function `reader` of `first` changed since the synthesis");
}

#[test]
fn programs_of_one_name_do_not_take_each_others_place() {
    let folder = workspace();
    folder.write("second/src/bin/reader.rs", "fn main() { println!(\"another reader\"); }\n");
    let assets = assets(&folder, [function("first", "reader"), function("second", "reader")]);
    let (objects, events) = build(&builder(&folder), &assets);
    assert_eq!(runs_of_cargo(&events), [["reader"], ["reader"]]);
    let contains = |asset: &Asset, text: &[u8]| {
        let content = unzipped(&objects[&asset.key()]).remove(0).2;
        content.windows(text.len()).any(|part| part == text)
    };
    assert!(!contains(&assets[0], b"another reader") && contains(&assets[1], b"another reader"));
}

#[test]
fn another_architecture_needs_its_tools() {
    let other = if cfg!(target_arch = "aarch64") { Architecture::X86_64 } else { Architecture::Arm64 };
    let folder = workspace();
    let assets = assets(&folder, [worker(other)]);
    let mut builder = builder(&folder);
    builder.tools = builder.tools.without_subcommands(&folder.path().join("no-tools"));
    let error = failure(&builder, &assets);
    let expected = format!("building `worker` for {other} needs `cargo zigbuild`, which is not installed");
    assert_eq!(error.to_string(), expected);
    assert!(error.hint_text().unwrap().contains("pip install cargo-zigbuild ziglang"));
}

#[test]
fn zig_links_for_the_glibc_of_lambda() {
    let folder = workspace();
    script(&folder, "tools/cargo-zigbuild", "echo \"error: $*\" >&2; exit 1");
    let assets = assets(&folder, [function("first", "reader")]);
    let mut builder = AssetBuilder::new(folder.path()).options(BuildOptions { zig: true, ..quick(&folder) });
    builder.tools = builder.tools.with_path(&folder.path().join("tools"));
    let error = failure(&builder, &assets);
    assert_eq!(error.to_string(), "cargo cannot build `reader`");
    assert!(cause(&error).contains("-unknown-linux-gnu.2.34 --locked"), "{}", cause(&error));
}

/// Needs `cargo zigbuild`, and for another architecture than that of this machine also its standard library.
#[test]
#[expect(clippy::print_stderr, reason = "a test that was left out says so")]
fn zig_builds_programs_that_run_in_lambda() {
    for architecture in [Architecture::X86_64, Architecture::Arm64] {
        let folder = workspace();
        let assets = assets(&folder, [worker(architecture)]);
        let builder = AssetBuilder::new(folder.path()).options(BuildOptions { zig: true, ..quick(&folder) });
        if let Err(error) = builder.tools.way(architecture, true, folder.path(), "`worker`") {
            eprintln!("not tested for {architecture}: {error}");
            continue;
        }
        let (_, events) = build(&builder, &assets);
        let checked = events.iter().find_map(|event| match event {
            BuildEvent::Checked { glibc, .. } => *glibc,
            _ => None,
        });
        assert!(checked.is_some_and(|glibc| glibc <= GlibcVersion { major: 2, minor: 34 }), "{events:#?}");
    }
}
