//! Kernels compressed with gzip (RFC 1952).

use crate::MachineError;
use crate::config::Image;
use flate2::read::MultiGzDecoder;
use std::io::Read;

/// Whether the file begins as gzip files do (RFC 1952, §2.3.1).
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// The file's contents, which must fit into `ram_bytes`.
pub fn unpack(image: &Image, ram_bytes: u64) -> Result<Vec<u8>, MachineError> {
    let mut bytes = Vec::new();
    let limit = ram_bytes.saturating_add(1);
    MultiGzDecoder::new(&image.bytes[..]).take(limit).read_to_end(&mut bytes).map_err(|error| {
        MachineError::file(&image.name, format!("its gzip data is damaged or cut short ({error})"))
    })?;
    if bytes.len() as u64 > ram_bytes {
        let reason = format!(
            "unpacked it is larger than the guest's {} MiB: give more with --memory",
            ram_bytes >> 20
        );
        return Err(MachineError::file(&image.name, reason));
    }
    if bytes.is_empty() {
        return Err(MachineError::file(&image.name, "unpacked it is empty"));
    }
    Ok(bytes)
}
