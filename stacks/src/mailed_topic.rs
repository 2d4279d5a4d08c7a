//! What several stacks have: a topic that a person may read by e-mail.

use stackgen::prelude::*;

/// A topic whose messages go to the address that a deployment gives in the parameter `emailParam`, when it gives one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MailedTopic {
    purpose: &'static str,
}

impl MailedTopic {
    /// The topic. `purpose` describes the parameter: what the address gets.
    pub(crate) const fn new(purpose: &'static str) -> Self {
        Self { purpose }
    }
}

impl Construct for MailedTopic {
    type Handle = TopicHandle;

    fn build(self, scope: &mut Scope<'_>) -> TopicHandle {
        let address = Parameter::new(ParameterType::STRING).description(self.purpose).default("");
        let address = scope.parameter("emailParam", address);
        let is_wanted = scope.condition("EmailWanted", Expression::not(Expression::equals(&address, "")));
        let topic = scope.add("Default", Topic::new());
        scope.add("Email", topic.to_email(&address).only_if(&is_wanted));
        topic
    }
}
