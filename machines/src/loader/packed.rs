//! Kernels that are compressed: with gzip (RFC 1952) or Zstandard (RFC 8878), or
//! inside an EFI program that unpacks itself (Linux, drivers/firmware/efi/
//! libstub/zboot-header.S).
//!
//! | offset | bytes | field of such a program               |
//! |--------|-------|---------------------------------------|
//! | 0      | 2     | "MZ"                                  |
//! | 4      | 4     | "zimg"                                |
//! | 8      | 4     | where the packed kernel is            |
//! | 12     | 4     | its size                              |
//! | 24     | 32    | how it is packed, with a NUL          |

use crate::MachineError;
use crate::config::Image;
use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use std::io::Read;

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
/// The longest name of a way of packing, with its NUL.
const KIND_BYTES: usize = 32;

/// The contents of `image`, unpacked if they are packed; they must fit into
/// `ram_bytes`.
pub fn unpack(image: &Image, ram_bytes: u64) -> Result<Bytes, MachineError> {
    let Some(payload) = payload(image)? else { return unpack_file(image, &image.bytes, ram_bytes) };
    match payload.starts_with(GZIP) || payload.starts_with(ZSTD) {
        true => unpack_file(image, payload, ram_bytes),
        false => {
            let kind = &image.bytes[24..24 + KIND_BYTES];
            let kind = String::from_utf8_lossy(kind.split(|c| *c == 0).next().unwrap_or_default());
            let reason = format!("its kernel is packed with {kind}: give the kernel's `Image`");
            Err(MachineError::file(&image.name, reason))
        }
    }
}

/// The packed kernel of an EFI program; `None` if it is no such program.
fn payload(image: &Image) -> Result<Option<&[u8]>, MachineError> {
    let bytes = &image.bytes[..];
    if !bytes.starts_with(b"MZ") || bytes.get(4..8) != Some(b"zimg") || bytes.len() < 24 + KIND_BYTES {
        return Ok(None);
    }
    let word = |at: usize| u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i])) as usize;
    let (start, size) = (word(8), word(12));
    match start.checked_add(size).and_then(|end| bytes.get(start..end)) {
        Some(payload) => Ok(Some(payload)),
        None => Err(MachineError::file(&image.name, "it is cut short, or its header is damaged")),
    }
}

fn unpack_file(image: &Image, packed: &[u8], ram_bytes: u64) -> Result<Bytes, MachineError> {
    let limit = ram_bytes.saturating_add(1);
    let mut bytes = Vec::new();
    let (kind, read) = if packed.starts_with(GZIP) {
        ("gzip", MultiGzDecoder::new(packed).take(limit).read_to_end(&mut bytes))
    } else if packed.starts_with(ZSTD) {
        let decoder = zstd::Decoder::with_buffer(packed);
        ("zstd", decoder.and_then(|decoder| decoder.take(limit).read_to_end(&mut bytes)))
    } else {
        return Ok(image.bytes.slice_ref(packed));
    };
    read.map_err(|error| {
        MachineError::file(&image.name, format!("its {kind} data is damaged or cut short ({error})"))
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
    Ok(bytes.into())
}
