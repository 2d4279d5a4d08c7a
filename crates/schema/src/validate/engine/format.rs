//! Formats that texts have besides patterns.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::database::format::FORMATS;

/// What a format wants where `text` is not of it; none when it is, or when the format is not checked.
pub(super) fn demand(format: u8, text: &str) -> Option<&'static str> {
    let (fits, wanted) = match FORMATS.get(usize::from(format)).copied().unwrap_or_default() {
        "ipv4" => (text.parse::<Ipv4Addr>().is_ok(), "an IPv4 address"),
        "ipv6" => (text.parse::<Ipv6Addr>().is_ok(), "an IPv6 address"),
        "ipv4-network" => (is_network::<Ipv4Addr>(text, 32), "an IPv4 network such as `10.0.0.0/16`"),
        "ipv6-network" => (is_network::<Ipv6Addr>(text, 128), "an IPv6 network such as `2001:db8::/32`"),
        "AWS::ACM::Certificate.Arn" => (is_arn(text, "acm", &["certificate/"]), "the ARN of a certificate"),
        "AWS::EC2::Image.Id" => (
            is_id(text, "ami-") || text.starts_with("resolve:ssm:"),
            "the identifier of an image, such as `ami-0123456789abcdef0`",
        ),
        "AWS::EC2::SecurityGroup.Id" => {
            (is_id(text, "sg-"), "the identifier of a security group, such as `sg-0123456789abcdef0`")
        }
        "AWS::EC2::Subnet.Id" => {
            (is_id(text, "subnet-"), "the identifier of a subnet, such as `subnet-0123456789abcdef0`")
        }
        "AWS::EC2::VPC.Id" => (is_id(text, "vpc-"), "the identifier of a VPC, such as `vpc-0123456789abcdef0`"),
        "AWS::IAM::Role.Arn" => (is_arn(text, "iam", &["role/"]), "the ARN of a role"),
        "AWS::KMS::Alias.AliasName" => (text.starts_with("alias/"), "the alias of a key, such as `alias/name`"),
        "AWS::KMS::Key.Arn" => (is_arn(text, "kms", &["key/", "alias/"]), "the ARN of a key"),
        "AWS::Lambda::Function.Arn" => (is_arn(text, "lambda", &["function:"]), "the ARN of a function"),
        "AWS::SNS::Topic.Arn" => (is_arn(text, "sns", &[""]), "the ARN of a topic"),
        "AWS::SQS::Queue.Arn" => (is_arn(text, "sqs", &[""]), "the ARN of a queue"),
        "AWS::S3::Bucket.Name" => (is_bucket_name(text), "the name of a bucket"),
        _ => return None,
    };
    (!fits).then_some(wanted)
}

fn is_network<A: std::str::FromStr>(text: &str, longest: u8) -> bool {
    text.split_once('/').is_some_and(|(address, length)| {
        address.parse::<A>().is_ok() && length.parse::<u8>().is_ok_and(|length| length <= longest)
    })
}

/// Whether a text is an ARN of the service, its resource beginning in one of the given ways.
fn is_arn(text: &str, service: &str, resources: &[&str]) -> bool {
    let mut parts = text.splitn(6, ':');
    let arn = parts.next() == Some("arn") && parts.next().is_some_and(|partition| partition.starts_with("aws"));
    let named = parts.next() == Some(service);
    let resource = parts.nth(2);
    arn && named
        && resource.is_some_and(|resource| {
            resources.iter().any(|start| resource.starts_with(start) && resource.len() > start.len())
        })
}

/// Whether a text is an identifier of EC2: the prefix and 8 or 17 letters and digits.
fn is_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|id| matches!(id.len(), 8 | 17) && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn is_bucket_name(text: &str) -> bool {
    let ends = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    (3..=63).contains(&bytes.len())
        && ends(bytes[0])
        && ends(bytes[bytes.len() - 1])
        && bytes.iter().all(|byte| ends(*byte) || matches!(byte, b'.' | b'-'))
        && !text.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(name: &str, text: &str) -> bool {
        let number = FORMATS.iter().position(|format| *format == name).and_then(|number| u8::try_from(number).ok());
        demand(number.unwrap_or(0), text).is_none()
    }

    #[test]
    fn formats_take_what_they_should() {
        for (name, good, bad) in [
            ("ipv4-network", "10.0.0.0/16", "10.0.0.0/33"),
            ("ipv6-network", "2001:db8::/32", "2001:db8::"),
            ("AWS::IAM::Role.Arn", "arn:aws-cn:iam::123456789012:role/path/x", "arn:aws:iam::123456789012:user/x"),
            ("AWS::EC2::Subnet.Id", "subnet-12345678", "subnet-1"),
            ("AWS::KMS::Key.Arn", "arn:aws:kms:eu-west-1:123456789012:key/x", "x"),
            ("AWS::SQS::Queue.Arn", "arn:aws:sqs:eu-west-1:123456789012:q", "arn:aws:sns:eu-west-1:123456789012:q"),
            ("AWS::S3::Bucket.Name", "my.bucket-1", "My_Bucket"),
        ] {
            assert!(fits(name, good), "{name} {good}");
            assert!(!fits(name, bad), "{name} {bad}");
        }
        assert!(fits("no such format", "anything"));
    }
}
