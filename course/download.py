"""A file from the internet: tried again, from another place if need be, checked, and whole or not at all."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pooch  # type: ignore[import-untyped]
from tqdm import tqdm

__all__ = ["fetch"]

_ATTEMPTS = 3
_TIMEOUT = 20  # seconds without a byte


def fetch(name: str, sha256: str, folder: Path, mirrors: Sequence[str]) -> Path:
    """`folder/name`, if need be from `name`.gz at the first mirror (an address that ends in /) that has it whole.

    `sha256` is that of the uncompressed bytes, because mirrors write other gzip headers. The file gets its name only
    after it was checked, so that an end at any time leaves none that is half there (a kill leaves an empty one of
    another name), and two processes may fetch it at once. Raises OSError, which says what each gave mirror.
    """
    failures = []
    for mirror in mirrors:
        store = pooch.create(
            path=folder, base_url=mirror, registry={name: f"sha256:{sha256}"}, urls={name: f"{mirror}{name}.gz"},
            retry_if_failed=_ATTEMPTS - 1,
        )  # fmt: skip
        try:
            return Path(store.fetch(name, downloader=_download))
        except (OSError, ValueError) as error:
            failures.append(f"{mirror}: {error}")
    raise OSError("\n  ".join([f"expected {name} from one of {len(mirrors)} mirrors, got", *failures]))


class _Bar(tqdm):  # type: ignore[type-arg]
    def __bool__(self) -> bool:
        return True  # pooch asks for it before there is a total, of which tqdm makes an error


def _download(url: str, output_file: Any, _: object) -> None:
    """What pooch calls for an attempt: in memory until all is there, so that no half file is ever on disk."""
    packed = BytesIO()
    with _Bar(desc=Path(url).stem, unit="B", unit_scale=True, disable=None) as bar:
        pooch.HTTPDownloader(progressbar=bar, chunk_size=2**16, timeout=_TIMEOUT)(url, packed, None)
    Path(output_file).write_bytes(_unpacked(packed.getvalue()))


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(b"\x1f\x8b"):  # a server may have unpacked it on the way; the checksum decides
        return content
    try:
        return gzip.decompress(content)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f"the gzip file is damaged: {error}") from None
