//! HTTP/1.1 with keep-alive.

use std::convert::Infallible;
use std::error::Error;
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::options::Options;
use crate::state::State;
use crate::{routes, tls};

type Shared = Arc<Mutex<State>>;

/// Prints its addresses, then serves until the process ends.
pub(crate) async fn listen(options: &Options) -> Result<(), Box<dyn Error>> {
    let state = Arc::new(Mutex::new(State::new(options.latency, options.canned)));
    let plain = open("http").await?;
    if let Some(file) = &options.authority {
        let acceptor = tls::acceptor(file)?;
        tokio::spawn(secured(open("https").await?, acceptor, Arc::clone(&state)));
    }
    loop {
        let stream = accept(&plain).await?;
        tokio::spawn(converse(stream, Arc::clone(&state)));
    }
}

async fn secured(listener: TcpListener, acceptor: TlsAcceptor, state: Shared) {
    while let Ok(stream) = accept(&listener).await {
        let (acceptor, state) = (acceptor.clone(), Arc::clone(&state));
        tokio::spawn(async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                converse(stream, state).await;
            }
        });
    }
}

async fn open(scheme: &str) -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{scheme}://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    Ok(listener)
}

async fn accept(listener: &TcpListener) -> std::io::Result<TcpStream> {
    let (stream, _) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin, state: Shared) {
    let service = service_fn(move |request| answer(request, Arc::clone(&state)));
    // A client that goes away is no fault of ours.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(
    request: Request<Incoming>,
    state: Shared,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return Ok(response(400, "{}".into())),
    };
    let latency = lock(&state).latency;
    let (status, text) = routes::answer(&head, &body, &mut lock(&state));
    if !latency.is_zero() && !routes::is_control(&head) {
        tokio::time::sleep(latency).await;
    }
    Ok(response(status, text))
}

fn lock(state: &Shared) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn response(status: u16, text: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(text));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    response
        .headers_mut()
        .insert(CONTENT_TYPE, routes::content_type());
    response
}
