//! Whom to trust over TLS, and who does the cryptography.

use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls::version::{TLS12, TLS13};
use rustls_platform_verifier::Verifier;

use super::policy::Policy;
use super::roots::Roots;
use crate::error::{Error, Kind};

#[cfg(feature = "tls-aws-lc")]
use rustls::crypto::aws_lc_rs::default_provider;
#[cfg(feature = "tls-ring")]
use rustls::crypto::ring::default_provider;

#[cfg(all(feature = "tls-ring", feature = "tls-aws-lc"))]
compile_error!("one TLS provider: take tls-aws-lc with --no-default-features");
#[cfg(not(any(feature = "tls-ring", feature = "tls-aws-lc")))]
compile_error!("no TLS provider: take the feature tls-ring or tls-aws-lc");

/// Who does the cryptography of TLS: `ring` or `aws-lc`, chosen when this is built.
pub const PROVIDER: &str = if cfg!(feature = "tls-ring") {
    "ring"
} else {
    "aws-lc"
};

/// The certificates a connection is checked against.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Trust {
    /// None at all, for plain HTTP: it works on a machine without any certificate.
    Nobody,
    /// The system's, or those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name in their place.
    System,
    /// The system's and these.
    Extra(Roots),
}

/// The TLS settings for `trust`, with TLS 1.2 as the floor. Nothing is taken from the process-wide
/// default provider, which another library may have chosen.
pub(super) fn config(trust: &Trust) -> Result<ClientConfig, Error> {
    let provider = Arc::new(default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(|error| no_tls(&error))?;
    let mut config = match verifier(trust, provider)? {
        None => builder.with_root_certificates(rustls::RootCertStore::empty()),
        Some(verifier) => builder
            .dangerous() // the name of the door; the verifier behind it is the platform's own
            .with_custom_certificate_verifier(Arc::new(verifier)),
    }
    .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Whether there is anything to check the certificate of a remote against.
///
/// # Errors
///
/// [`Kind::Configuration`] with the cure, the error that each request would meet.
pub fn check_trust(policy: &Policy) -> Result<(), Error> {
    let trust = policy.roots.clone().map_or(Trust::System, Trust::Extra);
    config(&trust).map(drop)
}

fn verifier(trust: &Trust, provider: Arc<CryptoProvider>) -> Result<Option<Verifier>, Error> {
    let verifier = match trust {
        Trust::Nobody => return Ok(None),
        Trust::System => Verifier::new(provider),
        Trust::Extra(roots) => Verifier::new_with_extra_roots(roots.certificates(), provider),
    };
    verifier.map(Some).map_err(|error| no_certificates(&error))
}

fn no_certificates(error: &rustls::Error) -> Error {
    let cause = misnamed().unwrap_or_else(|| error.to_string());
    Error::new(
        Kind::Configuration,
        format!(
            "no certificates to check HTTPS with: install the package ca-certificates, or name a PEM \
             file with SSL_CERT_FILE or the setting ca_file ({cause})"
        ),
    )
}

/// What is wrong with the file that the environment names in place of the system's.
fn misnamed() -> Option<String> {
    let path = std::env::var_os("SSL_CERT_FILE")?;
    let path = Path::new(&path);
    let why = match std::fs::read(path) {
        Ok(pem) => Roots::from_pem(&pem).err()?.to_owned(),
        Err(error) => error.to_string(),
    };
    Some(format!("SSL_CERT_FILE names {}: {why}", path.display()))
}

fn no_tls(error: &rustls::Error) -> Error {
    Error::new(Kind::Internal, format!("TLS could not be set up: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_needs_no_certificates() {
        assert!(config(&Trust::Nobody).is_ok());
    }

    #[test]
    fn trust_is_checked_as_a_request_would() {
        let system = config(&Trust::System).map(drop);
        assert_eq!(check_trust(&Policy::default()), system);
    }

    #[test]
    fn one_provider_is_named() {
        assert_eq!(PROVIDER == "ring", cfg!(feature = "tls-ring"));
    }
}
