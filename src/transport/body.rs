//! The body of an answer as it comes in.
//!
//! Bytes are counted twice: as they come, because a packed body may unpack to nothing for ever, and as they unpack,
//! because a small one may grow large. Unpacking happens on the thread that runs everybody's requests, so it is done
//! in short turns.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use flate2::write::MultiGzDecoder;

/// Bytes that are unpacked without looking at the clock: the worst take a fraction of a turn.
const SLICE: usize = 128;

/// How long one answer is unpacked before all others have a turn. Of 32 at a time, each waits for 31.
const TURN: Duration = Duration::from_micros(100);

/// Why a body is not read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unread {
    #[error("it is too long")]
    TooLong,
    #[error("{0}")]
    Garbled(io::Error),
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        match error.get_ref().is_some_and(|inner| inner.is::<Full>()) {
            true => Self::TooLong,
            false => Self::Garbled(error),
        }
    }
}

/// What came so far.
pub(super) struct Body {
    came: usize,
    limit: usize,
    kept: Kept,
    turn: Instant,
}

enum Kept {
    Plain(Limited),
    Packed(Box<MultiGzDecoder<Limited>>),
}

impl Body {
    /// Of at most `limit` bytes, both on its way and unpacked; `packed` is one in gzip.
    pub(super) fn new(packed: bool, limit: usize) -> Self {
        let bytes = Limited {
            bytes: Vec::new(),
            limit,
        };
        let kept = match packed {
            true => Kept::Packed(Box::new(MultiGzDecoder::new(bytes))),
            false => Kept::Plain(bytes),
        };
        Self {
            came: 0,
            limit,
            kept,
            turn: Instant::now(),
        }
    }

    /// Takes more of it.
    pub(super) async fn take(&mut self, chunk: &[u8]) -> Result<(), Unread> {
        self.came = self.came.saturating_add(chunk.len());
        if self.came > self.limit {
            return Err(Unread::TooLong);
        }
        match &mut self.kept {
            Kept::Plain(bytes) => Ok(bytes.write_all(chunk)?),
            Kept::Packed(decoder) => unpack(decoder, chunk, &mut self.turn).await,
        }
    }

    /// All of it.
    pub(super) fn whole(self) -> Result<Vec<u8>, Unread> {
        match self.kept {
            Kept::Plain(bytes) => Ok(bytes.bytes),
            Kept::Packed(_) if self.came == 0 => Ok(Vec::new()),
            Kept::Packed(decoder) => Ok(decoder.finish()?.bytes),
        }
    }
}

/// A turn goes on from chunk to chunk: many short ones may be there at once.
async fn unpack(
    decoder: &mut MultiGzDecoder<Limited>,
    chunk: &[u8],
    turn: &mut Instant,
) -> Result<(), Unread> {
    for slice in chunk.chunks(SLICE) {
        decoder.write_all(slice)?;
        if turn.elapsed() >= TURN {
            tokio::task::yield_now().await;
            *turn = Instant::now();
        }
    }
    Ok(())
}

/// Bytes, up to a limit.
struct Limited {
    bytes: Vec<u8>,
    limit: usize,
}

#[derive(Debug, thiserror::Error)]
#[error("the limit is reached")]
struct Full;

impl Write for Limited {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len().saturating_add(more.len()) > self.limit {
            return Err(io::Error::other(Full));
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use futures_util::FutureExt;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).expect("memory");
        encoder.finish().expect("memory")
    }

    fn read(packed: bool, limit: usize, bytes: &[u8], at_a_time: usize) -> Result<Vec<u8>, Unread> {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.expect("a runtime").block_on(async {
            let mut body = Body::new(packed, limit);
            for chunk in bytes.chunks(at_a_time) {
                body.take(chunk).await?;
            }
            body.whole()
        })
    }

    #[test]
    fn it_is_the_same_however_it_comes() {
        let text: Vec<u8> = (0..20_000_u32).flat_map(u32::to_le_bytes).collect();
        let twice = [packed(&text), packed(b"and more")].concat();
        let whole = [text.as_slice(), b"and more"].concat();
        for at_a_time in [1, 7, SLICE, 100_000] {
            assert_eq!(
                read(false, whole.len(), &whole, at_a_time).ok(),
                Some(whole.clone())
            );
            assert_eq!(
                read(true, whole.len(), &twice, at_a_time).ok(),
                Some(whole.clone())
            );
        }
        assert_eq!(read(true, 10, b"", 1).ok(), Some(Vec::new()));
    }

    #[test]
    fn what_is_broken_off_or_no_gzip_is_garbled() {
        let good = packed(b"whole");
        for bad in [&good[..good.len() - 1], &good[..12], &good[..1], b"no gzip"] {
            assert!(matches!(read(true, 100, bad, 5), Err(Unread::Garbled(_))));
        }
        let mut wrong_sum = good.clone();
        wrong_sum[good.len() - 5] ^= 1;
        assert!(matches!(
            read(true, 100, &wrong_sum, 5),
            Err(Unread::Garbled(_))
        ));
    }

    #[test]
    fn both_its_sizes_have_the_limit() {
        let zeros = packed(&[0; 10_000]);
        assert!(zeros.len() < 100);
        assert!(matches!(
            read(true, 9_999, &zeros, 10),
            Err(Unread::TooLong)
        ));
        assert!(read(true, 10_000, &zeros, 10).is_ok());
        let nothing = [
            b"\x1F\x8B\x08\0\0\0\0\0\0\x03".as_slice(),
            &[0, 0, 0, 0xFF, 0xFF].repeat(20),
        ]
        .concat();
        assert!(matches!(
            read(true, 109, &nothing, 10),
            Err(Unread::TooLong)
        ));
        assert!(matches!(read(false, 9, &[0; 10], 1), Err(Unread::TooLong)));
    }

    #[test]
    fn a_long_chunk_gives_way_to_others() {
        let mut body = Body::new(true, 10_000_000);
        let empty = [0x02, 0x08, 0x20, 0x80, 0x00].repeat(100_000);
        let nothing = [b"\x1F\x8B\x08\0\0\0\0\0\0\x03".as_slice(), &empty].concat();
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.expect("a runtime").block_on(async {
            assert!(body.take(&nothing).now_or_never().is_none());
        });
    }

    #[test]
    fn so_do_many_short_ones() {
        let mut body = Body::new(true, 10_000_000);
        let empty = [0x02, 0x08, 0x20, 0x80, 0x00].repeat(100_000);
        let nothing = [b"\x1F\x8B\x08\0\0\0\0\0\0\x03".as_slice(), &empty].concat();
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.expect("a runtime").block_on(async {
            let mut all = nothing.chunks(100);
            assert!(all.any(|chunk| body.take(chunk).now_or_never().is_none()));
        });
    }
}
