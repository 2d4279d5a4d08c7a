//! A proxy between the engine and the local AWS that does to one call what networks and services do to calls.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What is done to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The connection ends before the service hears of it.
    LostRequest,
    /// The service does it, and its answer is lost.
    LostAnswer,
    /// The service does it, and half of its answer comes.
    Truncated,
    /// The answer takes its time.
    Delayed,
    /// The service does it, and its answer never comes, though the connection stays.
    Hanging,
    /// The service hears it twice, and the second answer comes.
    Duplicated,
    /// The service says that it is asked too often.
    Throttled,
    /// Something before the service says that it is not there.
    Unavailable,
    /// From this call on, the credentials are no longer good.
    Expired,
}

/// A proxy that runs until the process ends.
pub(crate) struct Proxy {
    pub(crate) endpoint: String,
    state: Arc<State>,
}

struct State {
    upstream: u16,
    fault: Fault,
    /// The number of the call that it is done to; none: to none.
    at: Option<usize>,
    calls: AtomicUsize,
    /// What was asked for by the call that it was done to.
    hit: Mutex<Option<String>>,
    /// The bodies of the calls of query services.
    queries: Mutex<Vec<String>>,
}

/// A call as it came in.
struct Call {
    head: Vec<u8>,
    body: Vec<u8>,
}

impl Proxy {
    /// A proxy before the server at the port `upstream` that does `fault` to the call number `at`, the first being 0.
    pub(crate) fn start(upstream: u16, fault: Fault, at: Option<usize>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State {
            upstream,
            fault,
            at,
            calls: AtomicUsize::new(0),
            hit: Mutex::new(None),
            queries: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                // A client that goes away is no matter of the proxy.
                thread::spawn(move || drop(state.serve(&client)));
            }
        });
        Self { endpoint, state }
    }

    /// How many calls there were.
    pub(crate) fn calls(&self) -> usize {
        self.state.calls.load(Ordering::Relaxed)
    }

    /// What was asked for by the first call of `action`, as it was sent.
    pub(crate) fn query(&self, action: &str) -> Option<String> {
        let begin = format!("Action={action}&");
        self.state.queries.lock().unwrap().iter().find(|query| query.starts_with(&begin)).cloned()
    }

    /// What the call asked for that the fault was done to; none when there were fewer calls.
    pub(crate) fn hit(&self) -> Option<String> {
        self.state.hit.lock().unwrap().clone()
    }
}

impl State {
    /// Answers the calls of a connection, one after the other.
    fn serve(&self, client: &TcpStream) -> io::Result<()> {
        let mut input = BufReader::new(client.try_clone()?);
        while let Some(call) = Call::read(&mut input)? {
            if call.is_query() {
                self.queries.lock().unwrap().push(String::from_utf8_lossy(&call.body).into_owned());
            }
            let number = self.calls.fetch_add(1, Ordering::Relaxed);
            let is_hit = match self.fault {
                Fault::Expired => self.at.is_some_and(|at| number >= at),
                _ => self.at == Some(number),
            };
            if is_hit {
                self.hit.lock().unwrap().get_or_insert_with(|| call.asks_for());
                self.spoil(&call, client)?;
                return client.shutdown(Shutdown::Both);
            }
            (&*client).write_all(&self.forward(&call)?)?;
        }
        Ok(())
    }

    fn spoil(&self, call: &Call, mut client: &TcpStream) -> io::Result<()> {
        match self.fault {
            Fault::LostRequest => Ok(()),
            Fault::LostAnswer => self.forward(call).map(drop),
            Fault::Truncated => {
                let answer = self.forward(call)?;
                let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").map_or(0, |at| at + 4);
                client.write_all(&answer[..head + (answer.len() - head) / 2])
            }
            Fault::Delayed => {
                thread::sleep(Duration::from_millis(700));
                client.write_all(&self.forward(call)?)
            }
            Fault::Hanging => {
                self.forward(call)?;
                // Until the client goes away.
                io::copy(&mut client, &mut io::sink()).map(drop)
            }
            Fault::Duplicated => {
                self.forward(call)?;
                client.write_all(&self.forward(call)?)
            }
            Fault::Throttled if call.is_query() => client.write_all(&error(400, "Throttling", "Rate exceeded")),
            Fault::Throttled => client.write_all(&error(503, "SlowDown", "Please reduce your request rate.")),
            Fault::Unavailable => {
                client.write_all(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            }
            Fault::Expired => {
                let text = "The security token included in the request is expired";
                client.write_all(&error(if call.is_query() { 403 } else { 400 }, "ExpiredToken", text))
            }
        }
    }

    /// The answer of the server, whole.
    fn forward(&self, call: &Call) -> io::Result<Vec<u8>> {
        let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, self.upstream))?;
        server.write_all(&call.head)?;
        server.write_all(&call.body)?;
        let mut input = BufReader::new(server);
        let (mut answer, body) = read_head(&mut input)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        if !call.head.starts_with(b"HEAD ") {
            answer.extend(body.read(&mut input)?);
        }
        Ok(answer)
    }
}

impl Call {
    fn read(input: &mut impl BufRead) -> io::Result<Option<Self>> {
        let Some((head, body)) = read_head(input)? else { return Ok(None) };
        Ok(Some(Self { head, body: body.read(input)? }))
    }

    /// Whether it is of a service of the query protocol: CloudFormation, STS.
    fn is_query(&self) -> bool {
        self.body.windows(7).any(|bytes| bytes == b"Action=")
    }

    /// The action, or the method and the path.
    fn asks_for(&self) -> String {
        let first = if self.is_query() {
            self.body.split(|byte| *byte == b'&').next()
        } else {
            self.head.split(|byte| *byte == b'\r').next()
        };
        String::from_utf8_lossy(first.unwrap_or_default()).into_owned()
    }
}

/// How the end of a body is told.
enum Body {
    Length(usize),
    Chunks,
}

impl Body {
    /// The bytes of the body as they came.
    fn read(self, input: &mut impl BufRead) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        match self {
            Self::Length(length) => {
                body.resize(length, 0);
                input.read_exact(&mut body)?;
            }
            Self::Chunks => loop {
                let begin = body.len();
                input.read_until(b'\n', &mut body)?;
                let size = std::str::from_utf8(&body[begin..]).map_err(|_| io::ErrorKind::InvalidData)?;
                let size = usize::from_str_radix(size.trim(), 16).map_err(|_| io::ErrorKind::InvalidData)?;
                let end = body.len();
                body.resize(end + size + 2, 0);
                input.read_exact(&mut body[end..])?;
                if size == 0 {
                    break;
                }
            },
        }
        Ok(body)
    }
}

/// The first line and the headers of a call or an answer, and what its body is; none at the end of the stream.
fn read_head(input: &mut impl BufRead) -> io::Result<Option<(Vec<u8>, Body)>> {
    let mut head = Vec::new();
    let mut body = Body::Length(0);
    loop {
        let begin = head.len();
        if input.read_until(b'\n', &mut head)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&head[begin..]).to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            body = Body::Length(value.trim().parse().map_err(|_| io::ErrorKind::InvalidData)?);
        } else if line.starts_with("transfer-encoding:") {
            body = Body::Chunks;
        } else if line == "\r\n" {
            return Ok(Some((head, body)));
        }
    }
}

fn error(status: u16, code: &str, message: &str) -> Vec<u8> {
    let body = format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
         <RequestId>1</RequestId></ErrorResponse>"
    );
    // S3 has the error at the top.
    let body = if status == 503 || code == "ExpiredToken" && status == 400 {
        format!("<Error><Code>{code}</Code><Message>{message}</Message><RequestId>1</RequestId></Error>")
    } else {
        body
    };
    let head = format!(
        "HTTP/1.1 {status} Error\r\nContent-Type: text/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body.into_bytes()].concat()
}
