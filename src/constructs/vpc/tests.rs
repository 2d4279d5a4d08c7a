use super::*;
use crate::constructs::testing::{problems_of, template_of};
use stackgen_resources::typed::int;

#[test]
fn a_network_for_workers_has_public_subnets_and_endpoints_only() {
    let template = template_of(|stack| {
        let network = Vpc::new(ipv4_block!("10.0.0.0/16"))
            .gateway_endpoint(GatewayService::S3)
            .gateway_endpoint(GatewayService::DynamoDb);
        let network = stack.add("Network", network);
        assert_eq!(network.public_subnet_ids().len(), 2);
        assert!(network.private_subnets().is_empty());
    });
    for costly in ["NatGateway", "AWS::EC2::EIP", "Interface", "Private"] {
        assert!(!template.contains(costly), "{costly} in {template}");
    }
    assert_eq!(template.matches("\"VpcEndpointType\": \"Gateway\"").count(), 2);
    insta::assert_snapshot!(template);
}

#[test]
fn a_network_with_everything() {
    let template = template_of(|stack| {
        let network = Vpc::new(ipv4_block!("10.1.0.0/20"))
            .zones(int::<3>())
            .private_subnets(PrivateEgress::SharedNat)
            .gateway_endpoint(GatewayService::S3)
            .interface_endpoint("ecr.api")
            .interface_endpoint("secretsmanager")
            .flow_logs(FlowTraffic::Rejected)
            .raw("InstanceTenancy", "default");
        stack.add("Network", network);
    });
    assert_eq!(template.matches("AWS::EC2::NatGateway").count(), 1);
    // Gateways of services are reached from the public subnets' table and from that of each private one.
    let compact: String = template.split_whitespace().collect();
    let tables = ["NetworkPublicRoutes", "NetworkPrivate1Routes", "NetworkPrivate2Routes", "NetworkPrivate3Routes"]
        .map(|table| format!(r#"{{"Ref":"{table}"}}"#));
    assert!(compact.contains(&format!(r#""RouteTableIds":[{}]"#, tables.join(","))), "{compact}");
    insta::assert_snapshot!(template);
}

#[test]
fn a_gateway_in_each_zone() {
    let template = template_of(|stack| {
        stack.add("Network", Vpc::new(ipv4_block!("10.0.0.0/24")).private_subnets(PrivateEgress::NatPerZone));
    });
    assert_eq!(template.matches("AWS::EC2::NatGateway").count(), 2);
    assert_eq!(template.matches("AWS::EC2::EIP").count(), 2);
    assert!(template.contains("10.0.0.128/28"), "{template}");
}

#[test]
fn a_zone_more_renumbers_no_subnet() {
    let blocks = |zones: u8| {
        let template = template_of(|stack| {
            let zones = ZoneCount::try_from(zones).expect("two or three zones");
            stack
                .add("Network", Vpc::new(ipv4_block!("10.0.0.0/16")).zones(zones).private_subnets(PrivateEgress::None));
        });
        let lines = template.lines().filter(|line| line.contains("CidrBlock\": \"10.0.") && !line.contains("/16"));
        lines.map(|line| line.trim().to_owned()).collect::<Vec<_>>()
    };
    let (two, three) = (blocks(2), blocks(3));
    assert_eq!((two.len(), three.len()), (4, 6));
    assert!(two.iter().all(|block| three.contains(block)));
}

#[test]
fn blocks_that_cannot_be_divided_are_reported() {
    let problems = problems_of(|stack| {
        stack.add("Network", Vpc::new(ipv4_block!("10.0.0.0/26")));
    });
    assert!(problems.contains(&"a network cannot have the addresses of `10.0.0.0/26`".to_owned()), "{problems:?}");
    assert!(ZoneCount::try_from(7).is_err());
}
