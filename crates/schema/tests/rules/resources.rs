//! Codes SG3001–SG3008: what stands beside the properties of a resource.

use stackgen_schema::Code;

use crate::Case;

pub(crate) const CASES: &[Case] = &[
    (Code::ResourceShape, "
Resources: {T: {Type: AWS::SNS::Topic, DisplayName: x}}
", "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: x}, Metadata: {Why: because}}}
"),
    (Code::ResourceShape, "
Resources: {T: {Properties: {DisplayName: x}}}
", "
Resources: {T: {Type: AWS::SNS::Topic}}
"),
    (Code::UnknownType, "
Resources: {T: {Type: AWS::SNS::Topics}}
", "
Resources:
  A: {Type: Acme::Depot::Crate, Properties: {Anything: 1}}
  B: {Type: Acme::Depot::Crate::MODULE, Properties: {Anything: 1}}
  C: {Type: Custom::Anything, Version: '1.0', Properties: {ServiceToken: 'arn:aws:sns:us-east-1:123456789012:t', Any: 1}}
  D: {Type: Alexa::ASK::Skill, Properties: {AuthenticationConfiguration: {ClientId: a, ClientSecret: b, RefreshToken: c}, VendorId: v, SkillPackage: {S3Bucket: bucket, S3Key: k}}}
"),
    (Code::UnknownType, "
Resources: {F: {Type: AWS::Serverless::Function, Properties: {Handler: i.h, Runtime: python3.13, CodeUri: src}}}
", "
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Resources: {F: {Type: AWS::Serverless::Function, Properties: {Handler: i.h, Runtime: python3.13, CodeUri: src}}}
"),
    (Code::TypeRegion, "
Resources: {R: {Type: AWS::DeviceFarm::Project, Properties: {Name: n}}}
", "
Resources: {B: {Type: AWS::S3::Bucket}}
"),
    (Code::DeletionPolicy, "
Resources: {B: {Type: AWS::S3::Bucket, DeletionPolicy: Retian}}
", "
Resources: {B: {Type: AWS::S3::Bucket, DeletionPolicy: RetainExceptOnCreate, UpdateReplacePolicy: Retain}}
"),
    (Code::DeletionPolicy, "
Resources: {B: {Type: AWS::S3::Bucket, DeletionPolicy: Snapshot}}
", "
Resources: {V: {Type: AWS::EC2::Volume, DeletionPolicy: Snapshot, Properties: {AvailabilityZone: us-east-1a, Size: 8}}}
"),
    (Code::DeletionPolicy, "
Parameters: {Policy: {Type: String}}
Resources: {B: {Type: AWS::S3::Bucket, DeletionPolicy: !Ref Policy}}
", "
Transform: AWS::LanguageExtensions
Parameters: {Policy: {Type: String}}
Resources: {B: {Type: AWS::S3::Bucket, DeletionPolicy: !Ref Policy}}
"),
    (Code::UpdatePolicy, "
Resources:
  B: {Type: AWS::S3::Bucket, UpdatePolicy: {AutoScalingReplacingUpdate: {WillReplace: true}}}
", "
Resources:
  G:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {MinSize: '1', MaxSize: '1', AvailabilityZones: [us-east-1a], InstanceId: i-0123456789abcdef0}
    UpdatePolicy: {AutoScalingReplacingUpdate: {WillReplace: true}}
"),
    (Code::CreationPolicy, "
Resources:
  B: {Type: AWS::S3::Bucket, CreationPolicy: {ResourceSignal: {Count: 1}}}
", "
Resources:
  W: {Type: AWS::CloudFormation::WaitCondition, CreationPolicy: {ResourceSignal: {Count: 1, Timeout: PT5M}}}
"),
    (Code::ModuleShape, "
Resources: {M: {Type: Acme::Depot::Crate::MODULE, CreationPolicy: {ResourceSignal: {Count: 1}}}}
", "
Resources: {M: {Type: Acme::Depot::Crate::MODULE, DependsOn: T}, T: {Type: AWS::SNS::Topic}}
"),
    (Code::DuplicateResource, "
Resources:
  A: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: one}}
  B: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: one}}
", "
Conditions: {Is: !Equals [!Ref AWS::Region, us-east-1], Not: !Not [!Condition Is]}
Resources:
  A: {Type: AWS::Logs::LogGroup, Condition: Is, Properties: {LogGroupName: one}}
  B: {Type: AWS::Logs::LogGroup, Condition: Not, Properties: {LogGroupName: one, RetentionInDays: 7}}
  C: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: two}}
"),
];
