//! A server on this machine that does as it is told.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// One thing to do after a request was read.
#[derive(Clone)]
pub(super) enum Act {
    Write(Vec<u8>),
    Sleep(Duration),
    /// Close in order.
    Close,
    /// Break the connection.
    Reset,
}

/// What the server does, request by request; the last one is repeated.
type Script = VecDeque<Vec<Act>>;

/// A request as it came in.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

#[derive(Default)]
struct State {
    script: Mutex<Script>,
    seen: Mutex<Vec<Seen>>,
    connections: AtomicUsize,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

pub(super) struct Server {
    pub(super) url: String,
    state: Arc<State>,
}

impl Server {
    pub(super) fn start(script: impl IntoIterator<Item = Vec<Act>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(State {
            script: Mutex::new(script.into_iter().collect()),
            ..State::default()
        });
        let shared = state.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = shared.clone();
                state.connections.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || serve(&stream, &state));
            }
        });
        Self { url, state }
    }

    /// Always the same answer.
    pub(super) fn answering(answer: Vec<u8>) -> Self {
        Self::start([vec![Act::Write(answer)]])
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().expect("no panic").clone()
    }

    pub(super) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    pub(super) fn most_at_once(&self) -> usize {
        self.state.most_at_once.load(Ordering::SeqCst)
    }
}

fn serve(stream: &TcpStream, state: &State) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader) {
        state.seen.lock().expect("no panic").push(request);
        let now = state.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        state.most_at_once.fetch_max(now, Ordering::SeqCst);
        let mut acts = next(state);
        let last = acts.pop().unwrap_or(Act::Close);
        let open = acts.into_iter().all(|act| perform(act, stream));
        // Before the last act: with its answer in hand the client goes on at once.
        state.at_once.fetch_sub(1, Ordering::SeqCst);
        if !(open && perform(last, stream)) {
            return;
        }
    }
}

fn next(state: &State) -> Vec<Act> {
    let mut script = state.script.lock().expect("no panic");
    match script.len() {
        1 => script[0].clone(),
        _ => script.pop_front().unwrap_or_default(),
    }
}

/// False when the connection is over.
fn perform(act: Act, mut stream: &TcpStream) -> bool {
    match act {
        Act::Write(bytes) => stream.write_all(&bytes).is_ok(),
        Act::Sleep(time) => {
            thread::sleep(time);
            true
        }
        Act::Close => {
            let _ = stream.shutdown(Shutdown::Both);
            false
        }
        Act::Reset => {
            let _ = socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO));
            false
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<Seen> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        (reader.read_line(&mut head).ok()? > 0).then_some(())?;
    }
    let head = head.to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().expect("a length"))];
    reader.read_exact(&mut body).ok()?;
    Some(Seen { head, body })
}

/// A whole answer.
pub(super) fn answer(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}
