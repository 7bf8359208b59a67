"""The explorer shows the model that is named, never its neighbour, and says what is odd in a file."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from course import checkpoints, runs
from course.errors import CourseError
from course.explorer import readers
from course.labelled import BranchedVAE
from course.models import VAE
from course.run_config import build
from course.training import Settings
from tests.course.test_explorer import Starter


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LATENT_COURSE_RUNS", str(tmp_path / "runs"))


def starter(path: str, latent_dim: int) -> None:
    weights = Starter(latent_dim=latent_dim).state_dict()
    if path.lower().endswith(".safetensors"):
        save_file(weights, path)
    else:
        torch.save(weights, path)


def checkpoint(path: str, latent_dim: int) -> None:
    checkpoints.save(build({"latent_dim": latent_dim, "hidden_dim": 4}, 0), path, {"data": "lines64"})


def dimensions(source: str) -> object:
    return readers.find(source).model.size["latent_dim"]


def test_a_file_is_itself_whatever_lies_beside_it() -> None:
    checkpoint("mine", 2)
    names = ("mine.pt", "mine.pth", "mine.safetensors.pt", "mine.SafeTensors.pt", "mine.bin", "mine.SAFETENSORS")
    for latent_dim, name in enumerate(names, start=3):
        starter(name, latent_dim)
    with pytest.warns(readers.NotTheRecord, match=r"mine.SAFETENSORS is shown by its weights alone"):
        found = {name: readers.find(name) for name in ("mine.safetensors", *names)}
    assert [own.model.size["latent_dim"] for own in found.values()] == [2, 3, 4, 5, 6, 7, 8]
    assert [own.title for own in found.values()] == ["mine"] * 3 + ["mine.safetensors", "mine.SafeTensors"] + [
        "mine"
    ] * 2
    assert found["mine.safetensors"].record["data"] == "lines64"
    assert [name for name in names if found[name].record] == []
    starter("mine", 9)
    assert dimensions("mine") == 9


def test_a_name_without_its_ending_that_could_be_two_files_says_so() -> None:
    checkpoint("mine", 2)
    assert dimensions("mine") == 2
    starter("mine.pt", 3)
    with pytest.raises(
        CourseError, match=r"'mine' could be the file mine.safetensors or the file mine.pt: expected one"
    ):
        readers.find("mine")
    Path("mine.safetensors").unlink()
    assert dimensions("mine") == 3
    with pytest.raises(FileNotFoundError, match=r"nothing is there under 'mine.pth'"):
        readers.find("mine.pth")


def test_a_shipped_name_and_a_file_or_folder_here_are_two_things() -> None:
    assert dimensions("lines64") == 8
    checkpoint("lines64", 2)
    with pytest.raises(CourseError, match=r"could be the file lines64.safetensors or lines64 of the course"):
        readers.find("lines64")
    assert dimensions("./lines64") == dimensions("lines64.safetensors") == 2
    Path("lines64").mkdir()
    checkpoint("lines64/run", 3)
    Path("lines64/run.json").replace("lines64/run.json")
    with pytest.raises(
        CourseError, match=r"could be the folder lines64/ or the file lines64.safetensors or lines64 of"
    ):
        readers.find("lines64")
    assert dimensions("lines64/") == 3


def test_a_run_is_named_by_its_name_or_its_folder_and_no_file_is_taken_for_it() -> None:
    runs.load_or_train("lines64", {"hidden_dim": 4, "latent_dim": 5}, Settings(steps=3))
    [folder] = Path("runs").glob("lines64-*")
    assert dimensions(folder.name) == dimensions(str(folder)) == dimensions(f"{folder}/") == 5
    checkpoint(folder.name, 2)
    with pytest.raises(CourseError, match=rf"could be the file {folder.name}.safetensors or the run .*{folder.name}/"):
        readers.find(folder.name)
    assert dimensions(f"./{folder.name}") == 2
    with pytest.raises(FileNotFoundError, match="nothing is there"):
        readers.find(f"other/../{folder.name}x")


@pytest.mark.parametrize(
    "record", ["[]", "{", "[" * 5000, '{"model": 3}', '{"digits": 1}', '{"model": {"kind": "VAE"}}']
)
def test_a_neighbour_that_is_no_record_of_these_weights_is_left_alone(record: str) -> None:
    starter("mine.safetensors", 3)
    Path("mine.json").write_text(record)
    with pytest.warns(readers.NotTheRecord, match=r"mine.safetensors is shown by its weights alone, .*record"):
        own = readers.find("mine.safetensors")
    assert (own.model.size["latent_dim"], own.record) == (3, {})


def test_no_one_is_advised_to_run_a_pickle() -> None:
    torch.save(Whole(), "mine.pt")
    with pytest.raises(CourseError, match="no pickle of tensors alone") as refused:
        readers.find("mine.pt")
    assert "weights_only" not in str(refused.value)


def test_a_record_that_does_not_fit_is_said_where_the_weights_alone_are_no_model() -> None:
    checkpoints.save(build({"num_classes": 4}, 0, BranchedVAE), "mine", {})
    record = json.loads(Path("mine.json").read_text())
    record["model"]["latent_dim"] = 5
    Path("mine.json").write_text(json.dumps(record))
    with pytest.raises(CourseError, match=r"mine.safetensors does not fit the model in its record: expected shape"):
        readers.find("mine")


class Whole(torch.nn.Module):
    """What a pickle of a whole model holds."""


def weights(**changed: Any) -> dict[str, Any]:
    return {**Starter().state_dict(), **changed}


def written(make: Callable[[], object]) -> Callable[[Path], object]:
    return lambda path: torch.save(make(), path)


def mu(**values: torch.Tensor) -> Callable[[Path], object]:
    """A starter with another weight or bias in fc_mu."""
    return written(lambda: weights(**{f"fc_mu.{name}": value for name, value in values.items()}))


def packed(path: Path) -> None:
    """A file of torch.save, packed anew: it may unpack to more than memory holds."""
    torch.save(weights(), path)
    with zipfile.ZipFile(path) as file:
        parts = {part: file.read(part) for part in file.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("hello.txt", "hello")


def truncated(path: Path) -> None:
    torch.save(weights(), path)
    path.write_bytes(path.read_bytes()[:-500])


def vast(path: Path) -> None:
    """A file of four terabytes that takes no room."""
    with path.open("wb") as file:
        file.truncate(4 * 10**12)


HUGE = torch.zeros(1).expand(10**6, 10**6)  # four terabytes where it is made contiguous
ODD: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (lambda path: path.write_text("hello"), "holds no weights that can be read"),
    "one letter": (lambda path: path.write_text("a"), "holds no weights that can be read"),
    "empty": (lambda path: path.write_bytes(b""), "holds no weights that can be read"),
    "truncated": (truncated, "holds no weights that can be read"),
    "another zip": (zipped, "holds no weights that can be read"),
    "packed": (packed, "it is compressed"),
    "sparse file": (vast, "expected to fit into"),
    "whole module": (written(Whole), "save vae.state_dict() with torch.save(vae.state_dict(), 'mine.pt')"),
    "list": (written(lambda: [1, 2]), "something else than a state_dict, a list"),
    "nothing": (written(dict), "something else than a state_dict"),
    "tensor": (written(lambda: torch.zeros(3)), "something else than a state_dict, a Tensor"),
    "nested": (written(lambda: {"epoch": 3, "model": weights()}), "else than tensors by name, int under 'epoch'"),
    "keys": (written(lambda: {1: torch.zeros(3)}), "something else than tensors by name, Tensor under 1"),
    "scalar": (mu(weight=torch.tensor(1.0)), "expected layers encoder_fc1"),
    "vector": (mu(weight=torch.zeros(3)), "expected layers encoder_fc1"),
    "no rows": (mu(weight=torch.zeros(0, 20)), "latent_dim must be at least 1, got 0"),
    "expanded": (mu(weight=HUGE), "got an expanded tensor"),
    "expanded elsewhere": (written(lambda: weights(other=HUGE)), "got an expanded tensor"),
    "nan": (mu(bias=torch.full((3,), torch.nan)), "got NaN or infinity in fc_mu.bias"),
    "too large": (mu(bias=torch.full((3,), 1e300, dtype=torch.float64)), "infinity in fc_mu.bias"),
    "whole numbers": (mu(bias=torch.zeros(3).long()), "got torch.int64 in fc_mu.bias"),
    "complex": (mu(bias=torch.zeros(3, dtype=torch.complex64)), "got torch.complex64 in fc_mu.bias"),
    "sparse": (mu(weight=torch.zeros(3, 20).to_sparse()), "got a sparse or nested"),
    "meta": (mu(bias=torch.zeros(3, device="meta")), "got a tensor without numbers"),
    "one more": (written(lambda: weights(other=torch.zeros(2))), "expected none for other, got shape (2,)"),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_weights_are_said_in_one_line_with_their_file(name: str, tmp_path: Path) -> None:
    write, words = ODD[name]
    path = tmp_path / "mine.pt"
    write(path)
    with pytest.raises(CourseError) as refused:
        readers.find(str(path))
    assert words in str(refused.value)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_weights_of_any_floating_point_are_read(dtype: torch.dtype) -> None:
    torch.save({name: value.to(dtype) for name, value in weights().items()}, "mine.pt")
    model = readers.find("mine.pt").model
    assert isinstance(model, VAE)
    assert {value.dtype for value in model.state_dict().values()} == {torch.float32}


@pytest.mark.parametrize(
    ("size", "words"),
    [({"latent_dim": 10**8, "hidden_dim": 10**8}, "expected to fit into"), ({"latent_dim": 10**12}, "at most 10"),
     ({"depth": 10**9}, "at most 1000"), ({"latent_dim": 2.5}, "must be a whole number, got 2.5"),
     ({"latent_dim": "8"}, "must be a whole number, got '8'"), ({"latent_dim": None}, "got None"),
     ({"generator": 3}, "a VAE has no 'generator'"), ({"self": 3}, "a VAE has no 'self'"), ({"kind": []}, "got '[]'"),
     ({"kind": "BranchedVAE", "gamma": "x"}, "gamma"), ({"kind": "BranchedVAE", "branch": []}, "branch must be")],
)  # fmt: skip
def test_a_record_of_a_model_that_cannot_be_is_refused(size: dict[str, object], words: str) -> None:
    checkpoint("mine", 2)
    Path("mine.json").write_text(json.dumps({"model": {"kind": "VAE", **size}}))
    with pytest.raises(CourseError) as refused:
        checkpoints.load_any("mine")
    assert words in str(refused.value)
    assert "mine.safetensors describes no model" in str(refused.value)
