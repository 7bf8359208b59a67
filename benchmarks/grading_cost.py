"""What grading right files costs: processor seconds of the grader and all its workers, and memory at the peak.

    python benchmarks/grading_cost.py                    this tree
    python benchmarks/grading_cost.py --before COMMIT    an earlier commit and this tree, in one run

Inside the engine, a zygote that has imported torch is there already; `pytest autograder` is the whole command. The
floor is what no grader of these checks can save: making the inputs and judging the answers, the functions themselves,
and, for each file, one worker with all walls. Rounds alternate, so that what else the machine does meets all.

The first row of a kind is a run whose right answers are not kept yet, the second one whose answers are. This process
adopts workers whose parent ended first, so that their time counts: on earlier trees each student's worker was such.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parents[1]
ONE, FIVE = "latent", ("latent", "reparameterization", "kl", "interpolation", "conditional")
SEED = 7
SAY_SEED = "from autograder.engine.grading.grade import fresh_seed; print(fresh_seed())"
TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def seconds(usage: resource.struct_rusage) -> float:
    return usage.ru_utime + usage.ru_stime


def adopt() -> None:
    """From now on, processes below this one whose parent ends become its own."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def orphans(but: int = 0) -> float:
    """Processor seconds of all children that have ended, of which none but one is waited for elsewhere."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) and ended.si_pid != but:
            os.waitpid(ended.si_pid, 0)
    return seconds(resource.getrusage(resource.RUSAGE_CHILDREN))


def used() -> float:
    """Processor seconds of this process, the zygote, and all workers that have ended."""
    from autograder.engine.worker_client.forked import Forked

    time.sleep(0.2)  # until killed workers have ended
    total = seconds(resource.getrusage(resource.RUSAGE_SELF))
    if Forked._shared is not None:
        fields = Path(f"/proc/{Forked._shared.pid}/stat").read_text().rpartition(")")[2].split()
        total += sum(map(int, fields[11:15])) / TICK  # user and system; of children, user and system
        total += orphans(Forked._shared.pid)
    return total


def cost(work: Callable[[], object]) -> float:
    before = used()
    work()
    return used() - before


def inside(rounds: int) -> dict[str, list[float]]:
    """By what is graded, processor seconds inside the engine of this process."""
    from autograder.engine.catalogue import exercises
    from autograder.engine.grading.grade import fresh_seed, grade

    def graded(names: Sequence[str], seed: int) -> None:
        for exercise in exercises():
            if exercise.name in names:
                outcomes = grade(exercise, ROOT_OF_SOLUTIONS / exercise.solution, seed=seed)
                assert all(outcome.score == outcome.part.points for outcome in outcomes), outcomes

    kept = fresh_seed()  # where answers are kept, one for which they are
    graded(FIVE, kept)
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        for what, names in (("one file", [ONE]), ("five files", FIVE)):
            found.setdefault(what, []).append(cost(partial(graded, names, SEED)))
            found.setdefault(f"{what}, kept answers", []).append(cost(partial(graded, names, kept)))
    return found


ROOT_OF_SOLUTIONS = Path.cwd() / "solutions"


def floor() -> dict[str, float]:
    """Processor seconds of five files' inputs and judging, of the functions called, and of five walled workers."""
    from autograder.engine.answering.loaded_worker import LoadedWorker
    from autograder.engine.answering.oracle import Live
    from autograder.engine.answering.submission import Submission
    from autograder.engine.catalogue import exercises
    from autograder.engine.grading.session import Session
    from autograder.engine.judging.checks import checks_of
    from autograder.engine.staging.own import own_files
    from autograder.engine.worker_client.limits import Limits

    five = [exercise for exercise in exercises() if exercise.name in FIVE]
    asked: list[tuple[Any, Any]] = []
    replies: list[Any] = []
    answers: list[Any] = []

    class KeptOracle(Live):  # answers as before, without a worker
        def __call__(self, call: Any) -> Any:  # noqa: ARG002
            return replies.pop(0)

    class KeptSubmission(Submission):
        def ask_each(self, calls: Sequence[Any]) -> Generator[Any]:
            for _ in calls:
                yield answers.pop(0)

    class Noting(Live):
        def __call__(self, call: Any) -> Any:
            replies.append(super().__call__(call))
            return replies[-1]

    class NotingSubmission(Submission):
        def ask_each(self, calls: Sequence[Any]) -> Generator[Any]:
            for call, answer in zip(calls, super().ask_each(calls), strict=True):
                asked.append((self.exercise, call))
                answers.append(answer)
                yield answer

    def judged(kind: type[Submission], oracle_kind: type[Live]) -> None:
        for exercise in five:
            path = ROOT_OF_SOLUTIONS / exercise.solution
            submission, oracle = kind(exercise, path, Limits()), oracle_kind(exercise)
            with Session(exercise, path, SEED, oracle=oracle, submission=submission) as session:
                for number, checks in checks_of(exercise).items():
                    for check in checks:
                        session.check(number, check)
            oracle.close()

    def walled() -> None:
        for exercise in five:
            path = ROOT_OF_SOLUTIONS / exercise.solution
            file = LoadedWorker(path.name, partial(own_files, path), exercise.functions, Limits())
            file.load()
            file.close()

    judged(NotingSubmission, Noting)
    return {
        "inputs and judging": cost(lambda: judged(KeptSubmission, KeptOracle)),
        "five walled workers": cost(walled),
        "the functions": functions(asked),
    }


def functions(asked: list[tuple[Any, Any]]) -> float:
    """Processor seconds of the solutions' functions alone, called with the inputs that were sent."""
    import torch

    sys.path.insert(0, str(ROOT_OF_SOLUTIONS))
    from autograder.engine.worker_process.arguments import Arguments
    from autograder.engine.worker_process.models import set_linear

    torch.set_num_threads(1)
    total = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for exercise, call in asked:
            module: Any = __import__(Path(exercise.solution).stem)
            owner, _, name = call.function.rpartition(".")
            packed, arrays = call.pack("float32")
            body: dict[str, Any] = dict(packed)
            for again in body.get("rounds") or [{"kwargs": {}}]:
                request: Any = {**body, "kwargs": {**body["kwargs"], **again["kwargs"]}}
                arguments = Arguments(request, arrays, Path(folder))
                function = getattr(module, name, None)
                if owner:
                    made = getattr(module, owner)()
                    for layer, (weight, bias) in call.layers.items():
                        set_linear(made, layer, torch.from_numpy(weight).float(), torch.from_numpy(bias).float())
                    function = getattr(made, name)
                assert function is not None
                start = time.process_time()
                function(*arguments.positional, **arguments.named)
                total += time.process_time() - start
    return total


def family(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                yield from family(int(child))
    except OSError:
        return


def memory(pid: int) -> float:
    """Megabytes of a process and all below it; a page that many share counts once."""
    total = 0
    for each in family(pid):
        try:
            for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
                total += int(line.split()[1]) if line.startswith("Pss:") else 0
        except OSError:
            continue
    return total / 1024


def run(tree: Path, *line: str, look: bool = False, cache: str = "") -> tuple[float, float, str]:
    """Processor seconds of a command and all below it, megabytes at its peak if they are looked at, what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "OMP_NUM_THREADS": "1"}
    environment |= {"XDG_CACHE_HOME": cache} if cache else {}
    with tempfile.TemporaryFile("w+") as said:
        before = orphans()
        process = subprocess.Popen([sys.executable, *line], cwd=tree, env=environment, stdout=said)
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, memory(process.pid)) if look else 0.0
            time.sleep(0.05)
        said.seek(0)
        assert process.returncode == 0, said.read()
        time.sleep(0.2)
        return orphans() - before, peak, said.read()


@contextmanager
def trees(before: str) -> Iterator[dict[str, Path]]:
    """The trees to measure by name; that of a commit is unpacked."""
    with tempfile.TemporaryDirectory() as folder:
        if not before:
            yield {"this tree": ROOT}
            return
        packed = subprocess.run(["git", "archive", before], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=packed, check=True)
        os.chmod(folder, 0o755)
        yield {before: Path(folder), "this tree": ROOT}


@click.command()
@click.option("--before", default="", help="A commit to measure as well.")
@click.option("--rounds", default=3, help="How often each is measured; the median is printed.")
@click.option("--part", hidden=True, default="")
def main(before: str, rounds: int, part: str) -> None:
    """Processor seconds of grading five right files and one, and memory at the peak."""
    adopt()
    if part:
        click.echo(json.dumps(floor() if part == "floor" else inside(rounds)))
        return
    found: dict[tuple[str, str], list[float]] = {}
    with trees(before) as places, tempfile.TemporaryDirectory() as cache:
        for _ in range(rounds):
            found.setdefault(("", "import torch"), []).append(run(ROOT, "-c", "import torch")[0])
            for name, tree in places.items():
                measured = json.loads(run(tree, __file__, "--part", "inside", "--rounds", "1", cache=cache)[2])
                for what, times in measured.items():
                    found.setdefault((name, what), []).extend(times)
                kept = run(tree, "-c", SAY_SEED, cache=cache)[2].strip()
                run(tree, *command(tree), f"--seed={kept}", cache=cache)
                for which, seed in (("", SEED), (", kept answers", kept)):
                    for words in ([], ["-k", ONE]):
                        spent, _, _ = run(tree, *command(tree), f"--seed={seed}", *words, cache=cache)
                        found.setdefault((name, " ".join(["pytest", *words]) + which), []).append(spent)
        for name, tree in places.items():
            found[name, "peak memory, MB"] = [run(tree, *command(tree), look=True)[1]]
        for what, time_of in json.loads(run(ROOT, __file__, "--part", "floor")[2]).items():
            found["floor", what] = [time_of]
    for (name, what), times in found.items():
        spread = f"  ({min(times):.2f} to {max(times):.2f})" if len(times) > 1 else ""
        click.echo(f"{name:12}{what:33}{statistics.median(times):8.2f}{spread}")


def command(tree: Path) -> tuple[str, ...]:
    """`pytest autograder` over the solutions, which lie in a folder under the starters' names."""
    folder = tree / "build" / "right"
    folder.mkdir(parents=True, exist_ok=True)
    for name in FIVE:
        (folder / f"{name}_starter.py").write_bytes((tree / "solutions" / f"{name}_solution.py").read_bytes())
    line = ("-m", "pytest", "autograder", f"--submission={folder}", "-p", "no:cacheprovider", "-q")
    return (*line, "-k", " or ".join(FIVE))


if __name__ == "__main__":
    main()
