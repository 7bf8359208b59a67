"""Some 300 command lines that a reader could type by mistake, and what must be true of each answer.

python -m tests.course.odd_commands            all of them, a child process each; a line for each that is amiss
python -m tests.course.odd_commands -k claims  those that have this word
python -m tests.course.odd_commands -v         every answer
"""

from __future__ import annotations

import os
import resource
import shlex
import shutil
import signal
import stat
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click
from tqdm import tqdm

from course.cli import main
from tests.course import odd_files

__all__ = ["GROUPS", "Answer", "Odd", "amiss", "reader"]

for _heavy in ("matplotlib.pyplot", "sklearn.decomposition", "course.experiment", "course.explorer.page"):
    import_module(_heavy)  # once, and not in each child

SECONDS = 60
MEMORY = 6_000_000_000  # of addresses: a command that asks for more than it can be given is told so
_QUICK = "--steps 2 --no-picture"
_SWEEP = "--beta 1 --latent-dim 2 --steps 2"


@dataclass(frozen=True)
class Odd:
    """A command line, run where `f/` holds odd files; `fails` says whether it has to be refused; `env` is added."""

    line: str
    fails: bool | None = True
    env: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What a command answered; `changed` names the reader's files that are no longer what they were."""

    code: int
    out: str
    err: str
    changed: tuple[str, ...]


def _train() -> Iterator[Odd]:
    yield from _each("train --data f/{} QUICK --out o", "good.npz | idx | pictures | mixed | wide", None)
    yield from _each("train --data f/{} QUICK --out o", """
        empty | text.txt | latin.txt | nul | noise | none | loop | dangling | fifo | nowhere | own.json | nothing.npz
        objects.npz | signed.npz | complex.npz | words.npz | nan.npz | huge_floats.npz | scalar.npz
        no_rows.npz | oblong.npz | black.npz | few_labels.npz | one_class.npz | bad_names.npz | half.npz | text.npz
        empty.npz | bomb.npz | deep.npz | bare.npy | blank | clear | two | broken | idx_bomb | idx_some | idx_text
        idx_gz | list.pt | other.safetensors | no_solutions
    """)  # fmt: skip
    files = "other.npz | uint16.npz | colour.npz | large.npz | key.npz | word_labels.npz"
    yield from _each("train --data f/{} QUICK --out o", files, None)
    places = "'' | ' ' | ~nobodyhere/x | ~ | / | /proc | /dev | mnist | FASHION | \udcff"
    yield from _each("train --data {} QUICK --out o", f"{places} | {'x' * 5000}")
    yield Odd(f"train --data 'a\nb' {_QUICK} --out o")
    yield from _each("train QUICK --out o {}", """
        --latent-dim 0 | --latent-dim -1 | --latent-dim 1.5 | --latent-dim two | --latent-dim 9999999999
        --latent-dim 999999999999999999999999 | --latent-dim 3000000 | --hidden-dim 0 | --hidden-dim -5
        --hidden-dim 99999999 | --hidden-dim 9999999999999999999999 | --depth 0 | --depth -1 | --depth 1000000
        --depth 99999999999999999999 | --batch-size 0 | --batch-size -1 | --batch-size x | --beta -1 | --beta nan
        --beta inf | --beta x | --beta 1e400 | --beta-start -1 | --beta-start nan | --beta-start inf | --anneal -1
        --anneal 2 | --anneal nan | --learning-rate 0 | --learning-rate -1 | --learning-rate nan | --learning-rate inf
        --seed -1 | --seed 1.5 | --seed x | --seed 99999999999999999999 | --seed 18446744073709551616 | --model gan
        --model | --gamma 2 | --model classifier --beta 2 | --model ae --beta 2 | --branch z | --nothing | surplus
        --model cvae --data f/pictures | --steps 0 | --steps -1 | --steps 9999999999999999
        --steps 1.5 | --steps 1e3 | --steps ''
    """)  # fmt: skip
    yield from _each("train QUICK --out o {}", "--learning-rate 1e30 | --batch-size 99999999999", None)
    yield from _each("train QUICK --out {}", f"""
        /proc/x/o | /sys/o | f/text.txt/o | '' | . | .. | / | f/own | f/own.safetensors
        {"x" * 300}
    """)  # fmt: skip
    yield from _each("train QUICK --out {}", "f/fifo | f/none | f/own.json | 'new\vline' | -x", None)
    yield Odd("train --steps 2 --out f/own")


def _sweep() -> Iterator[Odd]:
    yield from _each("sweep {} --out o.png", """
        --beta x --latent-dim 2 --steps 2 | --beta '' --steps 2 | --beta 1,,2 --steps 2 | --beta nan --steps 2
        --beta -1 --latent-dim 2 --steps 2 | --latent-dim 0 --beta 1 --steps 2 | --latent-dim 1.5 --steps 2
        --latent-dim 99999999999 --beta 1 --steps 2 | --seed x --steps 2 | --steps 0 | --steps -1
        --seed -1 --beta 1 --latent-dim 2 --steps 2 | --seed 99999999999999999999 --beta 1 --latent-dim 2 --steps 2
        SWEEP --data nothing | SWEEP --data f/text.npz | SWEEP --data f/none | SWEEP --data ~nobodyhere/x
    """)  # fmt: skip
    yield from _each("sweep SWEEP --out {}", f"""
        /proc/x/o.png | o.xyz | o.abc | f/none | f/text.txt/o.png | f/own.png | f/loop | f/fifo | ''
        {"x" * 300}.png
    """)  # fmt: skip
    yield from _each("sweep SWEEP --out {}", "new/folder/o.png | o", False)


def _figures() -> Iterator[Odd]:
    yield from _each("figures {}", """
        nothing | '' | patterns nothing | --theme pink patterns | patterns --out /proc/x | patterns --out f/text.txt
        patterns --out f/loop | patterns --out f/fifo | patterns --out '' | -x
    """)  # fmt: skip
    yield from _each("figures {}", "patterns --out new/folder | patterns patterns", False)


def _explore() -> Iterator[Odd]:
    yield from _each("explore f/{} --no-open --out e.html", """
        empty | text.txt | noise | none | loop | dangling | fifo | nowhere | scalar.pt | list.pt | number.pt
        no_keys.pt | numbers.pt | expanded.pt | sparse.pt | module.pt | half.pt | text.pt | letter.pt | empty.pt
        pickle.pt | text.safetensors | empty.safetensors | long_head.safetensors | deep_head.safetensors
        other.safetensors | list_record | deep_record | half_record | no_kind | odd_kind | huge_model | large_model
        minus_model | word_model | other_weights | odd_run | good.npz | own.json | own.safetensors | pictures
    """)  # fmt: skip
    yield from _each("explore {} --no-open --out e.html", f"'' | . | / | ~nobodyhere/x | lines | -x | {'x' * 5000}")
    yield Odd("explore 'a\nb' --no-open --out e.html")
    yield from _each("explore lines64 --no-open --out {}", f"""
        /proc/x/e.html | f/none | f/loop | f/fifo | f/text.txt/e.html | f/own.html | ''
        {"x" * 300}
    """)  # fmt: skip
    yield from _each(
        "explore lines64 --no-open --out e.html --data {}",
        "nothing | fashion-sample | f/good.npz | f/none | f/text.npz | ''",
    )
    yield Odd("explore lines64 --no-open --out new/folder/e.html", False)
    yield Odd("explore")


def _runs() -> Iterator[Odd]:
    yield from _each("runs {}", f"""
        -w beta | -w =1 | -w beta= | -w model=gan | -w data=f/none | -w data=f/text.npz | -w data=~nobodyhere/x
        -w '' | -w nothing=1 | -w beta=NaN | -w beta=1e999 | --limit x | --limit '' | --limit -1 | compare
        compare nobody | compare '' | compare lines64-vae-d8-b | compare lines64-vae-d8-b4-s0 nobody | nothing
        -w beta={"[" * 5000}
    """)  # fmt: skip
    yield from _each("runs compare lines64-vae-d8-b4-s0 --out {}", f"""
        /proc/x/y.png | c.xyz | f/none | f/own.png | f/text.txt/c.png | f/loop | f/fifo | ''
        {"x" * 300}.png
    """)  # fmt: skip
    yield Odd("runs compare lines64-vae-d8-b4-s0 --out new/folder/c.png", False)
    yield Odd("runs compare lines64-vae-d8-b4-s0 lines64-vae-d8-b4-s0", None)


def _claims() -> Iterator[Odd]:
    yield from _each("claims --only grey-pixels {}", """
        --jobs 0 | --jobs -3 | --jobs x | --jobs 999999 | --out /proc/x/c.json | --out f/none | --out f/loop
        --out f/text.txt/c.json | --out f/fifo | --out f/own.json | --out '' | --check --out nowhere.json
    """)  # fmt: skip
    for how in ("--check", ""):
        yield from _each(
            f"claims --only grey-pixels {how} --out f/claims_{{}}.json",
            "brace | list | odd | words | null | deep | fields | latin",
        )
    yield from _each("claims --only {}", "latent | '' | nothing | grey_pixels")


def _starters() -> Iterator[Odd]:
    right = Path(__file__).parents[2] / "solutions"
    yield from _each(
        "starters --solutions f/{} --exercises ex",
        "no_solutions | unmarked | latin_solutions | syntax | nul_solutions | text.txt | none | loop | nowhere",
    )
    for how in ("", "--check", "--overwrite"):
        yield from _each(
            f"starters {how} --solutions {right} --exercises f/{{}}",
            "text.txt | starter_is_folder | fifo | loop | text.txt/ex",
        )
    yield Odd(f"starters --solutions {right} --exercises f/starter_latin", None)
    yield Odd(f"starters --overwrite --solutions {right} --exercises f/starter_latin", None)
    yield Odd(f"starters --solutions {right} --exercises a/b/c", False)
    yield from _each("starters {}", f"--solutions {right} --exercises /proc/x | --check | --surplus")


def _others() -> Iterator[Odd]:
    yield from _each(
        "fashion --folder {}",
        "f/none | f/text.txt | f/idx | f/idx_text | f/loop | /proc | '' | nowhere | f/idx_bomb",
    )
    yield from _each("{}", """
        trian | --nothing | -v | claims -x | '' | watch nothing --surplus | doctor --nothing | check-course /nowhere
        check-course f/text.txt
    """)  # fmt: skip
    yield Odd("", False)


def _surroundings() -> Iterator[Odd]:
    lines = """
        runs | fashion | figures patterns --out d | train QUICK --out o | sweep SWEEP --out s.png | --help
        explore lines64 --no-open --out e.html | claims --only grey-pixels --out c.json
    """
    for env in (
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii:strict"},
        {"COLUMNS": "1", "TERM": "dumb"}, {"COLUMNS": "x", "LINES": "-1"}, {"HOME": ""}, {"HOME": "/nowhere"},
        {"LATENT_COURSE_RUNS": "f/text.txt"}, {"LATENT_COURSE_RUNS": "/proc/x"}, {"LATENT_COURSE_RUNS": "f/loop"},
        {"XDG_CACHE_HOME": "relative"}, {"TMPDIR": "/nowhere"}, {"OMP_NUM_THREADS": "x"},
        {"LATENT_COURSE_FASHION": "f/text.txt"},
    ):  # fmt: skip
        yield from _each("{}", lines, None, env)


def _each(pattern: str, texts: str, fails: bool | None = True, env: dict[str, str] | None = None) -> Iterator[Odd]:
    """The pattern with each of the texts, between which stand bars or ends of lines, in its place."""
    for text in texts.replace("\n", "|").split("|"):
        if text.strip():
            line = pattern.replace("{}", text.strip()).replace("QUICK", _QUICK).replace("SWEEP", _SWEEP)
            yield Odd(line, fails, env or {})


GROUPS: dict[str, Callable[[], Iterator[Odd]]] = {
    "train": _train, "sweep": _sweep, "figures": _figures, "explore": _explore, "runs": _runs, "claims": _claims,
    "starters": _starters, "others": _others, "surroundings": _surroundings,
}  # fmt: skip


@contextmanager
def reader(folder: Path) -> Iterator[Callable[[Odd], Answer]]:
    """A function that runs a command as a child process in a new folder beside odd files, which are made once."""
    made = folder / "f"
    made.mkdir()
    odd_files.make(made)
    before = _state(made)

    def ask(odd: Odd) -> Answer:
        place = Path(tempfile.mkdtemp(dir=folder))
        (place / "f").symlink_to(made)
        child = os.fork()
        if child == 0:
            _be(odd, place)
        code, after = _ended(child), _state(made)
        changed = {name for name, state in before.items() if after.get(name) != state}
        before.update(after)
        out, err = ((place / name).read_text("utf-8", "backslashreplace") for name in (".out", ".err"))
        shutil.rmtree(place)
        return Answer(code, out, err, tuple(sorted(changed)))

    yield ask


def amiss(odd: Odd, answer: Answer) -> list[str]:
    """What is wrong with the answer: nothing, if a reader can go on from it."""
    found = []
    if "Traceback" in answer.err:
        found.append("a traceback")
    if answer.code == -signal.SIGKILL:
        found.append(f"no answer within {SECONDS} seconds")
    elif answer.code not in (0, 1, 2):
        found.append(f"exit code {answer.code}")
    if odd.fails is not None and odd.fails == (answer.code == 0):
        found.append("refused" if answer.code else "taken for good")
    if answer.code and not answer.err.strip():
        found.append("no word of why")
    if answer.code and "Error: " not in answer.err and "Traceback" not in answer.err:
        found.append("no line that begins with Error:")
    if len(answer.err) > 2000 and "x" * 300 not in odd.line:
        found.append(f"{len(answer.err)} characters of error")
    if answer.changed:
        found.append(f"changed the reader's {', '.join(answer.changed)}")
    return found


def _state(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Size, time and kind of each file in a folder, by name."""
    found = {}
    for place in folder.rglob("*"):
        status = place.lstat()
        if stat.S_ISDIR(status.st_mode):
            continue
        found[str(place.relative_to(folder))] = (status.st_size, status.st_mtime_ns, status.st_mode)
    return found


def _be(odd: Odd, place: Path) -> NoReturn:
    """The child: becomes `latent-course` with this line, and never returns."""
    code = 70
    try:
        os.chdir(place)
        os.environ.update(odd.env)
        for number, name in ((1, ".out"), (2, ".err")):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        sys.argv = ["latent-course", *shlex.split(odd.line)]
        if odd.env:  # what Python looks at when it starts needs a new Python
            os.execv(sys.executable, [sys.executable, "-m", "course.cli", *sys.argv[1:]])
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        sys.stdout, sys.stderr = (os.fdopen(fd, "w", encoding="utf-8") for fd in (1, 2))
        try:
            main(prog_name="latent-course")
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        except BaseException:
            traceback.print_exc()
            code = 1
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _ended(child: int) -> int:
    """The exit code of a child, which has SECONDS; minus the signal that ended it."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@click.command()
@click.argument("groups", nargs=-1, type=click.Choice(list(GROUPS)))
@click.option("-v", "every", is_flag=True, help="Show every answer, not only those that are amiss.")
def report(groups: tuple[str, ...], every: bool) -> None:
    """Try the lines of these GROUPS, or all; exit with 1 if one answer is amiss."""
    chosen, wrong = [odd for group in groups or GROUPS for odd in GROUPS[group]()], 0
    with tempfile.TemporaryDirectory() as folder, reader(Path(folder)) as ask:
        os.environ["LATENT_COURSE_RUNS"] = f"{folder}/runs"
        for odd in tqdm(chosen, unit="line", disable=None, leave=False):
            began = time.monotonic()
            answer = ask(odd)
            took = time.monotonic() - began
            found = amiss(odd, answer)
            wrong += bool(found)
            if every or found:
                env = " ".join(f"{name}={value}" for name, value in odd.env.items())
                said = (answer.err or answer.out).strip().splitlines() or [""]
                tqdm.write(f"{env} {odd.line[:150]!r}: {', '.join([f'{took:.1f} s, exit {answer.code}', *found])}")
                tqdm.write(f"    {said[-1][:300]}")
    click.echo(f"{len(chosen)} lines, {wrong} answers amiss")
    sys.exit(min(wrong, 1))


if __name__ == "__main__":
    report()
