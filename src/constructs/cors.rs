//! Which pages of other origins may call an API.

use stackgen_resources::typed::Arg;
use stackgen_template::{Map, Text, Value};

use crate::core::{Period, Problem};

/// What browsers let pages of other origins do with an API: the cross-origin settings of an [`HttpApi`](super::HttpApi) or a
/// [`FunctionUrl`](super::FunctionUrl).
///
/// ```
/// use stackgen::prelude::*;
///
/// let cors = Cors::origin("https://example.com").methods([Method::Get]).max_age(hours::<1>());
/// let open = Cors::any_origin().methods([Method::Get]);
/// ```
#[derive(Debug, Clone)]
#[must_use = "settings do nothing until they are given to an API or address"]
pub struct Cors {
    origins: Vec<Value>,
    methods: Vec<Method>,
    headers: Vec<Value>,
    exposed_headers: Vec<Value>,
    credentials: bool,
    max_age: Option<Value>,
}

/// A method of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`
    Head,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
    /// `OPTIONS`
    Options,
}

impl Method {
    /// The method as it is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }
}

impl Cors {
    /// Pages of `origin`, such as `https://example.com`, or an expression that gives it.
    pub fn origin(origin: impl Into<Value>) -> Self {
        Self {
            origins: vec![origin.into()],
            methods: Vec::new(),
            headers: Vec::new(),
            exposed_headers: Vec::new(),
            credentials: false,
            max_age: None,
        }
    }

    /// Pages of all origins.
    pub fn any_origin() -> Self {
        Self::origin("*")
    }

    /// Pages of another origin too.
    pub fn and_origin(mut self, origin: impl Into<Value>) -> Self {
        self.origins.push(origin.into());
        self
    }

    /// The methods that pages may use; all of them when not said.
    pub fn methods(mut self, methods: impl IntoIterator<Item = Method>) -> Self {
        self.methods = methods.into_iter().collect();
        self
    }

    /// The headers that pages may send, beside those that browsers always allow.
    pub fn headers<H: Into<Text>>(mut self, headers: impl IntoIterator<Item = H>) -> Self {
        self.headers = headers.into_iter().map(|header| header.into().into()).collect();
        self
    }

    /// The headers of an answer that pages may read, beside those that browsers always allow.
    pub fn expose_headers<H: Into<Text>>(mut self, headers: impl IntoIterator<Item = H>) -> Self {
        self.exposed_headers = headers.into_iter().map(|header| header.into().into()).collect();
        self
    }

    /// Lets pages send cookies and other credentials.
    pub fn credentials(mut self) -> Self {
        self.credentials = true;
        self
    }

    /// How long browsers remember what is allowed, up to a day.
    pub fn max_age(mut self, age: impl Arg<Period<0, 86_400>>) -> Self {
        self.max_age = Some(age.into_value());
        self
    }

    /// Whether the method is named. Not when all are allowed.
    pub(crate) fn allows_method(&self, method: &str) -> bool {
        self.methods.iter().any(|allowed| allowed.as_str() == method)
    }

    /// What no browser accepts.
    pub(crate) fn fault(&self) -> Option<Problem> {
        let any = self.origins.iter().any(|origin| origin.as_str() == Some("*"));
        let malformed = self.origins.iter().filter_map(Value::as_str).find(|origin| !is_origin(origin));
        match malformed {
            Some(origin) => Some(
                Problem::error(format!("`{origin}` is not an origin"))
                    .hint("an origin is `https://` and a host, without a path and without a slash at its end"),
            ),
            None if any && self.credentials => Some(
                Problem::error("browsers refuse credentials for an API that is open to any origin")
                    .hint("name the origins that may send them"),
            ),
            None => None,
        }
    }

    /// The settings as API Gateway and Lambda write them alike.
    pub(crate) fn into_value(self) -> Value {
        let methods: Vec<Value> = if self.methods.is_empty() {
            vec!["*".into()]
        } else {
            self.methods.into_iter().map(|method| method.as_str().into()).collect()
        };
        let mut settings = Map::with_capacity(6);
        settings.push("AllowOrigins", self.origins);
        settings.push("AllowMethods", methods);
        if !self.headers.is_empty() {
            settings.push("AllowHeaders", self.headers);
        }
        if !self.exposed_headers.is_empty() {
            settings.push("ExposeHeaders", self.exposed_headers);
        }
        if self.credentials {
            settings.push("AllowCredentials", true);
        }
        if let Some(age) = self.max_age {
            settings.push("MaxAge", age);
        }
        settings.into()
    }
}

fn is_origin(text: &str) -> bool {
    match text.split_once("://") {
        None => text == "*",
        Some((scheme, host)) => !scheme.is_empty() && !host.is_empty() && !host.contains('/'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_browser_accepts_is_found() {
        let message = |cors: Cors| cors.fault().map(|problem| problem.message);
        assert_eq!(message(Cors::origin("https://example.com:8080")), None);
        assert_eq!(message(Cors::any_origin()), None);
        assert_eq!(
            message(Cors::origin("https://example.com/")).as_deref(),
            Some("`https://example.com/` is not an origin")
        );
        assert!(message(Cors::origin("example.com")).is_some());
        assert!(message(Cors::any_origin().credentials()).is_some());
    }
}
