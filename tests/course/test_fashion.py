from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from course import fashion, fashion_files
from tests.course import small_fashion

TRAIN_IMAGES, TRAIN_LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
FILES = small_fashion.files()
WHOLE = FILES[TRAIN_IMAGES]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which Fashion-MNIST is small and lies nowhere yet."""
    monkeypatch.delenv(fashion_files.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(fashion_files, "DEBIAN", tmp_path / "debian")
    monkeypatch.setattr(fashion_files, "MIRRORS", ())
    monkeypatch.setattr(fashion_files, "SPLITS", small_fashion.splits())
    return tmp_path


@pytest.mark.parametrize("packed", [True, False])
def test_images_and_labels_are_those_of_the_files(machine: Path, packed: bool) -> None:
    folder = small_fashion.write(machine / "mine", packed=packed)
    for split, part in (("train", "train"), ("test", "t10k")):
        images, labels = small_fashion.arrays(part)
        loaded = fashion.load(split, folder)  # type: ignore[arg-type]
        assert loaded.images.shape == (len(images), fashion.IMAGE_DIM)
        assert loaded.images.dtype == np.float32
        assert loaded.labels.dtype == np.int64
        np.testing.assert_allclose(loaded.images, images.reshape(len(images), -1) / 255.0, rtol=1e-7, atol=0)
        np.testing.assert_array_equal(loaded.labels, labels)
        assert (loaded.images.min(), loaded.images.max()) == (0, 1)
        assert (loaded.name, len(loaded)) == (f"fashion-{split}", len(images))
        assert loaded.class_names == fashion.CLASSES


def cut_gzip(content: bytes) -> bytes:
    return gzip.compress(content)[:-2000]


def broken_gzip(content: bytes) -> bytes:
    packed = bytearray(gzip.compress(content))
    packed[-8] ^= 1  # in the CRC at its end
    return bytes(packed)


# (what is put there, under which ending, what the message says that it got)
DAMAGES: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "", "got an empty file"),
    "empty inside": (gzip.compress(b""), ".gz", "got an empty file"),
    "empty, named .gz": (b"", ".gz", "got an empty file"),
    "two bytes": (WHOLE[:2], "", r"starts with b'\\x00\\x00', which is no IDX file"),
    "cut in the header": (WHOLE[:9], "", "images cut off in the header, after 9 bytes"),
    "cut": (WHOLE[:-1], "", f"expected {len(WHOLE)} bytes, got {len(WHOLE) - 1}: it is cut off"),
    "cut, then gzipped": (gzip.compress(WHOLE[:-1]), ".gz", "it is cut off"),
    "trailing": (WHOLE + b"\0", "", f"expected {len(WHOLE)} bytes, got more"),
    "trailing, then gzipped": (gzip.compress(WHOLE + b"\0" * 9), ".gz", "got more: something follows the end"),
    "labels": (FILES[TRAIN_LABELS], "", r"expected images of shape \(40, 28, 28\), got labels of shape \(40,\)"),
    "test images": (FILES["t10k-images-idx3-ubyte"], "", r"got images of shape \(20, 28, 28\)"),
    "other dimensions": (small_fashion.idx(np.zeros((2, 2), np.uint8)), "", "values of 2 dimensions of shape"),
    "other type": (b"\0\0\x0d" + WHOLE[3:], "", "no IDX file of bytes"),
    "a web page": (b"<!DOCTYPE html><p>Sign in", "", r"starts with b'<!DOCTYP', which is no IDX file"),
    "a pixel is other": (WHOLE[:-1] + bytes([WHOLE[-1] ^ 1]), "", "damaged, or another data set with the same file"),
    "gzipped, not named so": (gzip.compress(WHOLE), "", "gzipped bytes, though the name does not end in .gz"),
    "named .gz, not gzipped": (WHOLE, ".gz", "expected a whole gzip file, got this: Not a gzipped file"),
    "gzip cut": (cut_gzip(WHOLE), ".gz", "expected a whole gzip file, got this: Compressed file ended"),
    "gzip broken": (broken_gzip(WHOLE), ".gz", "expected a whole gzip file, got this: CRC check failed"),
    "gzip, then text": (gzip.compress(WHOLE) + b"more", ".gz", "expected a whole gzip file"),
    "gzip of nonsense": (gzip.compress(WHOLE)[:10] + b"\xff" * 90, ".gz", "expected a whole gzip file"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_file_that_is_not_the_right_one_whole_is_refused(machine: Path, damage: str) -> None:
    content, ending, got = DAMAGES[damage]
    folder = small_fashion.write(machine / "mine")
    (folder / f"{TRAIN_IMAGES}.gz").unlink()
    (folder / f"{TRAIN_IMAGES}{ending}").write_bytes(content)
    with pytest.raises(ValueError, match=got) as error:
        fashion.load("train", folder)
    assert str(error.value).startswith(f"{folder / TRAIN_IMAGES}{ending}: expected ")
    assert str(error.value).endswith("Replace this file by a whole copy of the right one")
    assert len(fashion.load("test", folder)) == 20


def test_images_where_labels_belong_are_refused(machine: Path) -> None:
    folder = small_fashion.write(machine / "mine", packed=False)
    (folder / TRAIN_LABELS).write_bytes(WHOLE)
    with pytest.raises(ValueError, match=r"labels-idx1-ubyte: expected labels of shape \(40,\), got images"):
        fashion.load("train", folder)


def test_labels_of_other_images_are_refused(machine: Path) -> None:
    folder = small_fashion.write(machine / "mine", packed=False)
    (folder / TRAIN_LABELS).write_bytes(small_fashion.idx(small_fashion.arrays("train")[1][::-1]))
    with pytest.raises(ValueError, match="expected sha256"):
        fashion.load("train", folder)


def test_a_folder_comes_before_the_variable_then_debian_then_the_cache(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = fashion_files.cache_folder()
    assert cache == machine / "cache" / "latent-course" / "fashion-mnist"
    [file, _] = fashion_files.of_split("train")
    with pytest.raises(FileNotFoundError, match=r"debian is no folder; .*fashion-mnist is no folder"):
        fashion_files.find(file)
    for place in (cache, fashion_files.DEBIAN, machine / "named", machine / "given"):
        small_fashion.write(place)
    assert fashion_files.find(file, machine / "given").parent == machine / "given"
    assert fashion_files.find(file).parent == fashion_files.DEBIAN
    monkeypatch.setenv(fashion_files.VARIABLE, str(machine / "named"))
    assert fashion_files.find(file, machine / "given").parent == machine / "given"
    assert fashion_files.find(file).parent == machine / "named"
    monkeypatch.setenv(fashion_files.VARIABLE, "")
    assert fashion_files.find(file).parent == fashion_files.DEBIAN
    (fashion_files.DEBIAN / f"{TRAIN_IMAGES}.gz").unlink()
    assert fashion_files.find(file).parent == cache


@pytest.mark.parametrize("download", [False, True])
@pytest.mark.parametrize(
    ("make", "holds"),
    [(Path.absolute, "is no folder"), (lambda folder: folder.mkdir(), "is empty"),
     (lambda folder: folder.write_text("a file"), "is no folder"),
     (lambda folder: (folder / TRAIN_IMAGES).mkdir(parents=True), f"holds {TRAIN_IMAGES}")],
)  # fmt: skip
def test_what_is_missing_in_a_named_folder_is_taken_from_nowhere_else(
    machine: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], object], holds: str, download: bool
) -> None:
    small_fashion.write(fashion_files.DEBIAN)
    make(machine / "named")
    expected = (
        rf"expected {TRAIN_IMAGES} or {TRAIN_IMAGES}\.gz, but .*named {holds}\. Name the folder with the four files"
    )
    with pytest.raises(FileNotFoundError, match=expected):
        fashion.load("train", machine / "named", download=download)
    monkeypatch.setenv(fashion_files.VARIABLE, str(machine / "named"))
    with pytest.raises(FileNotFoundError, match=expected):
        fashion.load("train", download=download)


def test_nothing_is_downloaded_or_written_unasked(machine: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"load\(download=True\)"):
        fashion.load()
    assert list(machine.iterdir()) == []


@pytest.mark.parametrize("call", [fashion.load, fashion.sample])
def test_an_unknown_split_is_refused(call: Callable[[str], object]) -> None:
    with pytest.raises(ValueError, match="split must be train or test, got 'validation'"):
        call("validation")


def test_balanced_takes_the_first_of_each_class_in_the_order_of_the_set(machine: Path) -> None:
    whole = fashion.load("train", small_fashion.write(machine / "mine"))
    part = whole.balanced(2)
    taken: dict[int, int] = dict.fromkeys(range(10), 0)
    rows = []
    for row, label in enumerate(whole.labels.tolist()):
        taken[label] += 1
        if taken[label] <= 2:
            rows.append(row)
    np.testing.assert_array_equal(part.images, whole.images[rows])
    np.testing.assert_array_equal(part.labels, whole.labels[rows])
    assert part.name == "fashion-train-20"
    for wrong in (0, 5):
        with pytest.raises(ValueError, match=f"between 1 and 4, the smallest class, got {wrong}"):
            whole.balanced(wrong)


# sha256 of the pixels of the sample, one byte each, and of its labels, computed from the files of the authors
SAMPLE = {
    "train": (
        1000,
        "9b8fbc35f8a9173500987de693372ed02b64ebf2480bd86fe423a3ee3d7422ec",
        "b065e72456830f94ead6028aaf330be0966318f93ef5f1f7c3e4b3fe57a22fc3",
    ),
    "test": (
        200,
        "a898964fe2522fe371043a0ca63f7ca88a4b222299b16f961c8218db27983c2a",
        "c00e28b47e238424e447c84080d0d830fa453af1dc57731260ad6c22ae0cd4ff",
    ),
}


def digest(values: NDArray[np.floating] | NDArray[np.integer]) -> str:
    return hashlib.sha256(values.astype(np.uint8).tobytes()).hexdigest()


@pytest.mark.parametrize("split", ["train", "test"])
def test_the_sample_ships_balanced_and_unchanged(split: fashion.Split, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fashion_files, "DEBIAN", Path("nowhere"))
    size, pixels, labels = SAMPLE[split]
    sample = fashion.sample(split)
    assert sample.images.shape == (size, 784)
    assert sample.images.dtype == np.float32
    assert (sample.images.min(), sample.images.max()) == (0, 1)
    assert np.bincount(sample.labels).tolist() == [size // 10] * 10
    assert digest(np.rint(sample.images * 255)) == pixels
    assert digest(sample.labels) == labels


def test_the_classes_of_the_sample_have_their_names() -> None:
    """What the mean of a class shows: trousers are narrow, sandals mostly holes, boots high, and who has sleeves."""
    sample = fashion.sample()
    mean = {
        name: sample.images[sample.labels == c].mean(axis=0).reshape(28, 28)
        for c, name in enumerate(sample.class_names)
    }
    assert min(mean, key=lambda name: (mean[name].mean(axis=0) > 0.1).sum()) == "Trouser"
    assert min(mean, key=lambda name: mean[name].mean()) == "Sandal"
    assert mean["Ankle boot"][:14].mean() > 1.5 * mean["Sneaker"][:14].mean()
    sleeves = {name: image[20:26, 2:6].mean() for name, image in mean.items()}
    assert min(sleeves["Pullover"], sleeves["Coat"]) > 3 * max(sleeves["T-shirt/top"], sleeves["Dress"])


def test_the_sample_and_its_licence_are_small_and_in_the_package() -> None:
    package = Path(fashion.__file__).parent
    project = tomllib.loads((package.parent / "pyproject.toml").read_text(encoding="utf-8"))
    packed = project["tool"]["hatch"]["build"]
    assert "course" in packed["packages"]  # with all that is in it
    assert not {"exclude", "include", "only-include"} & set(packed)
    for name in ("data/fashion_sample.npz", "data/LICENSE"):
        assert (package / name).stat().st_size <= 700_000
    licence = (package / "data/LICENSE").read_text(encoding="utf-8")
    assert "Zalando SE" in licence
    assert "Permission is hereby granted" in licence
    assert "course/data/LICENSE" in project["project"]["license-files"]


def test_a_missing_or_damaged_sample_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = (Path(fashion.__file__).parent / "data" / "fashion_sample.npz").read_bytes()
    path = tmp_path / "fashion_sample.npz"
    monkeypatch.setattr(fashion, "_SAMPLE", path)
    with pytest.raises(FileNotFoundError, match="is missing; install the course again"):
        fashion.sample()
    middle = len(whole) // 2
    for damage in (b"", whole[:-100], b"\xff" * 300, whole[:middle] + bytes(500) + whole[middle + 500 :]):
        path.write_bytes(damage)
        with pytest.raises(ValueError, match=r"fashion_sample\.npz: expected the course's sample, got .*again"):
            fashion.sample()
    np.savez(path, other=np.zeros(3))
    with pytest.raises(ValueError, match="train_images is not a file"):
        fashion.sample()


def test_the_sample_is_made_again_the_same_and_whole_or_not_at_all(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small_fashion.write(machine / "mine")
    monkeypatch.setattr(fashion, "_PER_CLASS", {"train": 3, "test": 2})
    out = machine / "out"
    out.mkdir()
    first, again = (fashion.write_sample(out / name, folder).read_bytes() for name in ("a.npz", "b.npz"))
    assert first == again
    monkeypatch.setattr(fashion, "_SAMPLE", out / "a.npz")
    for split, per_class in (("train", 3), ("test", 2)):
        made, expected = fashion.sample(split), fashion.load(split, folder).balanced(per_class)  # type: ignore[arg-type]
        np.testing.assert_array_equal(made.images, expected.images)
        np.testing.assert_array_equal(made.labels, expected.labels)
    (folder / "t10k-labels-idx1-ubyte.gz").write_bytes(b"")
    with pytest.raises(ValueError, match="an empty file"):
        fashion.write_sample(out / "a.npz", folder)
    (out / "folder.npz").mkdir()
    small_fashion.write(machine / "other")
    with pytest.raises(OSError, match="folder"):
        fashion.write_sample(out / "folder.npz", machine / "other")
    assert sorted(path.name for path in out.iterdir()) == ["a.npz", "b.npz", "folder.npz"]
    assert (out / "a.npz").read_bytes() == first


@pytest.mark.skipif(not fashion_files.DEBIAN.is_dir(), reason="Debian's package dataset-fashion-mnist is not here")
def test_the_shipped_sample_is_made_of_the_whole_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fashion.load("test", fashion_files.DEBIAN)
    assert np.bincount(whole.labels).tolist() == [1000] * 10
    with gzip.open(fashion_files.DEBIAN / "t10k-images-idx3-ubyte.gz") as file:
        pixels = np.frombuffer(file.read(), np.uint8)[16:].reshape(10000, 784)
    np.testing.assert_allclose(whole.images[::97], pixels[::97] / 255.0, rtol=1e-7)
    shipped = {split: fashion.sample(split) for split in ("train", "test")}
    monkeypatch.setattr(fashion, "_SAMPLE", fashion.write_sample(tmp_path / "again.npz", fashion_files.DEBIAN))
    for split, sample in shipped.items():
        again = fashion.sample(split)  # type: ignore[arg-type]
        np.testing.assert_array_equal(again.images, sample.images)
        np.testing.assert_array_equal(again.labels, sample.labels)


def test_the_files_expected_are_those_of_fashion_mnist() -> None:
    files = [file for split in ("train", "test") for file in fashion_files.of_split(split)]
    assert [(file.name, file.shape) for file in files] == [
        ("train-images-idx3-ubyte", (60000, 28, 28)), ("train-labels-idx1-ubyte", (60000,)),
        ("t10k-images-idx3-ubyte", (10000, 28, 28)), ("t10k-labels-idx1-ubyte", (10000,)),
    ]  # fmt: skip
    assert len({file.sha256 for file in files}) == 4
    assert all(mirror.endswith("/") for mirror in fashion_files.MIRRORS)


def test_reading_the_sample_imports_neither_torch_nor_what_a_download_needs() -> None:
    code = (
        "import sys; from course import fashion; fashion.sample(); "
        "print([name for name in ('torch', 'pooch', 'requests', 'tqdm') if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
