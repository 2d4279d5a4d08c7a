//! Sites and the commands that build them.

#![cfg(unix)]

use super::*;

fn site(command: &[&str]) -> AssetSource {
    AssetSource::Site {
        folder: "web".into(),
        output: "dist".into(),
        command: command.iter().map(|part| (*part).to_owned()).collect(),
    }
}

#[test]
fn a_site_is_what_its_command_made_now() {
    let folder = Folder::with(&[("web/page.txt", "hello"), ("web/dist/old.html", "of another build")]);
    let command = "echo building; mkdir -p dist/img && cp page.txt dist/index.html && cp page.txt dist/img/a.svg";
    let assets = assets(&folder, [site(&["sh", "-c", command])]);
    let (objects, events) = build(&builder(&folder), &assets);
    let files = unzipped(&objects[&assets[0].key()]);
    let expected = ["img/a.svg", "index.html"].map(|name| (name.to_owned(), 0o644, b"hello".to_vec()));
    assert_eq!(files, expected);
    assert_eq!(events[0], BuildEvent::BuildingSite { folder: "web".into() });
    assert_eq!(events[1], BuildEvent::Line("building".to_owned()));
    let (_, events) = build(&builder(&folder), &assets);
    assert_eq!(events, []);
}

#[test]
fn a_site_that_fails_says_what_its_command_said() {
    let folder = Folder::with(&[("web/page.txt", "")]);
    let error = |command: &[&str]| {
        let error = failure(&builder(&folder), &assets(&folder, [site(command)]));
        let text = format!("{error}: {}", cause(&error));
        (text, error.hint_text().map(str::to_owned))
    };
    let (text, _) = error(&["sh", "-c", "echo no such page >&2; exit 3"]);
    assert!(text.contains("which builds the site `web`, failed: exit status: 3: no such page"), "{text}");
    let (text, hint) = error(&["no-such-bundler", "build"]);
    assert!(text.starts_with("cannot run `no-such-bundler build`, which builds the site `web`"), "{text}");
    assert_eq!(hint.as_deref(), Some("install `no-such-bundler`"));
    let (text, _) = error(&["true"]);
    assert_eq!(text, "`true` built the site `web`, but there is no `dist`: ");
    let (text, _) = error(&["mkdir", "dist"]);
    assert!(text.contains("holds no file to ship"), "{text}");
}

#[test]
fn the_output_of_a_site_is_a_folder_below_it() {
    let folder = Folder::with(&[("web/page.txt", "")]);
    let source = AssetSource::Site { folder: "web".into(), output: "..".into(), command: vec!["true".to_owned()] };
    let error = failure(&builder(&folder), &assets(&folder, [source]));
    assert_eq!(error.to_string(), "the output `..` of the site `web` is no folder below it");
    assert!(folder.path().join("web/page.txt").is_file());
}

#[test]
fn a_site_that_changes_its_sources_is_refused() {
    let folder = Folder::with(&[("web/page.txt", "")]);
    let command = "mkdir -p dist && date >> page.txt && cp page.txt dist";
    let error = failure(&builder(&folder), &assets(&folder, [site(&["sh", "-c", command])]));
    assert_eq!(error.to_string(), "the sources of the site `web` changed while it was built");
    assert!(error.hint_text().unwrap().contains("below its output only"));
}

#[test]
fn npm_installs_by_its_lockfile_once() {
    let folder = Folder::with(&[("web/package.json", "{}")]);
    let npm = "if [ \"$1\" = ci ]; then mkdir -p node_modules; echo installing; else mkdir -p dist && echo \"$*\" > dist/a; fi";
    script(&folder, "tools/npm", npm);
    let source = || site(&["npm", "run", "build"]);
    let mut builder = builder(&folder);
    builder.tools = builder.tools.with_path(&folder.path().join("tools"));
    let error = failure(&builder, &assets(&folder, [source()]));
    assert_eq!(error.to_string(), "the site `web` is built by npm, and has no `package-lock.json`");

    folder.write("web/package-lock.json", "{\"lockfileVersion\": 3}");
    let installs = |builder: &AssetBuilder| {
        let assets = assets(&folder, [source()]);
        let (objects, events) = build(builder, &assets);
        assert_eq!(unzipped(&objects[&assets[0].key()]), [("a".to_owned(), 0o644, b"run build\n".to_vec())]);
        events.contains(&BuildEvent::Line("installing".to_owned()))
    };
    assert!(installs(&builder));
    folder.write("web/page.txt", "new");
    assert!(!installs(&builder), "what is installed is what the lockfile says");
    folder.write("web/package-lock.json", "{\"lockfileVersion\": 3, \"packages\": {}}");
    assert!(installs(&builder));
}
