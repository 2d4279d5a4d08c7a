//! The two requests that the server is sent without the AWS SDK.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use super::LocalError;

/// Whether the server on `port` takes requests.
pub(super) fn is_ready(port: u16) -> bool {
    request(port, "GET", "/_ministack/ready", Duration::from_secs(2)).is_ok_and(|status| status == 200)
}

/// Removes all that was made in the server on `port`.
pub(super) fn reset(port: u16) -> Result<(), LocalError> {
    match request(port, "POST", "/_ministack/reset", Duration::from_mins(1)) {
        Ok(200) => Ok(()),
        Ok(status) => Err(LocalError::new(format!("the local AWS answered {status} when it was told to reset"))),
        Err(cause) => Err(LocalError::new("the local AWS did not answer when it was told to reset").cause(cause)),
    }
}

/// Sends a request without a body and gives the status of the answer.
fn request(port: u16, method: &str, path: &str, timeout: Duration) -> io::Result<u16> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, timeout)?;
    stream.set_read_timeout(Some(timeout))?;
    stream.set_write_timeout(Some(timeout))?;
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")?;
    // The status stands in the first line; the rest may be of any length.
    let mut answer = Vec::new();
    stream.take(4_096).read_to_end(&mut answer)?;
    status_of(&answer).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the answer is not HTTP"))
}

fn status_of(answer: &[u8]) -> Option<u16> {
    let line = answer.split(|byte| *byte == b'\r').next()?;
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.strip_prefix("HTTP/1.")?.split(' ');
    words.nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_the_second_word_of_the_first_line() {
        assert_eq!(status_of(b"HTTP/1.1 200 OK\r\nX: 1\r\n\r\n"), Some(200));
        assert_eq!(status_of(b"HTTP/1.0 503\r\n\r\n"), Some(503));
        for not_http in [&b""[..], b"SSH-2.0-x\r\n", b"HTTP/1.1\r\n", b"HTTP/1.1 no\r\n", &[0xff, 0xfe]] {
            assert_eq!(status_of(not_http), None);
        }
    }
}
