"""Checkpoints, runs and weights with something changed at random: each gives a model, or one line that names the file.

    python -m tests.course.fuzz_readers --count 20000 --seed 1

Nothing else may come of it: no other exception, no other warning, and no more memory than the limit of the process. A
file that breaks this is kept, and its name and the seed are printed.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import resource
import shutil
import struct
import sys
import tempfile
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from tqdm import tqdm

from course import checkpoints, outputs, runs
from course.errors import CourseError, CourseWarning
from course.explorer import readers
from course.labelled import BranchedVAE
from course.run_config import RunConfig, build
from course.training import History, Settings

_MEMORY = 4 << 30
_ODD = [
    None, True, False, 0, -1, 1, 2, 255, 2**31, 2**63, 2**64, 10**30, -(2**63), 0.5, 1e308, float("inf"), float("nan"),
    "", "VAE", "BranchedVAE", "Classifier", "\ud800", "\x1b[2J", "x" * 5000, [], {}, [0], [[]], {"a": 1}, [-1, 2**62],
    json.loads("[" * 60 + "]" * 60),
]  # fmt: skip
_NUMBERS = [b"0", b"-1", b"1e999", b"99999999999", b"9223372036854775807", b"null", b'"x"', b"[]"]

Mutation = Callable[[bytes, random.Random], bytes]


def corpus(folder: Path) -> None:
    """One of each kind that is read, and small."""
    size = {"input_dim": 256, "hidden_dim": 3, "latent_dim": 2}
    names = {"encoder.": "encoder_", "decoder.": "decoder_"}
    weights = build(size, 0).state_dict()
    for before, after in names.items():
        weights = {name.replace(before, after): value for name, value in weights.items()}
    save_file(weights, folder / "starter.safetensors")
    torch.save(weights, folder / "new.pt")
    torch.save(weights, folder / "old.pt", _use_new_zipfile_serialization=False)
    checkpoints.save(build(size, 0), folder / "vae", {"data": "lines64", "versions": checkpoints.versions()})
    checkpoints.save(build({**size, "num_classes": 4}, 0, BranchedVAE), folder / "branched", {})
    config = RunConfig.of("lines64", size={"hidden_dim": 3, "latent_dim": 2}, settings=Settings(steps=3))
    history = History(1, np.ones((3, 3), np.float32))
    runs.save(build(config.size, 0), history, folder / "store" / config.name, config.record, 1.0)


def mutated(content: bytes, name: str, rng: random.Random) -> bytes:
    """The bytes of a file with a few changes, some that know its form."""
    forms: list[Mutation] = [_bits, _cut, _moved, _numbered]
    forms += [_json] * 4 if name.endswith(".json") else []
    forms += [_header, _header, _length] if name.endswith(".safetensors") else []
    forms += [_zipped, _zipped, _zipped] if zipfile.is_zipfile(io.BytesIO(content)) else []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        try:
            content = rng.choice(forms)(content, rng)
        except Exception:  # an earlier change has left nothing of its form, and whatever reads that may fail in any way
            content = _bits(content, rng)
    return content


def _bits(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content or b"\0")
    for _ in range(rng.choice((1, 2, 8, 64))):
        changed[rng.randrange(len(changed))] = rng.choice((0, 255, rng.randrange(256)))
    return bytes(changed)


def _cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _moved(content: bytes, rng: random.Random) -> bytes:
    a, b, c = sorted(rng.randrange(len(content) + 1) for _ in range(3))
    return rng.choice((content[:a] + content[b:], content[:b] + content[a:], content[:a] + content[b:c] + content[a:b]))


def _numbered(content: bytes, rng: random.Random) -> bytes:
    """Another number somewhere in the text of the first part."""
    places = [i for i, byte in enumerate(content[:3000]) if 48 <= byte <= 57]
    place = rng.choice(places)
    return content[:place] + rng.choice(_NUMBERS) + content[place + 1 :]


def _json(content: bytes, rng: random.Random) -> bytes:
    """Another value, or one more, somewhere in the JSON."""
    found = json.loads(content)
    tables: list[Any] = []

    def look(value: Any) -> None:
        if isinstance(value, (dict, list)) and value:
            tables.append(value)
            for each in value.values() if isinstance(value, dict) else value:
                look(each)

    look(found)
    if not tables or rng.random() < 0.03:
        return json.dumps(rng.choice(_ODD)).encode()
    table, new = rng.choice(tables), rng.choice(_ODD)
    key = rng.choice(list(table)) if isinstance(table, dict) else rng.randrange(len(table))
    if rng.random() < 0.2:
        del table[key]
    elif isinstance(table, dict) and rng.random() < 0.2:
        table[rng.choice(("generator", "kind", "gamma", "other", "__metadata__"))] = new
    else:
        table[key] = new
    return json.dumps(found).encode()


def _header(content: bytes, rng: random.Random) -> bytes:
    """Another value in the header of a safetensors file, which says how long it is."""
    length = struct.unpack("<Q", content[:8])[0]
    header = _json(content[8 : 8 + length], rng)
    if rng.random() < 0.3:
        types = (b'"F64"', b'"I64"', b'"BF16"', b'"BOOL"', b'"C64"', b'"F8_E4M3"', b'"F4"', b'"U8"', b'"F16"')
        header = header.replace(b'"F32"', rng.choice(types), rng.choice((1, -1)))
    return struct.pack("<Q", len(header)) + header + content[8 + length :]


def _length(content: bytes, rng: random.Random) -> bytes:
    return struct.pack("<Q", rng.choice((0, 1, 2**31, 2**63, 2**64 - 1, len(content)))) + content[8:]


def _zipped(content: bytes, rng: random.Random) -> bytes:
    """A part of a zip changed, and packed anew with the right sums, so that it is read at all."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    name = rng.choice([name for name in parts if name.endswith("data.pkl")] * 5 + list(parts))
    parts[name] = rng.choice((_bits, _bits, _cut, _moved))(parts[name], rng)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", rng.choice((zipfile.ZIP_STORED,) * 4 + (zipfile.ZIP_DEFLATED,))) as file:
        for part, inside in parts.items():
            file.writestr(part, inside)
    return packed.getvalue()


def judged(folder: Path, path: Path) -> str:
    """What became of a file that was changed: "read" or "refused"; AssertionError or another exception for a fault."""
    if path.is_relative_to(folder / "store"):
        return _judged_run(path.parent)
    source = path.with_suffix(".safetensors") if path.suffix == ".json" else path
    for kind in ("weights", "record", "claims", "figure", "animation", "page"):
        outputs.is_ours(path, kind)
    try:
        model = readers.find(str(source)).model
    except (CourseError, OSError) as error:
        _check_words(str(error), path.stem)
        return "refused"
    assert all(torch.isfinite(value).all() for value in model.state_dict().values()), "weights are not finite"
    return "read"


def _judged_run(folder: Path) -> str:
    found = [run for run in runs.all_runs(folder.parent) if not run.shipped]
    if not found:
        return "refused"
    json.dumps({"name": found[0].name, **found[0].parameters}, ensure_ascii=False).encode()
    try:
        found[0].model(), found[0].history().epochs
    except (CourseError, OSError) as error:
        _check_words(str(error), folder.name)
        return "refused"
    return "read"


def _check_words(words: str, name: str) -> None:
    assert name in words, f"the file is not named: {words}"
    assert "\n" not in words, f"more than one line: {words}"
    assert len(words) < 3000, f"too long: {words[:3000]}"
    words.encode()


def fuzz(count: int, seed: int, progress: bool = False, keep: Path | None = None) -> tuple[Counter[str], list[str]]:
    """Counts of read and refused, and a line for each fault."""
    rng, counts, faults = random.Random(seed), Counter[str](), []
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", CourseWarning)
        folder = Path(place)
        corpus(folder)
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        for number in tqdm(range(count), unit="file", disable=None if progress else True, leave=False):
            path = rng.choice(paths)
            before = path.read_bytes()
            path.write_bytes(mutated(before, path.name, rng))
            try:
                counts[judged(folder, path)] += 1
            except Exception as error:
                faults.append(f"{path.name}, number {number}: {type(error).__name__}: {error}"[:500])
                if keep:
                    keep.mkdir(exist_ok=True)
                    shutil.copy(path, keep / f"{seed}-{number}-{path.name}")
            path.write_bytes(before)
    return counts, faults


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--keep", type=Path, default=Path("fuzzed"), help="A folder for the files that break the promise."
    )
    asked = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    counts, faults = fuzz(asked.count, asked.seed, progress=True, keep=asked.keep)
    for line in faults:
        print(line)
    print(f"seed {asked.seed}: {counts['read']} read, {counts['refused']} refused, {len(faults)} faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
