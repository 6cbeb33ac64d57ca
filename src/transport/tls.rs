//! Whom to trust over TLS.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;

use crate::error::{Error, Kind};

/// The certificates a connection is checked against.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Trust {
    /// None at all, for plain HTTP: it works on a machine without any certificate.
    Nobody,
    /// The system's.
    System,
    /// The system's and these (PEM).
    Extra(Arc<str>),
}

/// The TLS settings for `trust`. Nothing is taken from the process-wide default provider, which
/// another library may have chosen.
pub(super) fn config(trust: &Trust) -> Result<ClientConfig, Error> {
    let provider = Arc::new(provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
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

fn provider() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}

fn verifier(trust: &Trust, provider: Arc<CryptoProvider>) -> Result<Option<Verifier>, Error> {
    let verifier = match trust {
        Trust::Nobody => return Ok(None),
        Trust::System => Verifier::new(provider),
        Trust::Extra(pem) => Verifier::new_with_extra_roots(certificates(pem)?, provider),
    };
    verifier.map(Some).map_err(|error| no_certificates(&error))
}

fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    match read {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(Error::new(
            Kind::Configuration,
            "the extra certificates hold no certificate in PEM form (-----BEGIN CERTIFICATE-----)",
        )),
    }
}

fn no_certificates(error: &rustls::Error) -> Error {
    Error::new(
        Kind::Configuration,
        format!(
            "no certificates to check HTTPS with: install the package ca-certificates, or point \
             SSL_CERT_FILE at a PEM file ({error})"
        ),
    )
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
    fn extra_certificates_that_are_none_are_refused() {
        for pem in ["", "no pem", "-----BEGIN CERTIFICATE-----\nAAAA\n"] {
            let error = config(&Trust::Extra(pem.into())).expect_err("no certificate");
            assert_eq!(error.kind, Kind::Configuration);
            assert!(error.message.contains("PEM"), "{error}");
        }
    }

    #[test]
    fn a_machine_without_certificates_is_told_what_to_install() {
        let error = no_certificates(&rustls::Error::General("none".to_owned()));
        assert!(error.message.contains("SSL_CERT_FILE"));
        assert!(error.message.contains("ca-certificates"));
    }
}
