"""Files that a reader may hand to a command by mistake: pictures, arrays, weights and records that are none, or odd."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from safetensors.numpy import save_file

__all__ = ["make"]

RNG = np.random.default_rng(7)
IMAGES = RNG.integers(0, 256, (12, 8, 8), dtype=np.uint8)


def make(folder: Path) -> None:
    """Fills `folder`, which exists, with all of them; about 2 MB."""
    for part in (_plain, _arrays, _pictures, _idx, _weights, _records, _claims, _sources):
        part(folder)


def _plain(folder: Path) -> None:
    (folder / "empty").touch()
    (folder / "text.txt").write_text("not what you think\n")
    (folder / "latin.txt").write_bytes("Größe".encode("latin-1"))
    (folder / "nul").write_bytes(b"\0" * 4096)
    (folder / "noise").write_bytes(RNG.bytes(4096))
    (folder / "none").mkdir()
    (folder / "own.json").write_text('{"mine": 1}\n')
    (folder / "own.png").write_bytes(b"mine")
    (folder / "own.html").write_text("<p>mine")
    (folder / "own.svg").write_text("<svg/>")
    (folder / "own.safetensors").write_bytes(b"mine")
    (folder / "closed").mkdir()
    os.symlink("loop", folder / "loop")
    os.symlink("nowhere", folder / "dangling")
    os.mkfifo(folder / "fifo")


def _npz(path: Path, **arrays: Any) -> None:
    np.savez_compressed(path, **arrays)


def _arrays(folder: Path) -> None:
    labels = np.arange(12) % 3
    _npz(folder / "good.npz", images=IMAGES, labels=labels)
    _npz(folder / "nothing.npz")
    _npz(folder / "other.npz", x=IMAGES)
    _npz(folder / "objects.npz", images=np.array([{"a": 1}], dtype=object))
    _npz(folder / "uint16.npz", images=IMAGES.astype(np.uint16) * 257)
    _npz(folder / "signed.npz", images=IMAGES.astype(np.int64) - 128)
    _npz(folder / "complex.npz", images=IMAGES * 1j)
    _npz(folder / "words.npz", images=np.array(["a", "b"]))
    _npz(folder / "nan.npz", images=np.full((12, 8, 8), np.nan))
    _npz(folder / "huge_floats.npz", images=np.full((12, 8, 8), 1e300))
    _npz(folder / "scalar.npz", images=np.float32(1))
    _npz(folder / "no_rows.npz", images=np.zeros((0, 8, 8), np.uint8))
    _npz(folder / "colour.npz", images=RNG.integers(0, 256, (12, 8, 8, 3), dtype=np.uint8))
    _npz(folder / "oblong.npz", images=RNG.integers(0, 256, (12, 8, 9), dtype=np.uint8))
    _npz(folder / "large.npz", images=RNG.integers(0, 256, (5, 100, 100), dtype=np.uint8))
    _npz(folder / "black.npz", images=np.zeros((12, 8, 8), np.uint8))
    _npz(folder / "key.npz", images=IMAGES, label=labels)
    _npz(folder / "few_labels.npz", images=IMAGES, labels=labels[:5])
    _npz(folder / "word_labels.npz", images=IMAGES, labels=np.array(["a", "b", "c"] * 4))
    _npz(folder / "one_class.npz", images=IMAGES, labels=np.zeros(12, int))
    _npz(folder / "bad_names.npz", images=IMAGES, labels=labels, class_names=np.array([["a"]]))
    whole = (folder / "good.npz").read_bytes()
    (folder / "half.npz").write_bytes(whole[: len(whole) // 2])
    (folder / "text.npz").write_text("images")
    (folder / "empty.npz").touch()
    with zipfile.ZipFile(folder / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (500000, 64, 64), }"
        header += b" " * (63 - (10 + len(header)) % 64) + b"\n"
        with archive.open("images.npy", "w") as member:
            member.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + b"\0" * 100_000)
    with zipfile.ZipFile(folder / "deep.npz", "w") as archive:
        archive.writestr("images.npy", b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65535)
    np.save(folder / "bare.npy", IMAGES)


def _pictures(folder: Path) -> None:
    for name in ("pictures", "mixed", "blank", "clear", "two", "broken", "wide"):
        (folder / name).mkdir()
    for index in range(6):
        Image.fromarray(IMAGES[index]).save(folder / "pictures" / f"{index}.png")
        Image.fromarray(IMAGES[index]).save(folder / "mixed" / f"{index}.png")
        Image.new("L", (20, 20), 255).save(folder / "blank" / f"{index}.png")
        Image.new("RGBA", (20, 20), (255, 255, 255, 0)).save(folder / "clear" / f"{index}.png")
        Image.new("L", (2000, 1)).save(folder / "wide" / f"{index}.png")
        (folder / "broken" / f"{index}.png").write_bytes(RNG.bytes(50))
    Image.fromarray(IMAGES[0]).save(folder / "two" / "0.png")
    (folder / "mixed" / "half.png").write_bytes((folder / "mixed" / "0.png").read_bytes()[:40])
    (folder / "mixed" / "notes.txt").write_text("mine")


def _idx(folder: Path) -> None:
    names = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
    for name in ("idx", "idx_bomb", "idx_some", "idx_text", "idx_gz"):
        (folder / name).mkdir()
    for name in names:
        images = "images" in name
        shape = (12, 8, 8) if images else (12,)
        body = IMAGES.tobytes() if images else bytes(k % 3 for k in range(12))
        head = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
        (folder / "idx" / name).write_bytes(head + body)
        (folder / "idx_text" / name).write_text("zero")
        (folder / "idx_gz" / f"{name}.gz").write_bytes(gzip.compress(head + body)[:-9])
        shape = (4_000_000_000, 64, 64) if images else (4_000_000_000,)
        head = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
        (folder / "idx_bomb" / f"{name}.gz").write_bytes(gzip.compress(head + b"\0" * 1_000_000))
    (folder / "idx_some" / names[0]).write_bytes((folder / "idx" / names[0]).read_bytes())


def _weights(folder: Path) -> None:
    def torch_file(name: str, content: object) -> None:
        torch.save(content, folder / name)

    torch_file("scalar.pt", {"encoder_fc1.weight": torch.tensor(1.0), "fc_mu.weight": torch.tensor(1.0)})
    torch_file("list.pt", [1, 2, 3])
    torch_file("number.pt", 3)
    torch_file("no_keys.pt", {})
    torch_file("numbers.pt", {1: torch.zeros(2)})
    one = torch.zeros(1)
    torch_file("expanded.pt", {
        "encoder_fc1.weight": one.expand(10**6, 256), "fc_mu.weight": one.expand(10**6, 10**6),
        "decoder_out.weight": one.expand(256, 10**6), "decoder_fc1.weight": one.expand(10**6, 10**6),
    })  # fmt: skip
    torch_file("sparse.pt", {"encoder_fc1.weight": torch.eye(4).to_sparse()})
    torch_file("module.pt", torch.nn.Linear(2, 2))
    whole = (folder / "list.pt").read_bytes()
    (folder / "half.pt").write_bytes(whole[: len(whole) // 2])
    (folder / "text.pt").write_text("weights")
    (folder / "letter.pt").write_text("a")
    (folder / "empty.pt").touch()
    (folder / "pickle.pt").write_bytes(pickle.dumps({"a": 1}))
    (folder / "text.safetensors").write_text("weights")
    (folder / "empty.safetensors").touch()
    (folder / "long_head.safetensors").write_bytes(struct.pack("<Q", 2**60) + b"{}")
    deep = b"[" * 100_000
    (folder / "deep_head.safetensors").write_bytes(struct.pack("<Q", len(deep)) + deep)
    save_file({"a": np.zeros(3, np.float32)}, folder / "other.safetensors")


def _record(path: Path, record: object) -> None:
    save_file({"a": np.zeros(3, np.float32)}, path.with_suffix(".safetensors"))
    path.with_suffix(".json").write_text(record if isinstance(record, str) else json.dumps(record))


def _records(folder: Path) -> None:
    size = {"kind": "VAE", "input_dim": 256, "hidden_dim": 8, "latent_dim": 2, "depth": 2}
    _record(folder / "list_record", [])
    _record(folder / "deep_record", "[" * 100_000)
    _record(folder / "half_record", '{"model": ')
    _record(folder / "no_kind", {"model": {}})
    _record(folder / "odd_kind", {"model": {**size, "kind": "GAN"}})
    _record(folder / "huge_model", {"model": {**size, "latent_dim": 10**12}, "data": "lines64"})
    _record(folder / "large_model", {"model": {**size, "hidden_dim": 10**6}, "data": "lines64"})
    _record(folder / "minus_model", {"model": {**size, "latent_dim": -1}, "data": "lines64"})
    _record(folder / "word_model", {"model": {**size, "latent_dim": "two"}, "data": "lines64"})
    _record(folder / "other_weights", {"model": size, "data": "lines64"})
    run = folder / "odd_run"
    run.mkdir()
    (run / "run.json").write_text("[" * 100_000)
    (run / "run.safetensors").touch()


def _claims(folder: Path) -> None:
    for name, text in {
        "brace": "{", "list": "[]", "odd": '{"grey-pixels": 3}', "words": '{"claims": {"grey-pixels": 3}}',
        "null": "null", "deep": "[" * 100_000, "fields": '{"claims": {"grey-pixels": {"value": 1}}}',
    }.items():  # fmt: skip
        (folder / f"claims_{name}.json").write_text(text)
    (folder / "claims_latin.json").write_bytes(b'{"claims": "\xff"}')


def _sources(folder: Path) -> None:
    for name, content in {
        "no_solutions": None, "unmarked": b"# todo 1.1: x\n", "latin_solutions": b"\xff\xfe", "syntax": b"def f(:\n",
        "nul_solutions": b"x = 0\n\0",
    }.items():  # fmt: skip
        (folder / name).mkdir()
        if content is not None:
            (folder / name / "a_solution.py").write_bytes(content)
    (folder / "starter_is_folder").mkdir()
    (folder / "starter_is_folder" / "latent_starter.py").mkdir()
    (folder / "starter_latin").mkdir()
    (folder / "starter_latin" / "latent_starter.py").write_bytes(b"\xff")
