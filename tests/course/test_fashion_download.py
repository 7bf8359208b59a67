from __future__ import annotations

import gzip
import hashlib
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from course import download, fashion, fashion_files
from tests.course import small_fashion

NAME = "train-images-idx3-ubyte"
CONTENT = small_fashion.files()[NAME]
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Mirror(ThreadingHTTPServer):
    """A web server on this machine that answers each request in the next of its ways, and at last always well.

    The ways: "half" ends early, "half, no length" does so without having said how much there is, "stalls" sends half
    and waits for `release`, "together" waits until `together` requests are there, "missing" is a 404, "broken" a 500.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.files = {f"/{name}.gz": gzip.compress(content) for name, content in small_fashion.files().items()}
        self.ways: list[str] = []
        self.headers: dict[str, str] = {}
        self.asked: list[str] = []
        self.half_sent, self.release = threading.Event(), threading.Event()
        self.together = threading.Barrier(2)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def handle_error(self, *_: object) -> None:
        """A client that went away is what some tests are about."""


class Answer(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        server = self.server
        server.asked.append(self.path)
        way = server.ways.pop(0) if server.ways else "whole"
        if way in ("missing", "broken"):
            return self.send_error(404 if way == "missing" else 500)
        if way == "together":
            server.together.wait(20)
        content = server.files[self.path]
        self.send_response(200)
        if way != "half, no length":
            self.send_header("Content-Length", str(len(content)))
        for header in server.headers.items():
            self.send_header(*header)
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])
        self.wfile.flush()
        if way == "stalls":
            server.half_sent.set()
            server.release.wait(20)
        if not way.startswith("half"):
            self.wfile.write(content[len(content) // 2 :])
        return None

    def log_message(self, *_: object) -> None:
        """Nothing: what was asked is kept."""


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("pooch.core.time", SimpleNamespace(sleep=lambda _: None))
    with Mirror() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.release.set()
        server.shutdown()
        thread.join()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def fetch(folder: Path, *servers: Mirror) -> Path:
    return download.fetch(NAME, SHA256, folder, [server.url for server in servers])


@pytest.mark.parametrize(
    "ways",
    [[], ["half"], ["half, no length"], ["half", "half, no length"], ["missing"], ["broken", "half"]],
    ids=lambda ways: ", then ".join([*ways, "whole"]),
)
def test_a_download_is_tried_again_until_it_is_whole(tmp_path: Path, mirror: Mirror, ways: list[str]) -> None:
    mirror.ways = list(ways)
    path = fetch(tmp_path / "deep" / "cache", mirror)
    assert path == tmp_path / "deep" / "cache" / NAME
    assert path.read_bytes() == CONTENT
    assert names(path.parent) == [NAME]
    assert mirror.asked == [f"/{NAME}.gz"] * (len(ways) + 1)


def test_what_was_fetched_is_not_fetched_again_unless_it_is_damaged(tmp_path: Path, mirror: Mirror) -> None:
    path = fetch(tmp_path, mirror)
    fetch(tmp_path, mirror)
    assert len(mirror.asked) == 1
    path.write_bytes(CONTENT[:-1])
    assert fetch(tmp_path, mirror).read_bytes() == CONTENT
    assert len(mirror.asked) == 2


def other(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


@pytest.mark.parametrize(
    ("served", "says"),
    [(gzip.compress(other(CONTENT)), "does not match the known hash"),
     (other(gzip.compress(CONTENT)), "the gzip file is damaged"),
     (gzip.compress(CONTENT)[:-9], "the gzip file is damaged"),
     (gzip.compress(CONTENT)[:10] + b"\xff" * 90, "the gzip file is damaged"),
     (b"<!DOCTYPE html><p>Sign in", "does not match the known hash"),
     (b"", "does not match the known hash")],
    ids=["other pixels", "broken", "cut", "nonsense", "a web page", "nothing"],
)  # fmt: skip
def test_what_is_not_the_right_file_is_refused_and_leaves_nothing(
    tmp_path: Path, mirror: Mirror, served: bytes, says: str
) -> None:
    mirror.files[f"/{NAME}.gz"] = served
    with pytest.raises(OSError, match=rf"(?s)expected {NAME} from one of 2 mirrors, got\n  {mirror.url}: .*{says}"):
        fetch(tmp_path, mirror, mirror)
    assert len(mirror.asked) == 6
    assert names(tmp_path) == []


def test_another_mirror_is_asked_when_the_first_one_fails(tmp_path: Path, mirror: Mirror) -> None:
    mirror.ways = ["missing"] * 3
    closed = Mirror()
    closed.server_close()
    assert fetch(tmp_path, closed, mirror, mirror).read_bytes() == CONTENT
    assert len(mirror.asked) == 4


@pytest.mark.parametrize("packing", ["another gzip", "unpacked", "unpacked on the way"])
def test_how_a_mirror_packs_does_not_matter(tmp_path: Path, mirror: Mirror, packing: str) -> None:
    if packing == "another gzip":
        members = gzip.compress(CONTENT[:999], 1, mtime=1), gzip.compress(CONTENT[999:], 9, mtime=2)
        mirror.files[f"/{NAME}.gz"] = b"".join(members)
    if packing == "unpacked":
        mirror.files[f"/{NAME}.gz"] = CONTENT
    if packing == "unpacked on the way":
        mirror.headers["Content-Encoding"] = "gzip"
    assert fetch(tmp_path, mirror).read_bytes() == CONTENT


def test_a_mirror_that_falls_silent_is_left(tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_TIMEOUT", 0.2)
    mirror.ways = ["stalls"]
    assert fetch(tmp_path, mirror).read_bytes() == CONTENT
    assert len(mirror.asked) == 2


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, mirror: Mirror) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OSError, match=str(tmp_path / "file")):
        fetch(tmp_path / "file" / "cache", mirror)


def elsewhere(folder: Path, mirror: Mirror) -> subprocess.Popen[bytes]:
    """A process of its own that fetches the file."""
    code = "import sys, pathlib, course.download as m; m.fetch(*sys.argv[1:3], pathlib.Path(sys.argv[3]), sys.argv[4:])"
    arguments = [sys.executable, "-c", code, NAME, SHA256, str(folder), mirror.url]
    return subprocess.Popen(arguments, stderr=subprocess.DEVNULL)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_download_that_is_ended_leaves_nothing_half_there(
    tmp_path: Path, mirror: Mirror, how: signal.Signals
) -> None:
    mirror.ways = ["stalls"]
    with elsewhere(tmp_path, mirror) as process:
        assert mirror.half_sent.wait(20)
        process.send_signal(how)
        assert process.wait(20) != 0
    assert not (tmp_path / NAME).exists()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 0
    assert how != signal.SIGINT or names(tmp_path) == []
    assert fetch(tmp_path, mirror).read_bytes() == CONTENT


def test_two_processes_may_fetch_the_same_file_at_once(tmp_path: Path, mirror: Mirror) -> None:
    mirror.ways = ["together", "together"]
    with elsewhere(tmp_path, mirror) as one, elsewhere(tmp_path, mirror) as two:
        assert (one.wait(30), two.wait(30)) == (0, 0)
    assert mirror.asked == [f"/{NAME}.gz"] * 2
    assert names(tmp_path) == [NAME]
    assert (tmp_path / NAME).read_bytes() == CONTENT


def test_load_downloads_only_when_asked_and_only_what_is_missing(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(fashion_files.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(fashion_files, "DEBIAN", tmp_path / "debian")
    monkeypatch.setattr(fashion_files, "MIRRORS", (mirror.url,))
    monkeypatch.setattr(fashion_files, "SPLITS", small_fashion.splits())
    with pytest.raises(FileNotFoundError):
        fashion.load("test")
    assert mirror.asked == []
    fetched = fashion.load("test", download=True)
    assert mirror.asked == ["/t10k-images-idx3-ubyte.gz", "/t10k-labels-idx1-ubyte.gz"]
    assert "B/s" not in capsys.readouterr().err, "no progress bar in a pipe"
    images, labels = small_fashion.arrays("t10k")
    np.testing.assert_allclose(fetched.images, images.reshape(20, 784) / 255.0, rtol=1e-7)
    np.testing.assert_array_equal(fetched.labels, labels)
    np.testing.assert_array_equal(fashion.load("test").images, fetched.images)
    (fashion_files.cache_folder() / "t10k-labels-idx1-ubyte").write_bytes(b"damaged")
    with pytest.raises(ValueError, match="no IDX file"):
        fashion.load("test")
    np.testing.assert_array_equal(fashion.load("test", download=True).labels, labels)
    assert len(mirror.asked) == 3
    mirror.ways = ["missing"] * 3
    with pytest.raises(OSError, match=r"(?s)404.*Try again later, or install Debian's package"):
        fashion.load("train", download=True)
    small_fashion.write(tmp_path / "debian")
    assert len(fashion.load("train", download=True)) == 40
    assert len(mirror.asked) == 6


def test_a_terminal_sees_how_far_a_download_is(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    fetch(tmp_path, mirror)
    shown = capsys.readouterr().err
    assert f"{NAME}: 100%" in shown
    assert "B/s" in shown
