//! What the site tells browsers about itself with every answer.

use stackgen_resources::typed::Set;
use stackgen_template::{Expression, Text, Value};

use super::unique_name;
use crate::constructs::arn_parts::concatenate;
use crate::resources::cloudfront::{self, response_headers_policy};

/// For how long browsers use HTTPS only, in seconds: a year.
const TRANSPORT_SECURITY_SECONDS: i32 = 31_536_000;

/// Where the pages of a site may load things from and connect to.
///
/// ```
/// use stackgen::prelude::*;
///
/// let policy = ContentSecurityPolicy::own_site_only()
///     .allow("connect-src", "https://api.example.org")
///     .allow("img-src", "data:");
/// ```
#[derive(Debug, Clone)]
pub struct ContentSecurityPolicy {
    directives: Vec<(Text, Vec<Value>)>,
}

impl ContentSecurityPolicy {
    /// Everything from the site itself only; no plug-ins, and no page of another site may show it in a frame.
    pub fn own_site_only() -> Self {
        let directives = [
            ("default-src", "'self'"),
            ("base-uri", "'none'"),
            ("form-action", "'self'"),
            ("frame-ancestors", "'none'"),
            ("object-src", "'none'"),
        ];
        Self { directives: directives.map(|(name, source)| (Text::Borrowed(name), vec![source.into()])).into() }
    }

    /// Allows a source for a kind of things, beside the site itself: `connect-src` for requests of scripts, `img-src` for
    /// images, and so on.
    #[must_use]
    pub fn allow(mut self, directive: impl Into<Text>, source: impl Into<Value>) -> Self {
        let (directive, source) = (directive.into(), source.into());
        match self.directives.iter_mut().find(|(name, _)| *name == directive) {
            // `'none'` stands alone or not at all.
            Some((_, sources)) if *sources == [Value::from("'none'")] => *sources = vec![source],
            Some((_, sources)) => sources.push(source),
            None => self.directives.push((directive, vec!["'self'".into(), source])),
        }
        self
    }

    fn to_value(&self) -> Value {
        let mut pieces: Vec<Value> = Vec::new();
        for (index, (name, sources)) in self.directives.iter().enumerate() {
            pieces.push(if index == 0 { name.clone().into() } else { format!("; {name}").into() });
            for source in sources {
                pieces.push(" ".into());
                pieces.push(source.clone());
            }
        }
        concatenate(pieces)
    }
}

/// The headers of every answer.
pub(super) fn policy(path: &str, content: &ContentSecurityPolicy) -> cloudfront::ResponseHeadersPolicy<Set> {
    use response_headers_policy::{
        ContentSecurityPolicy, ContentTypeOptions, FrameOptions, ReferrerPolicy, ResponseHeadersPolicyConfig,
        SecurityHeadersConfig, StrictTransportSecurity,
    };

    let content =
        ContentSecurityPolicy::new().content_security_policy(Expression::raw(content.to_value())).override_(true);
    let transport =
        StrictTransportSecurity::new().access_control_max_age_sec(TRANSPORT_SECURITY_SECONDS).override_(true);
    let security = SecurityHeadersConfig::new()
        .content_security_policy(content)
        .content_type_options(ContentTypeOptions::new().override_(true))
        .frame_options(FrameOptions::new().frame_option("DENY").override_(true))
        .referrer_policy(ReferrerPolicy::new().referrer_policy("strict-origin-when-cross-origin").override_(true))
        .strict_transport_security(transport);
    let config =
        ResponseHeadersPolicyConfig::new().name(Expression::raw(unique_name(path))).security_headers_config(security);
    cloudfront::ResponseHeadersPolicy::new().response_headers_policy_config(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_added_to_their_directives() {
        let policy = ContentSecurityPolicy::own_site_only()
            .allow("connect-src", "https://one.example")
            .allow("connect-src", "https://two.example")
            .allow("object-src", "'self'")
            .allow("default-src", "https://fonts.example");
        assert_eq!(
            policy.to_value(),
            Value::from(concat!(
                "default-src 'self' https://fonts.example; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; ",
                "object-src 'self'; connect-src 'self' https://one.example https://two.example"
            ))
        );
    }
}
