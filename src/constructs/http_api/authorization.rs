//! Who may use a route.

use stackgen_resources::typed::Handle;
use stackgen_template::{Map, ResourceId, Text, Value};

use super::handle::api_id;
use crate::core::Scope;
use crate::resources::apigatewayv2;

/// Who may use the routes of an [`HttpApi`](super::HttpApi).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Authorization {
    /// Everyone.
    None,
    /// Whoever signs requests and has the access that [`HttpApiHandle::invoke`](super::HttpApiHandle::invoke) grants.
    Iam,
    /// Whoever sends a token of an issuer in the header `Authorization`: see [`Authorization::jwt`].
    Jwt {
        /// The address of the issuer.
        issuer: Value,
        /// What tokens are for; one has to be in the token.
        audience: Vec<Text>,
        /// Scopes of which one has to be in the token; none are asked for when empty.
        scopes: Vec<Text>,
    },
}

impl Authorization {
    /// Whoever sends a JSON web token that `issuer` made for one of `audience`.
    pub fn jwt<A: Into<Text>>(issuer: impl Into<Value>, audience: impl IntoIterator<Item = A>) -> Self {
        let audience = audience.into_iter().map(Into::into).collect();
        Self::Jwt { issuer: issuer.into(), audience, scopes: Vec::new() }
    }

    /// Asks for one of these scopes in a token too. Changes nothing for others than tokens.
    #[must_use]
    pub fn scopes<S: Into<Text>>(mut self, wanted: impl IntoIterator<Item = S>) -> Self {
        if let Self::Jwt { scopes, .. } = &mut self {
            scopes.extend(wanted.into_iter().map(Into::into));
        }
        self
    }

    /// The properties of a route, whose authorizer is added when it is the first of its kind.
    pub(super) fn route_properties(
        &self,
        api: &ResourceId,
        authorizers: &mut Vec<Authorizer>,
        scope: &mut Scope<'_>,
    ) -> Vec<(&'static str, Value)> {
        match self {
            Self::None => Vec::new(),
            Self::Iam => vec![("AuthorizationType", "AWS_IAM".into())],
            Self::Jwt { issuer, audience, scopes } => {
                let known = authorizers.iter().find(|other| other.issuer == *issuer && other.audience == *audience);
                let known = known.map(|authorizer| authorizer.id.clone());
                let id = known.unwrap_or_else(|| {
                    let authorizer = Authorizer::add(issuer, audience, authorizers.len(), api, scope);
                    let id = authorizer.id.clone();
                    authorizers.push(authorizer);
                    id
                });
                let mut properties = vec![("AuthorizationType", "JWT".into()), ("AuthorizerId", id)];
                if !scopes.is_empty() {
                    properties.push(("AuthorizationScopes", scopes.clone().into()));
                }
                properties
            }
        }
    }
}

/// An authorizer that was added.
#[derive(Debug)]
pub(super) struct Authorizer {
    issuer: Value,
    audience: Vec<Text>,
    id: Value,
}

impl Authorizer {
    fn add(issuer: &Value, audience: &[Text], index: usize, api: &ResourceId, scope: &mut Scope<'_>) -> Self {
        let name = if index == 0 { "Authorizer".to_owned() } else { format!("Authorizer{}", index + 1) };
        let configuration = Map::from_iter([
            (Text::Borrowed("Issuer"), issuer.clone()),
            (Text::Borrowed("Audience"), audience.to_vec().into()),
        ]);
        let authorizer = apigatewayv2::Authorizer::new()
            .api_id(api_id(api))
            .authorizer_type("JWT")
            .name(name.clone())
            .identity_source(["$request.header.Authorization"])
            .raw("JwtConfiguration", configuration);
        let authorizer = scope.add(name, authorizer);
        let id = scope.reference(authorizer.id());
        Self { issuer: issuer.clone(), audience: audience.to_vec(), id }
    }
}
