//! A server on this machine with TLS and HTTP/2 and a certificate of its own.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pwb_crm_core::transport::{Policy, Roots};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::local;

pub(super) type Talk = Pin<Box<dyn Future<Output = ()> + Send>>;
pub(super) type Stream = tokio_rustls::server::TlsStream<TcpStream>;

/// A name that its certificate holds, too, for who looks it up elsewhere than in the DNS.
pub(super) const PUBLIC: &str = "hooks.example.com";

/// An authority and a server certificate signed by it.
pub(super) struct Certificates {
    pub(super) roots: Roots,
    acceptor: TlsAcceptor,
}

pub(super) fn certificates() -> Certificates {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key"));
    let authority = authority.expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let names = ["127.0.0.1", PUBLIC].map(str::to_owned);
    let server = CertificateParams::new(names).expect("names");
    let server = server.signed_by(&key, &authority).expect("a certificate");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![server.der().clone()], key)
        .expect("a certificate");
    config.alpn_protocols = vec![b"h2".to_vec()];
    Certificates {
        roots: Roots::from_pem(authority.pem().as_bytes()).expect("certificates"),
        acceptor: TlsAcceptor::from(Arc::new(config)),
    }
}

/// An HTTP/2 server that lets `talk` have each connection.
pub(super) struct Server {
    pub(super) url: String,
    pub(super) policy: Policy,
    pub(super) connections: Arc<AtomicUsize>,
}

pub(super) async fn serve(talk: fn(Stream) -> Talk) -> Server {
    let certificates = certificates();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    let connections = Arc::new(AtomicUsize::new(0));
    let (acceptor, count) = (certificates.acceptor, connections.clone());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(stream) = acceptor.accept(stream).await else {
                continue;
            };
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(talk(stream));
        }
    });
    let policy = Policy {
        roots: Some(certificates.roots),
        ..local()
    };
    Server {
        url,
        policy,
        connections,
    }
}
