//! The actions that IAM knows.

use stackgen_template::wildcard;

use super::bytes::Reader;

/// The actions of a service.
#[derive(Debug, Clone, Copy)]
pub struct Actions {
    reader: Reader,
}

/// What an action, or a pattern of actions, stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionMatch {
    /// At least one action.
    Found,
    /// No action.
    Nothing,
}

impl Actions {
    pub(super) fn new(bytes: &'static [u8]) -> Self {
        Self { reader: Reader::new(bytes) }
    }

    /// The names, in lower case and in order.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.each(|name| {
            names.push(name.to_owned());
            false
        });
        names
    }

    /// Looks for `name` in any case; `*` and `?` in it stand for any letters and for any one letter.
    pub fn find(&self, name: &str) -> ActionMatch {
        let name = name.to_ascii_lowercase();
        let found = if name.contains(['*', '?']) {
            self.each(|action| wildcard::covers(name.as_bytes(), action.as_bytes()))
        } else {
            self.each(|action| action == name)
        };
        if found { ActionMatch::Found } else { ActionMatch::Nothing }
    }

    /// Whether `found` says yes to one of the names; those behind it are not looked at.
    fn each(&self, mut found: impl FnMut(&str) -> bool) -> bool {
        let mut reader = self.reader;
        let mut name = String::new();
        for _ in 0..reader.length() {
            let shared = reader.length();
            let rest = reader.length();
            name.truncate(shared);
            // The names of actions are ASCII; the generator makes them so.
            name.extend(reader.take(rest).iter().map(|byte| char::from(*byte)));
            if found(&name) {
                return true;
            }
        }
        false
    }
}
