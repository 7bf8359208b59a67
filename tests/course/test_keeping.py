"""A training that was paid for is never lost: real processes, real signals, real disks that are full."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import pytest
from click.testing import CliRunner, Result

from course import checkpoints, runs
from course.cli import main
from course.training import Settings
from tests.autograder.users import MODES, command

ROOT = Path(__file__).parents[2]
TRAIN = ["train", "--data", "lines64", "--latent-dim", "2", "--hidden-dim", "2"]
LATENT_COURSE = [sys.executable, "-m", "course.cli"]
LIMITED = """
import resource, sys
from course.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (%d, %d))
main(sys.argv[1:])
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user may enter and write to, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def environment(store: Path) -> dict[str, str]:
    return {**os.environ, "LATENT_COURSE_RUNS": str(store), "OMP_NUM_THREADS": "1"}


def run(program: list[str], store: Path) -> subprocess.CompletedProcess[str]:
    """A program to its end, with this store."""
    done = subprocess.run(program, cwd=ROOT, env=environment(store), capture_output=True, text=True, timeout=240)
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture
def here(place: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command in this process, with a store at `place`, where the promise is not about how a process ends."""
    monkeypatch.setenv("LATENT_COURSE_RUNS", str(place / "runs"))
    return lambda *words: CliRunner().invoke(main, [*TRAIN, *words], catch_exceptions=False)


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The one line about the store."""
    [line] = [line for line in done.stderr.splitlines() if "LATENT_COURSE_RUNS" in line]
    return line


def saved(out: Path) -> dict[str, object]:
    """The record of the checkpoint at `out`, whose weights are whole; nothing half is left beside it."""
    checkpoints.load_any(out)
    assert [path.name for path in out.parent.glob(".*")] == []
    return checkpoints.read_record(out)


@pytest.mark.parametrize(
    ("store", "why"), [("/dev/null", "is not a folder"), ("/dev/null/below", "Not a directory"), ("/proc/none", "")]
)
def test_a_store_that_is_no_folder_costs_no_training(store: str, why: str, place: Path) -> None:
    done = run([*LATENT_COURSE, *TRAIN, "--steps", "5", "--out", str(place / "two")], Path(store))
    assert done.returncode == 0
    assert sentence(done).startswith(f"The run store {store} could not keep a training (")
    assert why in sentence(done)
    assert saved(place / "two")["quality"]
    assert (place / "two.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode.startswith("ordinary")])
def test_an_ordinary_user_may_have_a_store_that_is_only_read(mode: str, place: Path) -> None:
    store = place / "store"
    store.mkdir()
    store.chmod(0o555)
    train = [*LATENT_COURSE, *TRAIN, "--steps", "5", "--no-picture", "--out"]
    done = run(command(mode, [*train, str(place / "two")]), store)
    assert done.returncode == 0
    assert "(Permission denied)" in sentence(done)
    assert saved(place / "two")["quality"]
    refused = run(command(mode, [*train, str(store / "two")]), place / "runs")
    assert refused.returncode == 1
    assert "two.safetensors cannot be written (Permission denied): name another place with --out" in refused.stderr
    assert list(store.iterdir()) == []
    assert not (place / "runs").exists()


def test_a_disk_that_is_full_while_the_store_is_written(place: Path) -> None:
    # a history of 2000 steps and a picture are larger than these weights, and than a file may be here
    limited = [sys.executable, "-c", LIMITED % (16384, 16384), *TRAIN, "--steps", "2000", "--out", str(place / "two")]
    done = run(limited, place / "runs")
    assert "(File too large)" in sentence(done)
    assert list((place / "runs").iterdir()) == []
    assert saved(place / "two")["quality"]
    assert "is written, but the model could not be drawn" in done.stderr
    assert done.returncode == 1
    assert not (place / "two.png").exists()


def test_a_disk_that_is_full_while_a_run_is_replaced_leaves_the_old_one(
    place: Path, here: Callable[..., Result]
) -> None:
    words = ["--steps", "2000", "--no-picture", "--out", str(place / "two")]
    assert here(*words).exit_code == 0
    [kept] = (place / "runs").iterdir()
    before = {path: path.read_bytes() for path in kept.iterdir()}
    limited = [sys.executable, "-c", LIMITED % (16384, 16384), *TRAIN, *words, "--again"]
    done = run(limited, place / "runs")
    assert "(File too large)" in sentence(done)
    assert {path: path.read_bytes() for path in kept.iterdir()} == before
    assert list((place / "runs").iterdir()) == [kept]
    assert saved(place / "two")["quality"]


OUT_IS_GONE = """
import shutil, sys
from pathlib import Path
from course import run_config
from course.cli import main
fit = run_config.fit
def last(*arguments, **options):
    history = fit(*arguments, **options)
    out = Path(sys.argv[-1]).parent
    shutil.rmtree(out)
    out.write_text("a file now")
    return history
run_config.fit = last
main(sys.argv[1:])
"""


@pytest.mark.parametrize("store", ["runs", "file"])
def test_where_out_fails_at_last_it_says_where_the_weights_are(store: str, place: Path) -> None:
    (place / "file").write_text("")
    out = place / "out" / "two"
    done = run([sys.executable, "-c", OUT_IS_GONE, *TRAIN, "--steps", "5", "--out", str(out)], place / store)
    assert done.returncode == 1
    assert f"{out}.safetensors could not be written ({place / 'out'} is not a folder)." in done.stderr
    if store == "runs":
        [kept] = (place / store).iterdir()
        assert f"The training is kept in the run store as {kept.name}, in {kept}: the same command" in done.stderr
        checkpoints.load_any(kept / "run")
        found = run(
            [*LATENT_COURSE, *TRAIN, "--steps", "5", "--no-picture", "--out", str(place / "two")], place / store
        )
        assert f"Found in the run store as {kept.name}" in found.stdout
    else:
        rescued = Path(done.stderr.partition("The weights are in ")[2].partition(": move them")[0])
        assert saved(rescued)["steps_done"] == 5
        shutil.rmtree(rescued.parent)


def full_disks() -> list[str]:
    """Only root can make a disk; it is small, and gone with the process."""
    return ["store", "out"] if os.getuid() == 0 else []


@pytest.mark.parametrize("which", full_disks())
def test_a_real_disk_that_is_full(which: str, place: Path) -> None:
    disk = place / "disk"
    disk.mkdir()
    stuffed = [*LATENT_COURSE, *TRAIN, "--steps", "5", "--no-picture", "--out"]
    stuffed.append(str((disk if which == "out" else place) / "two"))
    mount = f'mount --make-rprivate / && mount -t tmpfs -o size=4k,mode=777 none {disk} && exec "$@"'
    done = run(
        ["unshare", "--mount", "sh", "-c", mount, "sh", *stuffed], (disk if which == "store" else place) / "runs"
    )
    assert "No space left on device" in done.stderr
    if which == "store":
        assert done.returncode == 0
        assert "(No space left on device)" in sentence(done)
        assert saved(place / "two")["quality"]
    else:
        assert done.returncode == 1
        assert "The training is kept in the run store as lines64-vae-d2-h2-b4to1-" in done.stderr
        [kept] = (place / "runs").iterdir()
        checkpoints.load_any(kept / "run")


@pytest.mark.parametrize("out", ["/dev/null", "folder", "file/two", "is-a-folder", "/proc/two"])
def test_an_out_that_is_no_place_is_refused_before_training(out: str, place: Path, here: Callable[..., Result]) -> None:
    (place / "folder").mkdir()
    (place / "is-a-folder.safetensors").mkdir()
    (place / "file").write_text("")
    before = sorted(place.rglob("*"))
    done = here("--steps", "100000000", "--out", str(place / out))
    assert done.exit_code in (1, 2)
    assert done.stdout == ""
    assert [line for line in done.stderr.splitlines() if line.startswith("Error: ")] == done.stderr.splitlines()[-1:]
    assert sorted(place.rglob("*")) == before
    assert list(Path("/dev").glob("null.*")) == []


def test_two_names_with_a_dot_are_two_files(place: Path, here: Callable[..., Result]) -> None:
    for beta in ("0.5", "0.25"):
        assert here("--steps", "5", "--beta", beta, "--out", str(place / f"beta{beta}")).exit_code == 0
    names = [f"beta{beta}.{ending}" for beta in ("0.25", "0.5") for ending in ("json", "png", "safetensors")]
    assert sorted(path.name for path in place.iterdir()) == [*names, "runs"]
    assert [json.loads((place / f"beta{b}.json").read_text())["settings"]["beta"] for b in ("0.25", "0.5")] == [
        0.25,
        0.5,
    ]


@pytest.mark.filterwarnings("default")  # as in a shell, where a warning is no error
def test_a_damaged_run_is_trained_again(place: Path, here: Callable[..., Result]) -> None:
    def train() -> str:
        return here("--steps", "5", "--no-picture", "--out", str(place / "two")).output

    assert "Wrote" in train()
    for name in ("run", "history"):
        [torn] = (place / "runs").glob(f"*/{name}.safetensors")
        torn.write_bytes(b"torn")
        again = train()
        assert "Found" not in again
        assert f"Note: The run {torn.parent.name} is damaged and is trained again" in again
        assert "Found" in train()


PAUSES = """
import sys, threading
from course import checkpoints, experiment, run_config
from course.cli import main
from course.figures import portrait

def pause(*_):
    print(where, flush=True)
    threading.Event().wait()

def hold(*arguments):
    print(where, flush=True)
    sys.stdin.readline()
    return save(*arguments)

def told(*arguments, after_step, **options):
    def step(number):
        if number == 1:
            print("training", flush=True)
        after_step(number)
    return fit(*arguments, after_step=step, **options)

where, fit, save, run_config.fit = sys.argv[1], run_config.fit, checkpoints.save, told
if where == "measuring":
    experiment.quality_of = pause
elif where == "drawing":
    portrait.portrait = pause
else:
    checkpoints.save = hold
main(sys.argv[2:])
"""


class Paused:
    """A training that waits at one place; it is told to go on, or interrupted, at what it says."""

    def __init__(self, where: str, steps: int, out: Path) -> None:
        program = [sys.executable, "-c", PAUSES, where, *TRAIN, "--steps", str(steps), "--out", str(out)]
        pipe, env = subprocess.PIPE, environment(out.parent / "runs")
        self.process = subprocess.Popen(program, cwd=ROOT, env=env, text=True, stdin=pipe, stdout=pipe, stderr=pipe)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()

    def interrupt(self, at: str) -> None:
        assert self.process.stdout
        while (line := self.process.stdout.readline()) and line.strip() != at:
            pass
        assert line.strip() == at
        self.process.send_signal(signal.SIGINT)

    def end(self, said: str = "") -> str:
        """What it says at its end, which is that of an interrupted program."""
        _, errors = self.process.communicate(said, timeout=60)
        assert "Traceback" not in errors
        assert self.process.returncode == 130, errors
        return errors


@pytest.mark.parametrize("steps", [5, 100_000_000])
@pytest.mark.parametrize("where", ["measuring", "drawing"])
def test_ctrl_c_after_training_keeps_the_weights(where: str, steps: int, place: Path) -> None:
    words = {"measuring": "not measured: its record says nothing of its quality", "drawing": "not drawn"}
    with Paused(where, steps, place / "two") as paused:
        if steps > 5:
            paused.interrupt("training")
        paused.interrupt(where)
        assert f"{place / 'two'}.safetensors is written, but the model is {words[where]}" in paused.end()
    record = saved(place / "two")
    assert isinstance(record["steps_done"], int)
    assert 0 < record["steps_done"] <= steps
    assert bool(record["quality"]) == (where == "drawing")
    assert not (place / "two.png").exists()
    assert len(list((place / "runs").glob("*/run.json"))) == (steps == 5)


@pytest.mark.parametrize("steps", [5, 100_000_000])
def test_ctrl_c_waits_while_the_weights_are_written(steps: int, place: Path) -> None:
    with Paused("saving", steps, place / "two") as paused:
        if steps > 5:
            paused.interrupt("training")
        paused.interrupt("saving")
        assert "not measured" in paused.end("go on\n" * 2)
    assert saved(place / "two")["quality"] == {}
    assert len(list((place / "runs").glob("*/run.json"))) == (steps == 5)


def test_a_picture_that_cannot_be_written_is_refused_before_training(place: Path, here: Callable[..., Result]) -> None:
    (place / "two.png").mkdir()
    done = here("--steps", "100000000", "--out", str(place / "two"))
    assert done.exit_code == 1
    assert "two.png is a folder" in done.stderr
    assert [path.name for path in place.iterdir()] == ["two.png"]


def test_a_model_is_used_where_the_store_cannot_keep_it() -> None:
    with pytest.warns(runs.NotKept, match="run store /dev/null could not keep a training"):
        model = runs.load_or_train("lines64", {"hidden_dim": 2}, Settings(steps=3), Path("/dev/null"))
    assert model.hidden_dim == 2
    assert not model.training


def test_a_sweep_goes_on_without_a_store(place: Path) -> None:
    out = ["--out", str(place / "sweep.png")]
    program = [*LATENT_COURSE, "sweep", "--beta", "1,8", "--latent-dim", "1,2", "--steps", "4", *out]
    done = run(program, Path("/dev/null"))
    assert done.returncode == 0
    assert "could not keep a training" in sentence(done)
    assert len(done.stdout.splitlines()) == 6
    refused = run([*program[:-1], str(place / "file" / "x.unknown")], place / "runs")
    assert "x.unknown is no name of a picture: expected .png, .svg, .pdf, got .unknown" in refused.stderr
    assert refused.stdout == ""
