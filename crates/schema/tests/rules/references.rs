//! Codes SG2001–SG2011: intrinsic functions and references.

use stackgen_schema::Code;

use crate::Case;

pub(crate) const CASES: &[Case] = &[
    (Code::ReferenceMissing, "
Resources:
  T: {Type: AWS::SNS::Topic}
  S: {Type: AWS::SNS::Subscription, Properties: {Protocol: sqs, TopicArn: !Ref Topic}}
", "
Resources:
  T: {Type: AWS::SNS::Topic}
  S: {Type: AWS::SNS::Subscription, Properties: {Protocol: sqs, TopicArn: !Ref T}}
"),
    (Code::ReferenceMissing, "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub 'a ${Name}'}}}
", "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub ['a ${Name} ${!Name}', {Name: b}]}}}
"),
    (Code::AttributeMissing, "
Resources: {Q: {Type: AWS::SQS::Queue}}
Outputs: {Arn: {Value: !GetAtt Q.ARN}}
", "
Resources: {Q: {Type: AWS::SQS::Queue}}
Outputs: {Arn: {Value: !GetAtt Q.Arn}}
"),
    (Code::AttributeMissing, "
Resources: {Q: {Type: AWS::SQS::Queue}}
Outputs: {Arn: {Value: !Sub 'arn ${Q.Arm}'}}
", "
Resources: {C: {Type: Custom::Anything, Properties: {ServiceToken: 'arn:aws:sns:us-east-1:123456789012:t'}}}
Outputs: {Arn: {Value: !Sub 'arn ${C.Arm}'}}
"),
    (Code::FunctionShape, "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Join [a, b, c]}}}
", "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Join ['-', [a, b, c]]}}}
"),
    (Code::FunctionUnknown, "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: {'Fn::Joint': ['-', [a]]}}}}
", "
Transform: MacroOfOurs
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: {'Fn::Joint': ['-', [a]]}}}}
"),
    (Code::SubVariableUnused, "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub ['a ${AWS::Region}', {Name: b}]}}}
", "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub ['a ${Name}', {Name: b}]}}}
"),
    (Code::SubMissing, "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: 'in ${AWS::Region}'}}}
", "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub 'in ${AWS::Region}'}}}
"),
    (Code::SubMissing, "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: 'in ${AWS::Region}'}}}
", "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: 'in ${place}'}}}
"),
    (Code::CircularDependency, "
Resources:
  A: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt B.Arn, maxReceiveCount: 1}}}
  B: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt A.Arn, maxReceiveCount: 1}}}
", "
Resources:
  A: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt B.Arn, maxReceiveCount: 1}}}
  B: {Type: AWS::SQS::Queue}
"),
    (Code::CircularDependency, "
Resources:
  A: {Type: AWS::SNS::Topic, DependsOn: [C]}
  B: {Type: AWS::SNS::Topic, DependsOn: A}
  C: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub '${B.TopicName}'}}
", "
Conditions: {Is: !Equals [!Ref AWS::Region, us-east-1]}
Resources:
  A: {Type: AWS::SNS::Topic, Properties: {DisplayName: !If [Is, !GetAtt B.TopicName, x]}}
  B: {Type: AWS::SNS::Topic, Properties: {DisplayName: !If [Is, x, !GetAtt A.TopicName]}}
"),
    (Code::DependsOnMissing, "
Resources:
  A: {Type: AWS::SNS::Topic, DependsOn: Bb}
  B: {Type: AWS::SNS::Topic}
", "
Resources:
  A: {Type: AWS::SNS::Topic, DependsOn: B}
  B: {Type: AWS::SNS::Topic}
"),
    (Code::FunctionPlace, "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Equals [a, b]}}}
", "
Conditions: {Same: !Equals [a, b]}
Resources: {T: {Type: AWS::SNS::Topic, Condition: Same}}
"),
    (Code::FunctionPlace, "
Resources:
  'Fn::ForEach::Topics':
    - Name
    - [A, B]
    - 'Topic${Name}': {Type: AWS::SNS::Topic}
", "
Transform: AWS::LanguageExtensions
Resources:
  'Fn::ForEach::Topics':
    - Name
    - [A, B]
    - 'Topic${Name}': {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}
Outputs: {A: {Value: !Ref TopicA}}
"),
    (Code::FunctionPlace, "
Resources: {Q: {Type: AWS::SQS::Queue}}
Conditions: {Is: !Equals [!GetAtt Q.Arn, x]}
Outputs: {A: {Condition: Is, Value: x}}
", "
Parameters: {P: {Type: String}}
Resources: {Q: {Type: AWS::SQS::Queue}}
Conditions: {Is: !Equals [!Ref P, x]}
Outputs: {A: {Condition: Is, Value: x}}
"),
    (Code::DynamicReference, "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: '{{resolve:ssm:}}'}}}
", "
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: '{{resolve:ssm:/name:3}} {{resolve:secretsmanager:id:SecretString:key}}'}}}
"),
    (Code::ReferenceConditional, "
Conditions: {Is: !Equals [!Ref AWS::Region, us-east-1]}
Resources: {Q: {Type: AWS::SQS::Queue, Condition: Is}}
Outputs: {Arn: {Value: !GetAtt Q.Arn}}
", "
Conditions: {Is: !Equals [!Ref AWS::Region, us-east-1]}
Resources: {Q: {Type: AWS::SQS::Queue, Condition: Is}}
Outputs: {Arn: {Condition: Is, Value: !GetAtt Q.Arn}, Other: {Value: !If [Is, !GetAtt Q.Arn, none]}}
"),
];
