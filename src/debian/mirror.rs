//! Fetches files of a Debian mirror by HTTP, HTTPS or from a directory.

use std::env;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::PathBuf;
use std::time::Duration;

use ureq::tls::{PemItem, RootCerts, TlsConfig};

use super::error::Error;
use super::progress::Progress;
use super::proxy;

/// How long a mirror may take to accept a connection, and to begin its answer.
const ANSWER: Duration = Duration::from_secs(30);
/// How long a transfer may stand still.
const STALL: Duration = Duration::from_secs(60);
/// Debian's bundle of the certificate authorities that the host trusts.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// A mirror of the Debian archive.
pub struct Mirror {
    base: String,
    transport: Transport,
}

enum Transport {
    Web(ureq::Agent),
    Directory(PathBuf),
}

impl Mirror {
    /// The mirror at `url`, an `http:`, `https:` or `file:` address of the
    /// directory that holds `dists` and `pool`. Nothing is asked of it yet.
    pub fn new(url: &str) -> Result<Self, Error> {
        let base = url.trim_end_matches('/').to_owned();
        let transport = match base.split_once(':') {
            Some(("http" | "https", rest)) if rest.starts_with("//") => Transport::Web(agent(&base)?),
            Some(("file", path)) => Transport::Directory(directory(url, path)?),
            _ => return Err(unusable(url, "it is no http, https or file address")),
        };
        Ok(Self { base, transport })
    }

    /// The address of the file at `path` below the mirror.
    pub fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    /// Copies the file at `path` below the mirror into `sink` and returns its
    /// length, which may not exceed `limit_bytes`. The outer result is the
    /// mirror's fault, the inner one the sink's.
    pub fn fetch(
        &self,
        path: &str,
        limit_bytes: u64,
        sink: &mut dyn Write,
        progress: &mut dyn Progress,
    ) -> Result<io::Result<u64>, Error> {
        let url = self.url(path);
        let mut body = self.open(&url, path)?;
        let mut buffer = vec![0; 64 << 10];
        let mut total_bytes = 0;
        loop {
            let bytes = match body.read(&mut buffer) {
                Ok(0) => return Ok(Ok(total_bytes)),
                Ok(bytes) => bytes,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(broken(url, &error)),
            };
            total_bytes += bytes as u64;
            if total_bytes > limit_bytes {
                return Err(Error::TooLong { url, limit_bytes });
            }
            if let Err(error) = sink.write_all(&buffer[..bytes]) {
                return Ok(Err(error));
            }
            progress.advance(bytes as u64);
        }
    }

    fn open(&self, url: &str, path: &str) -> Result<Box<dyn Read>, Error> {
        match &self.transport {
            Transport::Web(agent) => {
                let response = agent.get(url).call().map_err(|error| web_error(url, &error))?;
                Ok(Box::new(response.into_body().into_reader()))
            }
            Transport::Directory(directory) => match File::open(directory.join(path)) {
                Ok(file) => Ok(Box::new(file)),
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    Err(Error::NotFound { url: url.to_owned() })
                }
                Err(error) => Err(broken(url.to_owned(), &error)),
            },
        }
    }
}

/// The directory of a `file:` address, which apt also accepts without slashes.
fn directory(url: &str, path: &str) -> Result<PathBuf, Error> {
    let path = PathBuf::from(path.strip_prefix("//").unwrap_or(path));
    if !path.is_absolute() {
        return Err(unusable(url, "a file address needs an absolute path, as in file:///srv/debian"));
    }
    if !path.is_dir() {
        return Err(unusable(url, "there is no such directory"));
    }
    Ok(path)
}

fn agent(base: &str) -> Result<ureq::Agent, Error> {
    let proxy = proxy::for_url(base, |name| env::var(name).ok());
    let proxy = proxy.map(|proxy| {
        let reason = format!("the environment names the proxy {proxy:?}, which is not understood");
        ureq::Proxy::new(&proxy).map_err(|_| unusable(base, &reason))
    });
    let config = ureq::Agent::config_builder()
        .proxy(proxy.transpose()?)
        .tls_config(TlsConfig::builder().root_certs(authorities(base)).build())
        .user_agent(concat!("mynah/", env!("CARGO_PKG_VERSION")))
        .timeout_resolve(Some(ANSWER))
        .timeout_connect(Some(ANSWER))
        .timeout_recv_response(Some(ANSWER))
        .timeout_per_read(Some(STALL))
        .build();
    Ok(config.new_agent())
}

/// Whom to believe about an HTTPS mirror: the host's own authorities, so that
/// a mirror inside a company works as it does for apt; else Mozilla's.
fn authorities(base: &str) -> RootCerts {
    let bundle = if base.starts_with("https:") { fs::read(AUTHORITIES).ok() } else { None };
    let items = bundle.iter().flat_map(|pem| ureq::tls::parse_pem(pem)).flatten();
    let certificates: Vec<_> = items
        .filter_map(|item| match item {
            PemItem::Certificate(certificate) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() { RootCerts::WebPki } else { RootCerts::new_with_certs(&certificates) }
}

fn unusable(url: &str, reason: &str) -> Error {
    Error::Mirror { url: url.to_owned(), reason: reason.to_owned() }
}

fn web_error(url: &str, error: &ureq::Error) -> Error {
    let url = url.to_owned();
    let remedy = match error {
        ureq::Error::StatusCode(404 | 410) => return Error::NotFound { url },
        // ureq asks every proxy for a tunnel; many allow them for HTTPS only.
        ureq::Error::ConnectProxyFailed(_) => {
            "if the proxy allows no tunnel to port 80, try --mirror https://deb.debian.org/debian"
        }
        _ => REMEDY,
    };
    Error::Fetch { url, reason: error.to_string(), remedy }
}

fn broken(url: String, error: &io::Error) -> Error {
    Error::Fetch { url, reason: error.to_string(), remedy: REMEDY }
}

const REMEDY: &str = "check the network and the http_proxy variable, or choose another mirror with --mirror";

#[cfg(test)]
mod tests {
    use super::super::progress::Silent;
    use super::*;

    #[test]
    fn only_absolute_web_and_file_addresses_are_mirrors() {
        for url in ["", "debian", "ftp://x/debian", "http:x", "file:debian", "file:///nonexistent/debian"] {
            assert!(matches!(Mirror::new(url), Err(Error::Mirror { .. })), "{url}");
        }
        assert_eq!(Mirror::new("http://x/debian//").unwrap().url("dists"), "http://x/debian/dists");
    }

    #[test]
    fn a_directory_serves_its_files() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("file"), "content").unwrap();
        let mirror = Mirror::new(&format!("file:{}/", directory.path().display())).unwrap();
        let fetch = |path, limit| {
            let mut sink = Vec::new();
            mirror.fetch(path, limit, &mut sink, &mut Silent).map(|bytes| (bytes.unwrap(), sink))
        };
        assert_eq!(fetch("file", 7).unwrap(), (7, b"content".to_vec()));
        assert!(matches!(fetch("file", 6), Err(Error::TooLong { limit_bytes: 6, .. })));
        assert!(matches!(fetch("other", 6), Err(Error::NotFound { .. })));
    }

    #[test]
    fn a_closed_port_counts_as_unreachable() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/debian", listener.local_addr().unwrap());
        drop(listener);
        let error = Mirror::new(&url).unwrap().fetch("x", 1, &mut Vec::new(), &mut Silent).unwrap_err();
        assert!(error.is_unreachable(), "{error}");
        assert!(error.to_string().contains(&url), "{error}");
    }
}
