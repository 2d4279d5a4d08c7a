//! Secrets of Secrets Manager.

use std::marker::PhantomData;

use stackgen_resources::typed::{Arg, Arn, Handle, Int};
use stackgen_resources::{kind, secretsmanager};
use stackgen_template::{Expression, Map, Reference, ResourceId, Text, Value};

use super::arn_parts::regional_arn;
use super::encryption::grant_with_key;
use super::escape::{Settings, escape_hatch};
use super::{Outside, SecretName};
use crate::core::{Attributes, Construct, Grant, RemovalPolicy, ResourceExt, Scope};

/// A secret whose value is set by someone after the deployment: the state of [`Secret::empty`].
#[derive(Debug, Clone, Copy)]
pub enum Empty {}

/// A secret whose value Secrets Manager makes up: the state of [`Secret::generated`].
#[derive(Debug, Clone, Copy)]
pub enum Generated {}

/// A secret of Secrets Manager. Its value never stands in a template, and it is kept when it leaves its stack.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("genome");
/// let token = stack.add("UploadToken", Secret::generated().length(int::<48>()).without_punctuation());
/// let api_key = Secret::from_name(secret_name!("weather-ingest/api-key"));
/// let access = token.read().and(api_key.read());
/// stack.output("UploadToken", token.arn());
/// assert!(!app.synthesize().has_errors());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a secret exists only once it is added to a stack"]
pub struct Secret<V = Empty> {
    generate: Option<Map>,
    key: Option<Arn<kind::kms::Key>>,
    removal: Option<RemovalPolicy>,
    settings: Settings,
    attributes: Attributes,
    value: PhantomData<V>,
}

escape_hatch!([V] Secret<V>);

impl Secret<Empty> {
    /// A secret without a value, which someone sets after the deployment.
    pub fn empty() -> Self {
        Self::of(None)
    }

    /// A secret that no stack of the app holds, by its name in the stack's account and region.
    ///
    /// ```
    /// use stackgen::prelude::*;
    ///
    /// let mut app = App::new();
    /// let mut stack = app.stack("weather");
    /// let name = stack.parameter("apiKeySecretName", Parameter::new(ParameterType::STRING).default("weather-ingest/api-key"));
    /// let api_key = Secret::from_name(&name);
    /// let access: Grant = api_key.read();
    /// ```
    pub fn from_name(name: impl Arg<SecretName>) -> SecretHandle<Outside> {
        let name = name.into_value();
        // Secrets Manager ends ARNs with a hyphen and six random characters.
        let arn = regional_arn("secretsmanager", ["secret:".into(), name.clone(), "-??????".into()]);
        SecretHandle { resource: Outside, identifier: name, arn: Arn::from_value(arn), key: None }
    }

    /// A secret that no stack of the app holds, by its complete ARN.
    pub fn from_arn(arn: impl Arg<Arn<kind::secretsmanager::Secret>>) -> SecretHandle<Outside> {
        let arn = arn.into_value();
        SecretHandle { resource: Outside, identifier: arn.clone(), arn: Arn::from_value(arn), key: None }
    }
}

impl Secret<Generated> {
    /// A secret whose value is random text, 32 characters when nothing else is said.
    pub fn generated() -> Self {
        Self::of(Some(Map::from_iter([(Text::Borrowed("PasswordLength"), 32.into())])))
    }

    /// How many characters the random text has.
    pub fn length(self, characters: impl Arg<Int<8, 4_096>>) -> Self {
        self.generate("PasswordLength", characters.into_value())
    }

    /// Leaves out punctuation, for values that stand in a URL or header.
    pub fn without_punctuation(self) -> Self {
        self.generate("ExcludePunctuation", true)
    }

    /// Leaves out certain characters.
    pub fn without(self, characters: impl Arg<String>) -> Self {
        self.generate("ExcludeCharacters", characters.into_value())
    }

    /// Puts the random text into a JSON mapping, under `key`: `.within(r#"{"username":"admin"}"#, "password")`.
    pub fn within(self, json: impl Arg<String>, key: impl Arg<String>) -> Self {
        self.generate("SecretStringTemplate", json.into_value()).generate("GenerateStringKey", key.into_value())
    }

    fn generate(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.generate.get_or_insert_default().insert(name, value);
        self
    }
}

impl<V> Secret<V> {
    fn of(generate: Option<Map>) -> Self {
        Self {
            generate,
            key: None,
            removal: None,
            settings: Settings::default(),
            attributes: Attributes::new(),
            value: PhantomData,
        }
    }

    /// Sets the name. Without one CloudFormation makes one up.
    pub fn name(self, name: impl Arg<SecretName>) -> Self {
        self.raw("Name", name.into_value())
    }

    /// Says what the secret is for.
    pub fn description(self, description: impl Arg<String>) -> Self {
        self.raw("Description", description.into_value())
    }

    /// Encrypts with a key of KMS, in place of the account's key for Secrets Manager. Grants of the secret then allow
    /// the use of the key.
    pub fn encryption_key(mut self, key: impl Arg<Arn<kind::kms::Key>>) -> Self {
        let key = key.into_value();
        self.key = Some(Arn::from_value(key.clone()));
        self.raw("KmsKeyId", key)
    }

    /// What becomes of the secret when it is removed from the stack: retained, when not set.
    pub fn removal(mut self, policy: RemovalPolicy) -> Self {
        self.removal = Some(policy);
        self
    }
}

impl<V> Construct for Secret<V> {
    type Handle = SecretHandle;

    fn build(self, scope: &mut Scope<'_>) -> SecretHandle {
        let mut secret = secretsmanager::Secret::new();
        if let Some(generate) = self.generate {
            secret = secret.raw("GenerateSecretString", generate);
        }
        let secret = self.settings.apply(secret, secretsmanager::Secret::raw);
        let default = scope.app().default_removal().unwrap_or(RemovalPolicy::Retain);
        let attributes = self.attributes.removal_or(self.removal, default);
        let id = scope.add("Default", secret.with(attributes)).id().clone();
        let arn: Arn<kind::secretsmanager::Secret> = Arn::of(Reference::to(id.clone()));
        SecretHandle { resource: id, identifier: Value::from(&arn), arn, key: self.key }
    }
}

/// A secret, to read and to refer to. `R` is [`Outside`] for a secret that no stack of the app holds.
#[derive(Debug, Clone)]
pub struct SecretHandle<R = ResourceId> {
    resource: R,
    /// The ARN, or for a secret outside the app the name or ARN by which it was named.
    identifier: Value,
    arn: Arn<kind::secretsmanager::Secret>,
    key: Option<Arn<kind::kms::Key>>,
}

impl Handle for SecretHandle {
    fn id(&self) -> &ResourceId {
        &self.resource
    }
}

impl SecretHandle {
    /// The ARN.
    pub fn arn(&self) -> Arn<kind::secretsmanager::Secret> {
        self.arn.clone()
    }
}

impl<R> SecretHandle<R> {
    /// What a program gives to Secrets Manager to get the secret: its ARN, or the name by which it was named here.
    pub fn identifier(&self) -> Expression {
        Expression::raw(self.identifier.clone())
    }

    /// Access to read the value.
    pub fn read(&self) -> Grant {
        grant_with_key(["secretsmanager:GetSecretValue"], [&self.arn], "reads the secret", self.key.as_ref())
    }

    /// Access to set the value.
    pub fn write(&self) -> Grant {
        grant_with_key(["secretsmanager:PutSecretValue"], [&self.arn], "sets the secret", self.key.as_ref())
    }

    /// Access to do just `actions`, such as `secretsmanager:DescribeSecret`.
    pub fn grant<A: Into<Text>>(&self, actions: impl IntoIterator<Item = A>) -> Grant {
        grant_with_key(actions, [&self.arn], "uses the secret", self.key.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use stackgen_resources::typed::int;

    use super::*;
    use crate::constructs::secret_name;
    use crate::constructs::testing::template_of;

    #[test]
    fn secrets() {
        insta::assert_snapshot!(template_of(|stack| {
            stack.add(
                "ApiKey",
                Secret::empty().name(secret_name!("shop/api-key")).description("key of the payment service"),
            );
            let password = Secret::generated().length(int::<24>()).within(r#"{"user":"admin"}"#, "password");
            let database = stack.add("Database", password.without("\"@/\\").removal(RemovalPolicy::Delete));
            stack.output("Database", database.identifier());
        }));
    }

    #[test]
    fn a_secret_by_name_is_granted_whatever_its_suffix() {
        let secret = Secret::from_name(secret_name!("shop/api-key"));
        assert_eq!(secret.identifier(), Expression::raw("shop/api-key"));
        let grant = format!("{:?}", secret.read().statements());
        assert!(grant.contains(":secret:shop/api-key-??????"), "{grant}");
    }
}
