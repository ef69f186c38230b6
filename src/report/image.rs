//! Images of a story, held by the page itself: nothing is asked for from elsewhere, and no file from elsewhere is read.

use crate::diagnostic::{Diagnostic, story};
use crate::span::Span;
use std::path::{Component, Path};

/// The largest image that a page takes in, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The `data:` address of an image that a story names, read from the story's folder.
///
/// # Errors
/// When it is elsewhere, too large, or no image.
pub fn held(address: &str, folder: &Path, span: Span) -> Result<String, Diagnostic> {
    let refuse = |why: &str| story::no_image(span, address, why);
    if address.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
        return if is_image_data(address) {
            Ok(address.to_string())
        } else {
            Err(story::no_image(span, "in the data: address", "it is no image in Base64"))
        };
    }
    if address.contains("://") || address.starts_with("//") {
        return Err(refuse("it lies elsewhere, and a page asks for nothing from elsewhere"));
    }
    let path = Path::new(address);
    if path.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir)) {
        return Err(refuse("it does not lie in the story's folder"));
    }
    let bytes = read(folder, path).map_err(|why| refuse(&why))?;
    let kind = kind(&bytes).ok_or_else(|| refuse("it is no image that is known"))?;
    Ok(format!("data:{kind};base64,{}", base64(&bytes)))
}

fn read(folder: &Path, path: &Path) -> Result<Vec<u8>, String> {
    let reason = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_string(),
        _ => crate::store::reason(&error),
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let whole = std::fs::canonicalize(folder.join(path)).map_err(reason)?;
    // A link could lead out of the folder.
    if !whole.starts_with(std::fs::canonicalize(folder).map_err(reason)?) {
        return Err("it does not lie in the story's folder".to_string());
    }
    let about = std::fs::metadata(&whole).map_err(reason)?;
    if !about.is_file() {
        return Err("it is no file".to_string());
    }
    if about.len() > LARGEST {
        return Err(format!("it is larger than {} MB", LARGEST / 1024 / 1024));
    }
    std::fs::read(&whole).map_err(reason)
}

/// What the first bytes say that it is, whatever its name says.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    let svg = || {
        let begin = String::from_utf8_lossy(bytes.get(..1024).unwrap_or(bytes)).into_owned();
        begin.trim_start_matches('\u{feff}').trim_start().starts_with('<') && begin.contains("<svg")
    };
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', ..] => Some("image/png"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ if svg() => Some("image/svg+xml"),
        _ => None,
    }
}

fn is_image_data(address: &str) -> bool {
    let Some((kind, data)) = address[5..].split_once(";base64,") else { return false };
    ["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"].contains(&kind)
        && data.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    let mut made = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let number = three.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = (number >> (18 - 6 * place) & 63) as usize;
            made.push(if place <= three.len() { char::from(ALPHABET[letter]) } else { '=' });
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn only_images_that_lie_with_the_story_are_held() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("story");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(outer.path().join("secret.png"), b"\x89PNG\r\n\x1a\n").unwrap();
        std::fs::write(folder.join("dot.png"), b"\x89PNG\r\n\x1a\n").unwrap();
        std::fs::write(folder.join("text.png"), b"hello").unwrap();
        std::fs::write(folder.join("drawn.svg"), "<?xml version='1.0'?><svg xmlns='x'/>").unwrap();
        let of = |address: &str| held(address, &folder, Span::default());
        assert_eq!(of("dot.png").unwrap(), "data:image/png;base64,iVBORw0KGgo=");
        assert!(of("./drawn.svg").unwrap().starts_with("data:image/svg+xml;base64,"));
        assert!(of("data:image/gif;base64,R0lGODlh").is_ok());
        let absolute = outer.path().join("secret.png").display().to_string();
        for address in [
            "../secret.png",
            absolute.as_str(),
            "text.png",
            "none.png",
            "https://example.org/a.png",
            "//a/b.png",
            "data:text/html,x",
            "data:image/png;base64,\">",
            "",
        ] {
            assert!(of(address).is_err(), "{address}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(outer.path().join("secret.png"), folder.join("link.png")).unwrap();
            assert!(of("link.png").is_err());
        }
    }
}
