//! Asks the host's `gpgv` (GnuPG; status lines as in its doc/DETAILS) or `sqv`
//! (Sequoia) whether a message is signed by the Debian archive.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::release::Clearsigned;

/// The keys that the package debian-archive-keyring installs, under the names
/// of its newer and older versions.
const KEYRINGS: [&str; 2] =
    ["/usr/share/keyrings/debian-archive-keyring.pgp", "/usr/share/keyrings/debian-archive-keyring.gpg"];

/// The host's Debian archive keyring, if it has one.
pub fn keyring() -> Option<PathBuf> {
    KEYRINGS.iter().map(PathBuf::from).find(|path| path.is_file())
}

/// Passes if at least one signature is good and none is bad, or says what is
/// wrong. An archive is signed by several keys, of which an older keyring may
/// know only some: one suffices, as it does for apt.
pub fn verify(signed: &Clearsigned, keyring: &Path) -> Result<(), String> {
    let directory = tempfile::tempdir().map_err(|error| format!("no temporary directory: {error}"))?;
    let (message, signature) = (directory.path().join("message"), directory.path().join("signature"));
    for (path, text) in [(&message, &signed.message), (&signature, &signed.signature)] {
        fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    let mut gpgv = Command::new("gpgv");
    gpgv.args(["--status-fd", "1", "--keyring"]).args([keyring, &signature, &message]);
    let mut sqv = Command::new("sqv");
    sqv.arg("--keyring").args([keyring, &signature, &message]);
    if let Some(output) = run(gpgv)? {
        return judge_gpgv(&String::from_utf8_lossy(&output.stdout));
    }
    match run(sqv)? {
        Some(output) if output.status.success() => Ok(()),
        Some(output) => Err(String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ")),
        None => Err("neither gpgv nor sqv is installed to check it".to_owned()),
    }
}

/// The output of a verifier, or none where it is not installed.
fn run(mut command: Command) -> Result<Option<Output>, String> {
    match command.env("LC_ALL", "C").output() {
        Ok(output) => Ok(Some(output)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("cannot run {}: {error}", command.get_program().display())),
    }
}

/// Judges gpgv's status lines. Its exit status would not do: that is a failure
/// as soon as one of several keys is unknown.
fn judge_gpgv(status: &str) -> Result<(), String> {
    let mut good = false;
    let mut good_but_weak = false;
    let mut doubts = Vec::new();
    for line in status.lines().filter_map(|line| line.strip_prefix("[GNUPG:] ")) {
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            (Some("GOODSIG"), _) => good_but_weak = true,
            (Some("VALIDSIG"), _) if good_but_weak => {
                good |= words.nth(6).is_some_and(is_strong);
                good_but_weak = false;
            }
            (Some("BADSIG"), Some(key)) => return Err(format!("the signature of key {key} is bad")),
            (Some("NO_PUBKEY"), Some(key)) => doubts.push(format!("key {key} is not known")),
            (Some("EXPSIG" | "EXPKEYSIG" | "REVKEYSIG"), Some(key)) => {
                doubts.push(format!("the signature or key {key} has expired or was revoked"));
            }
            _ => (),
        }
    }
    match (good, doubts.is_empty()) {
        (true, _) => Ok(()),
        (false, true) => Err("gpgv finds no usable signature".to_owned()),
        (false, false) => Err(doubts.join("; ")),
    }
}

/// Whether a hash algorithm (by its number in RFC 9580, section 9.5) still
/// resists forgery: SHA-256, SHA-384, SHA-512, or a SHA-3.
fn is_strong(algorithm: &str) -> bool {
    ["8", "9", "10", "12", "14"].contains(&algorithm)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Made once with GnuPG 2.2: an Ed25519 key without expiry, whose private
    // half was thrown away, signed InRelease; the other key signed nothing.
    const SIGNED: &[u8] = include_bytes!("../../tests/data/debian/InRelease");
    const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/debian");

    fn check(text: &[u8], keyring: &str) -> Result<(), String> {
        verify(&Clearsigned::split(text).unwrap(), &Path::new(DATA).join(keyring))
    }

    #[test]
    fn a_signature_by_a_known_key_is_accepted() {
        assert_eq!(check(SIGNED, "signer.gpg"), Ok(()));
    }

    #[test]
    fn a_signature_by_an_unknown_key_is_refused() {
        let reason = check(SIGNED, "stranger.gpg").unwrap_err();
        assert!(reason.contains("known") || reason.contains("issing"), "{reason}");
    }

    #[test]
    fn a_changed_message_is_refused() {
        let changed = String::from_utf8_lossy(SIGNED).replace("Codename: trixie", "Codename: trixiE");
        assert!(check(changed.as_bytes(), "signer.gpg").is_err());
    }

    #[test]
    fn a_message_without_signatures_is_refused() {
        let text = b"-----BEGIN PGP SIGNED MESSAGE-----\n\nx\n-----BEGIN PGP SIGNATURE-----\n-----END PGP SIGNATURE-----\n";
        assert!(check(text, "signer.gpg").is_err());
    }

    /// The forms of lines are those of GnuPG's doc/DETAILS.
    fn valid(hash: u8) -> String {
        format!("[GNUPG:] GOODSIG AA Someone\n[GNUPG:] VALIDSIG AAAA 2026-01-01 1 0 4 0 1 {hash} 01 BBBB\n")
    }

    const UNKNOWN: &str = "[GNUPG:] ERRSIG CC 1 8 01 1 9 -\n[GNUPG:] NO_PUBKEY CC\n";

    #[test]
    fn one_good_signature_suffices() {
        assert_eq!(judge_gpgv(&format!("{UNKNOWN}{}", valid(8))), Ok(()));
        assert_eq!(judge_gpgv(UNKNOWN), Err("key CC is not known".to_owned()));
    }

    #[test]
    fn a_bad_signature_spoils_good_ones() {
        let status = format!("{}[GNUPG:] BADSIG CC Someone\n", valid(8));
        assert_eq!(judge_gpgv(&status), Err("the signature of key CC is bad".to_owned()));
    }

    #[test]
    fn weak_hashes_and_expired_keys_do_not_count() {
        assert!(judge_gpgv(&valid(2)).is_err());
        let expired = valid(8).replace("GOODSIG", "EXPKEYSIG");
        assert!(judge_gpgv(&expired).unwrap_err().contains("expired"));
        assert!(judge_gpgv("gpgv: GOODSIG\n").is_err());
    }
}
