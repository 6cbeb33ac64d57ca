//! Certificates that are trusted besides the system's.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use sha2::{Digest, Sha256};

use crate::error::{Error, Kind};

/// Certificates of authorities, told apart by what is in them: a file that was read twice makes one
/// pool of connections, and one that has changed another.
#[derive(Clone)]
pub struct Roots {
    certificates: Arc<[CertificateDer<'static>]>,
    digest: [u8; 32],
}

impl Roots {
    /// The certificates in a PEM file.
    ///
    /// # Errors
    ///
    /// [`Kind::Configuration`] naming the option `ca_file`, the file and what is wrong with it.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let pem = std::fs::read(path).map_err(|error| unfit(path, &error.to_string()))?;
        Self::from_pem(&pem).map_err(|why| unfit(path, why))
    }

    /// The certificates in `pem`, at least one.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words.
    pub fn from_pem(pem: &[u8]) -> Result<Self, &'static str> {
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let certificates = read.map_err(|_| "a certificate in it is not whole PEM")?;
        if certificates.is_empty() {
            return Err("it holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
        }
        let (_, unread) =
            RootCertStore::empty().add_parsable_certificates(certificates.iter().cloned());
        if unread > 0 {
            return Err("a certificate in it cannot be read");
        }
        Ok(Self {
            certificates: certificates.into(),
            digest: Sha256::digest(pem).into(),
        })
    }

    pub(super) fn certificates(&self) -> impl Iterator<Item = CertificateDer<'static>> + '_ {
        self.certificates.iter().cloned()
    }
}

impl PartialEq for Roots {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

impl Eq for Roots {}

impl Hash for Roots {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Roots({})", self.certificates.len())
    }
}

fn unfit(path: &Path, why: &str) -> Error {
    let path = path.display();
    let message = format!("ca_file {path} cannot be used: {why}. Name a readable PEM file");
    Error::new(Kind::Configuration, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_does_not_do_is_named_with_the_reason() {
        let folder = std::env::temp_dir();
        for (path, why) in [
            (folder.join("pwb_crm_no_such_file.pem"), "No such file"),
            (folder, "directory"),
            (env!("CARGO_MANIFEST_PATH").into(), "no certificate"),
        ] {
            let error = Roots::from_file(&path).expect_err("no certificates");
            assert_eq!(error.kind, Kind::Configuration);
            for words in ["ca_file", path.to_str().expect("a name"), why] {
                assert!(error.message.contains(words), "{error}");
            }
        }
    }

    #[test]
    fn what_is_no_certificate_is_refused() {
        for (pem, why) in [
            ("", "no certificate"),
            ("no pem", "no certificate"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n", "not whole"),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "cannot be read",
            ),
            (
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                "no certificate",
            ),
        ] {
            let error = Roots::from_pem(pem.as_bytes()).expect_err("no certificate");
            assert!(error.contains(why), "{pem}: {error}");
        }
    }
}
