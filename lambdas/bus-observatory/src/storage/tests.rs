#![allow(clippy::unwrap_used)]

use super::*;

/// A folder that is gone after the test.
struct Temporary(std::path::PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn stores(name: &str) -> (Temporary, [Box<dyn Storage>; 2]) {
    let path = std::env::temp_dir().join(format!("bus-observatory-{name}-{}", std::process::id()));
    let folder = Folder::new(&path).unwrap();
    (Temporary(path), [Box::new(folder), Box::new(Memory::new())])
}

#[test]
fn both_stores_do_the_same() {
    let (_temporary, stores) = stores("same");
    for store in stores {
        let put = |key: &str, content: &'static str, condition| {
            store.put(key, Bytes::from_static(content.as_bytes()), &condition).unwrap()
        };
        let keys = |prefix: &str| store.list(prefix).unwrap().into_iter().map(|listed| listed.key).collect::<Vec<_>>();
        assert_eq!((store.get("a/b/c").unwrap(), keys("a/")), (None, vec![]));
        assert_eq!(put("a/b/c", "1", Condition::Matches("x".into())), Put::Conflict);
        assert_eq!(put("a/b/c", "1", Condition::New), Put::Done);
        assert_eq!(put("a/b/c", "2", Condition::New), Put::Conflict);
        let tag = store.get("a/b/c").unwrap().unwrap().tag;
        assert_eq!(put("a/b/c", "22", Condition::Matches(tag.clone())), Put::Done);
        assert_eq!(put("a/b/c", "3", Condition::Matches(tag)), Put::Conflict);
        assert_eq!(store.get("a/b/c").unwrap().unwrap().content, "22");
        put("a/bc", "", Condition::Always);
        put("a/b-c", "", Condition::Always);
        assert_eq!(keys("a/b"), ["a/b-c", "a/b/c", "a/bc"]);
        assert_eq!((keys("a/b/"), keys("a/b/x"), keys("").len()), (vec!["a/b/c".to_owned()], vec![], 3));
        assert_eq!(store.list("a/b/").unwrap()[0].size, 2);
        store.delete(&["a/b/c".into(), "a/none".into()]).unwrap();
        assert_eq!(store.contents(&["a/b/c".into(), "a/bc".into()]).unwrap().iter().flatten().count(), 1);
        assert!(store.delete(&[]).is_err() && store.delete(&vec!["a".into(); 1001]).is_err());
        assert!(store.url("a/b").ends_with("/a/b"));
    }
}

#[test]
fn a_folder_is_never_left() {
    let (_temporary, [folder, _]) = stores("left");
    for key in ["../a", "/etc/passwd", "a/../../b", "", "a//b", ".lock", "a/.b"] {
        assert!(folder.put(key, Bytes::new(), &Condition::Always).is_err(), "{key}");
        assert!(folder.get(key).is_err() && folder.delete(&[key.to_owned()]).is_err(), "{key}");
    }
}
