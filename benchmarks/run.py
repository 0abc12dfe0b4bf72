"""The figures that the project promises, each beside its bound: python benchmarks/run.py

A machine's speed changes from minute to minute, so what is compared is measured in turn within one run, medians are
shown, and a yardstick of constant work tells how steady the machine was. The exit status is 1 where a bound is missed.
"""

import json
import math
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import correlation, linear_regression, median

from networks import problem, training, weights
from processes import HERE, ROOT, Run, alternating, imported, run

EXPLAINER = ("-m", "explainer")
LECTURE = ROOT / "problems" / "lecture-3-2-1.toml"
LECTURE_PAGE = (*EXPLAINER, "explain", LECTURE)
IN_PROCESS = HERE / "in_process.py"

BIG = (784, 128, 10)
GROWING = [(784, hidden, 10) for hidden in (8, 16, 32, 64, 128)]
FIRST_OUTPUT = "o_913"
"""The first output of the big network; its nodes are numbered through, 784 inputs and 128 hidden units first."""


@dataclass(frozen=True)
class Figure:
    """One measured figure; it holds if it is no more than its bound, and without a bound it is only told."""

    what: str
    measured: float
    unit: str = ""
    bound: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the bound is kept."""
        return self.bound is None or self.measured <= self.bound

    def __str__(self) -> str:
        bound = "" if self.bound is None else f"at most {self.bound:g}"
        verdict = "" if self.bound is None else "ok" if self.holds else "MISSED"
        return f"{self.what:<64}{self.measured:>10.3f} {self.unit:<5}{bound:<15}{verdict}".rstrip()


def main() -> None:
    """Measure everything, and print each figure as soon as it is there."""
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        for title, figures in (
            ("The lecture's page, whole process", lecture()),
            ("Pages of small exercises, whole process", exercises()),
            ("The lecture's page, in a running process", running()),
            ("Trace of a 784-128-10 network", big_trace(Path(folder))),
            ("Growth of the trace with the number of weights", growth(Path(folder))),
            ("Commands on the 784-128-10 network, whole process", commands(Path(folder))),
            ("Trainings in double precision", trainings(Path(folder))),
        ):
            print(f"\n{title}")
            for figure in figures:
                print(f"  {figure}", flush=True)
                kept = kept and figure.holds
    sys.exit(0 if kept else 1)


def lecture() -> Iterator[Figure]:
    """The main job beside handcalcs and beside Python doing nothing."""
    pages, peers, empty = alternating(11, LECTURE_PAGE, [HERE / "handcalcs_lecture.py"], ["-c", "pass"])
    yield Figure("explainer, Markdown (median of 11)", seconds(pages), "s", 0.20)
    yield Figure("handcalcs, LaTeX of the same example (median of 11, in turn)", seconds(peers), "s")
    yield Figure("Python alone, nothing imported (median of 11, in turn)", seconds(empty), "s")
    yield Figure("explainer / handcalcs", seconds(pages) / seconds(peers), "", 0.6)
    yield Figure("peak memory of explainer", memory(pages), "MiB", 45)
    yield Figure("peak memory of handcalcs", memory(peers), "MiB")
    heavy = {"numpy", "sympy"} & imported(*LECTURE_PAGE)
    yield Figure("of NumPy and SymPy, imported", len(heavy), "", 0)


def exercises() -> Iterator[Figure]:
    """The page of each small exercise that ships, whole process."""
    paths = sorted(ROOT.glob("problems/exercise-*.toml"))
    for path, pages in zip(paths, alternating(5, *((*EXPLAINER, "explain", path) for path in paths)), strict=True):
        yield Figure(f"{path.stem} (median of 5)", seconds(pages), "s", 0.25)


def running() -> Iterator[Figure]:
    """The page again and again, in one process."""
    found = json.loads(run(IN_PROCESS, "pages", LECTURE, "101").written)
    yield Figure("trace, explain, render as Markdown (median of 101)", median(found["page"]), "ms", 10)
    yield Figure("yardstick, 100,000 squares added (median of 101, in turn)", median(found["yardstick"]), "ms")


def big_trace(folder: Path) -> Iterator[Figure]:
    """The trace of the big network in both arithmetics."""
    path = written(folder, BIG)
    yield Figure("weights and biases", weights(BIG))
    kinds = ("decimal", "float")
    for kind, runs in zip(kinds, alternating(3, *(traced(path, kind) for kind in kinds)), strict=True):
        yield Figure(f"{kind}: explainer.trace(problem) (median of 3)", reported(runs, "trace"), "s", 3)
        yield Figure(f"{kind}: peak memory, loading included", memory(runs), "MiB", 1.5 * 1024)
        yield Figure(f"{kind}: yardstick", reported(runs, "yardstick") * 1e3, "ms")


def growth(folder: Path) -> Iterator[Figure]:
    """Time against weights over five sizes: on a log-log plot, the slope of linear growth is 1."""
    paths = [written(folder, sizes) for sizes in GROWING]
    times = [reported(runs, "trace") for runs in alternating(5, *(traced(path, "decimal") for path in paths))]
    for sizes, time in zip(GROWING, times, strict=True):
        yield Figure(f"{'-'.join(map(str, sizes))}: {weights(sizes):,} weights and biases (median of 5)", time, "s")
    counts, logs = [math.log(weights(sizes)) for sizes in GROWING], [math.log(time) for time in times]
    yield Figure("slope of log time against log weights", linear_regression(counts, logs).slope, "", 1.1)
    yield Figure("R² of the fit", correlation(counts, logs) ** 2)


def commands(folder: Path) -> Iterator[Figure]:
    """What a user of the command waits for."""
    path = written(folder, BIG)
    (page,) = alternating(3, [*EXPLAINER, "explain", path, "--only", FIRST_OUTPUT, "-f", "markdown"])
    yield Figure(f"explain --only {FIRST_OUTPUT} (median of 3)", seconds(page), "s", 4)
    yield Figure("its peak memory", memory(page), "MiB")
    text = page[0].written
    yield Figure("its page", len(text.encode()) / 1024, "KiB")
    yield Figure("long sums that it shortens", text.count("more)"))
    (slice_,) = alternating(3, [*EXPLAINER, "trace", path, "--only", FIRST_OUTPUT])
    yield Figure(f"trace --only {FIRST_OUTPUT} (median of 3)", seconds(slice_), "s")
    table = [run(*EXPLAINER, "trace", path, "-f", "csv")]
    yield Figure("trace -f csv, every quantity (one run)", seconds(table), "s")
    yield Figure("its peak memory", memory(table), "MiB")
    yield Figure("its table", len(table[0].written.encode()) / 2**20, "MiB")


def trainings(folder: Path) -> Iterator[Figure]:
    """Many epochs of a small network, few of a large one, each beside a loop in NumPy; and what long ones hold."""
    found = json.loads(run(IN_PROCESS, "lecture", LECTURE, "1000").written)
    yield Figure("the lecture's network, 1,000 epochs (median of 11)", median(found["engine"]), "s", 1)
    yield Figure("a loop written for it in NumPy (median of 11, in turn)", median(found["loop"]), "s")
    yield Figure("training / loop", median(found["engine"]) / median(found["loop"]), "", 3)
    path = folder / "batches.toml"
    path.write_text(training(BIG, 1000, 32), encoding="utf-8")
    found = json.loads(run(IN_PROCESS, "batches", path, "32").written)
    yield Figure("784-128-10, 1,000 samples by 32: an epoch (median of 11)", median(found["engine"]), "s")
    yield Figure("the same in NumPy (median of 11, in turn)", median(found["loop"]), "s")
    yield Figure("engine / NumPy", median(found["engine"]) / median(found["loop"]), "", 3)
    whole = folder / "whole.toml"
    whole.write_text(training(BIG, 1000, 32, epochs=1), encoding="utf-8")
    begun = json.loads(run(IN_PROCESS, "whole", whole).written)
    yield Figure("its file read as TOML, numbers as decimals (one run)", begun["toml"], "s")
    yield Figure("and checked: explainer.load(path), reading included (one run)", begun["load"], "s")
    yield Figure("explainer.train(problem), one epoch, none shown (one run)", begun["train"], "s")
    for command in ("explain", "trace"):
        process = run(*EXPLAINER, command, whole)
        yield Figure(f"{command}, whole process, one epoch, none shown (one run)", process.seconds, "s")
        yield Figure("its peak memory", process.memory, "MiB")
    for count, bound in (("1000", None), ("10000", 100.0), ("100000", 100.0)):
        process = run(IN_PROCESS, "epochs", LECTURE, count)
        yield Figure(f"{int(count):,} epochs: peak memory of the process", process.memory, "MiB", bound)


def traced(path: Path, arithmetic: str) -> tuple[str | Path, ...]:
    """The command that traces a problem in a fresh process."""
    return IN_PROCESS, "trace", path, arithmetic


def written(folder: Path, sizes: Sequence[int]) -> Path:
    """The file of the problem of these sizes."""
    path = folder / f"{'-'.join(map(str, sizes))}.toml"
    path.write_text(problem(sizes), encoding="utf-8")
    return path


def seconds(runs: Sequence[Run]) -> float:
    """The median time of several runs."""
    return median(run.seconds for run in runs)


def memory(runs: Sequence[Run]) -> float:
    """The largest peak of memory of several runs."""
    return max(run.memory for run in runs)


def reported(runs: Sequence[Run], name: str) -> float:
    """The median of a figure that the processes measured themselves."""
    return median(float(json.loads(run.written)[name]) for run in runs)


if __name__ == "__main__":
    main()
