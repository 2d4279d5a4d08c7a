#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::*;

fn event(path: &str, stage: &str, body: Option<&str>, is_base64: bool) -> ApiGatewayV2httpRequest {
    let event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "from=2020-01-01&x=a%20b",
        "headers": {"Content-Type": "text/plain", "x-several": "a,b"},
        "requestContext": {
            "accountId": "1", "apiId": "api", "domainName": "d", "domainPrefix": "d", "requestId": "r",
            "routeKey": "$default", "stage": stage, "time": "t", "timeEpoch": 0,
            "http": {"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "1", "userAgent": "u"},
        },
        "body": body,
        "isBase64Encoded": is_base64,
    });
    serde_json::from_value(event).unwrap()
}

#[test]
fn a_request_is_as_it_was_sent() {
    let request = Request::of(event("/data", "$default", Some("text"), false)).unwrap();
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/data"));
    assert_eq!((request.query.as_str(), request.body.as_slice()), ("from=2020-01-01&x=a%20b", &b"text"[..]));
    assert_eq!((request.header("content-type"), request.header("x-several")), (Some("text/plain"), Some("a,b")));
    assert_eq!(request.header("if-none-match"), None);
    assert_eq!(Request::of(event("/data", "$default", None, false)).unwrap().body, b"");
}

#[test]
fn a_body_may_be_base64() {
    assert_eq!(Request::of(event("/", "$default", Some("/wD+"), true)).unwrap().body, [0xFF, 0x00, 0xFE]);
    assert_eq!(Request::of(event("/", "$default", Some("no base64!"), true)), Err(UnreadableBody));
}

#[test]
fn the_stage_is_no_part_of_the_path() {
    for (path, stage, expected) in [
        ("/live/data", "live", "/data"),
        ("/live", "live", ""),
        ("/lively", "live", "/lively"),
        ("/data", "live", "/data"),
        ("/$default/data", "$default", "/$default/data"),
    ] {
        assert_eq!(Request::of(event(path, stage, None, false)).unwrap().path, expected, "{path} {stage}");
    }
}

#[test]
fn an_answer_says_when_its_body_is_base64() {
    let sent = |body: &[u8]| -> Value {
        let headers = [("content-type", "text/csv"), ("set-cookie", "a"), ("bad name", "x"), ("x-bad", "a\nb")];
        serde_json::to_value(answer(201, headers, body.to_vec())).unwrap()
    };
    let text = sent("grün".as_bytes());
    assert_eq!(
        (&text["statusCode"], &text["isBase64Encoded"], &text["body"]),
        (&json!(201), &json!(false), &json!("grün"))
    );
    assert_eq!(text["headers"], json!({"content-type": "text/csv", "set-cookie": "a"}));
    let binary = sent(&[0xFF, 0x00, 0xFE]);
    assert_eq!((&binary["isBase64Encoded"], &binary["body"]), (&json!(true), &json!("/wD+")));
}
