"""Long trainings: how far they are, an end on Ctrl-C, what they hold, and what they are written as."""

import io
import json
import math
import os
import re
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import explainer
from explainer import progress
from explainer.check.runs import run_findings
from explainer.cli import INTERRUPTED
from explainer.publish.run_records import MOST_EPOCHS, as_json
from explainer.trace.runner import Runner
from tests.command import run as run_command

LONG = """
[network]
inputs = 2
[[network.layers]]
weights = [[0.5, 0.9], [0.4, 1.0]]
biases = [-0.8, 0.1]
[[network.layers]]
weights = [[-1.2, 1.1]]
biases = [-0.3]
[[samples]]
inputs = [1, 1]
targets = [0]
[[samples]]
inputs = [0, 1]
targets = [1]
[training]
learning_rate = 0.5
batch = "online"
epochs = 900000
[numbers]
arithmetic = "float"
[presentation]
steps = [1, "last"]
detail = "brief"
"""


class Enough:
    """Tells of progress, and interrupts as Ctrl-C does after so many epochs."""

    def __init__(self, epochs: int) -> None:
        self.last = epochs
        self.told: list[tuple[int, int]] = []

    def __call__(self, epoch: int, epochs: int) -> None:
        self.told.append((epoch, epochs))
        if epoch == self.last:
            raise KeyboardInterrupt


@pytest.mark.parametrize("arithmetic", ["float", "decimal"])
def test_an_interrupted_training_ends_with_what_it_has_reached(arithmetic: str) -> None:
    """It stands at the end of its last whole epoch, as if there had been no more, and the page says so."""
    enough = Enough(7)
    run = explainer.train(explainer.loads(LONG, arithmetic=arithmetic), progress=enough)
    whole = explainer.train(explainer.loads(LONG, arithmetic=arithmetic, settings={"training.epochs": 7}))
    assert enough.told == [(number, 900_000) for number in range(1, 8)]
    assert (run.ended, run.best, run.steps) == ("interrupted", 7, 14)
    assert run.final == pytest.approx(whole.final)
    assert [epoch.error for epoch in run.epochs] == pytest.approx([epoch.error for epoch in whole.epochs])
    assert [shown.batch.step for shown in run.shown] == [1, 14]
    assert "interrupted there, after epoch 7." in explainer.render(explainer.explain(run), "text").replace("\n", " ")


def test_an_interruption_within_an_epoch_goes_back_to_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an epoch that is not over nothing remains: neither its steps that were to be shown, nor their changes."""
    taken = Runner.taken

    def interrupted(self: Runner, batch: object) -> object:  # type: ignore[type-arg]
        if batch.step == 12:  # type: ignore[attr-defined]
            raise KeyboardInterrupt
        return taken(self, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(Runner, "taken", interrupted)
    run = explainer.train(explainer.loads(LONG, settings={"presentation.steps": [1, 11, "last"]}))
    assert [shown.batch.step for shown in run.shown] == [1, 10]
    assert run.epochs[-1].number == 5
    assert all(run[10].value(quantity.after()) == value for quantity, value in run.final.items())


def interrupt(*_: object) -> None:
    """What Ctrl-C does."""
    raise KeyboardInterrupt


def test_an_interruption_of_the_first_epoch_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no epoch is over there is no run."""
    monkeypatch.setattr(Runner, "taken", interrupt)
    with pytest.raises(KeyboardInterrupt):
        explainer.train(explainer.loads(LONG))


def heeding_interrupts() -> None:
    """What a process begins with: it is told of an interrupt, though one in the background of a shell is not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name == "nt", reason="no signals like those of Unix")
@pytest.mark.parametrize("output", ["page.txt", "-"])
def test_ctrl_c_writes_the_page_of_what_was_reached(tmp_path: Path, output: str) -> None:
    """The command ends with status 130, and its page, which is whole, says after which epoch; no bar is in a pipe."""
    (tmp_path / "long.toml").write_text(LONG, encoding="utf-8")
    command = [sys.executable, "-m", "explainer", "explain", "long.toml", "-f", "text", "-o", output]
    environment = {**os.environ, "PYTHONPATH": str(Path(explainer.__file__).parents[1])}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        preexec_fn=heeding_interrupts,  # noqa: PLW1509 (no thread runs here)
    ) as process:  # fmt: skip
        time.sleep(5)  # it has begun, and is far from its end
        process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    page = (tmp_path / output).read_text(encoding="utf-8") if output != "-" else out
    assert process.returncode == INTERRUPTED
    epoch = re.search(r"interrupted after epoch (\d+)", err)
    assert epoch
    assert len(err.splitlines()) == 1
    assert f"It was interrupted there, after epoch {epoch[1]}." in " ".join(page.split())
    assert "All parameters that are trained" in page
    assert page.endswith("\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({"long.toml", output} - {"-"})


class Terminal(io.StringIO):
    """A standard error that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("kind", [Terminal, io.StringIO])
def test_a_bar_is_shown_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch, kind: type[io.StringIO]) -> None:
    """A long training tells on a terminal how far it is, and elsewhere nothing."""
    stream, shown = kind(), kind is Terminal
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "WAIT", 0)
    monkeypatch.setattr(progress, "PAUSE", 0)
    with progress.progress_bar() as told:
        explainer.train(explainer.loads(LONG, settings={"training.epochs": 40}), progress=told)
    assert ("20/40" in stream.getvalue()) == shown
    assert bool(stream.getvalue()) == shown


def test_what_is_soon_over_has_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """A training that keeps nobody waiting writes nothing on a terminal."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.progress_bar() as told:
        explainer.train(explainer.loads(LONG, settings={"training.epochs": 5}), progress=told)
    assert stream.getvalue() == ""


def test_a_long_training_keeps_only_what_it_shows() -> None:
    """Of every epoch its errors stay, in less than 150 bytes, and of the steps the two that are shown."""
    sizes = []
    for epochs in (3000, 3000, 13_000):
        problem = explainer.loads(LONG, settings={"training.epochs": epochs})
        tracemalloc.start()
        run = explainer.train(problem)
        sizes.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert len(run.shown) == 2
        assert len(run.epochs) == epochs + 1
    assert sizes[2] - sizes[1] < 10_000 * 150  # the first has imported what it needed


@pytest.mark.parametrize("epochs", [50, 1000, 4321])
def test_long_trainings_are_written_with_some_of_their_epochs(epochs: int) -> None:
    """What `trace -f json` writes has every epoch of a short training, and about a thousand of a long one."""
    run = explainer.train(explainer.loads(LONG, settings={"training.epochs": epochs}))
    found = json.loads(as_json(run))["epochs"]
    errors = {epoch.number: repr(epoch.error) for epoch in run.epochs}
    assert all(errors[each["epoch"]] == each["error"] for each in found)
    assert [found[0]["epoch"], found[-1]["epoch"]] == [0, epochs]
    assert min(epochs, MOST_EPOCHS // 2) <= len(found) <= MOST_EPOCHS + 1


def test_a_long_page_stays_readable() -> None:
    """The page of a hundred thousand epochs is no longer than a person reads: its table leaves most of them out."""
    settings = {"training.epochs": 20_000, "presentation.steps": []}
    page = explainer.render(explainer.explain(explainer.train(explainer.loads(LONG, settings=settings))), "text")
    assert "20000" in page
    assert len(page.splitlines()) < 150


def test_without_steps_a_page_has_the_table_only() -> None:
    """With `steps = []` no step is worked in full, and the page has all the rest."""
    run = explainer.train(explainer.loads(LONG, settings={"training.epochs": 12, "presentation.steps": []}))
    page = explainer.render(explainer.explain(run), "markdown")
    assert run.shown == ()
    assert "Step 1" not in page
    assert "All epochs" in page
    assert [finding.wrong for finding in run_findings(run) if finding.wrong] == []


def test_steps_that_are_never_taken_are_not_shown() -> None:
    """A step beyond the end of the training leaves no gap and does no harm."""
    run = explainer.train(explainer.loads(LONG, settings={"training.epochs": 2, "presentation.steps": [400]}))
    assert run.shown == ()
    assert "Step 400" not in explainer.render(explainer.explain(run), "markdown")
    with pytest.raises(explainer.ProblemError, match="not shown"):
        run.only("delta_5")


def test_exclusive_or_is_solved() -> None:
    """Online descent with momentum ends when half the sum of squares is small enough, with every sample right."""
    problem = explainer.load("problems/xor-online-momentum.toml")
    run = explainer.train(problem)
    assert run.ended == "error"
    assert run.epochs[-1].error <= 0.0005 < run.epochs[-2].error
    values = {run.names.typed(each): value for each, value in run.final.items() if each.role in ("weight", "bias")}
    for sample in problem.samples:
        first, second = map(float, sample.inputs)
        hidden = [
            sigmoid(first * values[f"w_1{unit}"] + second * values[f"w_2{unit}"] - values[f"theta_{unit}"])
            for unit in (3, 4)
        ]
        output = sigmoid(hidden[0] * values["w_35"] + hidden[1] * values["w_45"] - values["theta_5"])
        assert output == pytest.approx(float(sample.targets[0]), abs=0.02)


def sigmoid(z: float) -> float:
    """1 / (1 + e^−z)"""
    return 1 / (1 + math.exp(-z))


def test_linear_units_find_the_function_and_sigmoids_only_its_samples() -> None:
    """Trained towards 2 x₁ + 3 x₂ + 10, both fit their samples; beyond these only the linear network is right."""
    linear, curved = (
        explainer.train(explainer.load(f"problems/foundations-training-{kind}.toml")) for kind in ("linear", "sigmoid")
    )
    assert linear.epochs[-1].error < 1e-6
    assert linear.epochs[-1].validation < 1e-6
    assert curved.epochs[-1].error < 1e-5
    assert curved.epochs[-1].validation > 1
    values = {linear.names.typed(quantity): value for quantity, value in linear.final.items()}
    weights = [np.array([[values[f"w_{j}{i}^({layer})"] for i in (1, 2)] for j in rows]) for layer, rows in ROWS]
    biases = [np.array([values[f"b_{j}^({layer})"] for j in rows]) for layer, rows in ROWS]
    slopes = weights[2] @ weights[1] @ weights[0]
    constant = weights[2] @ (weights[1] @ biases[0] + biases[1]) + biases[2]
    assert slopes[0] == pytest.approx([2, 3], abs=2e-3)
    assert constant[0] == pytest.approx(10, abs=2e-3)


ROWS = ((1, (1, 2)), (2, (1, 2)), (3, (1,)))
"""The layers of that network, and the numbers of their units."""


def interrupted_after(monkeypatch: pytest.MonkeyPatch, last: int) -> None:
    """Lets the user press Ctrl-C in the step after this one."""
    taken = Runner.taken

    def taken_or_interrupted(self: Runner, batch: object) -> object:  # type: ignore[type-arg]
        if batch.step > last:  # type: ignore[attr-defined]
            raise KeyboardInterrupt
        return taken(self, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(Runner, "taken", taken_or_interrupted)


COMMANDS = [
    ("explain", "-f", "text"),
    ("explain", "-f", "text", "--only", "step 1: delta_5"),
    ("trace", "-f", "json"),
    ("trace", "--only", "step 1: delta_5"),
    ("check",),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_every_command_ends_alike_when_interrupted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """With status 130, what was reached written whole, and the epoch told; within the first epoch, nothing written."""
    file = tmp_path / "long.toml"
    file.write_text(LONG, encoding="utf-8")
    command, *options = arguments
    output = [] if command == "check" else ["-o", str(tmp_path / "page")]
    interrupted_after(monkeypatch, 11)
    done = run_command(command, str(file), *options, *output)
    assert (done.status, done.err) == (INTERRUPTED, [f"{file}: interrupted after epoch 5, which is where it ends"])
    assert done.out if command == "check" else (tmp_path / "page").read_text(encoding="utf-8").endswith("\n")
    (tmp_path / "page").unlink(missing_ok=True)
    interrupted_after(monkeypatch, 1)
    done = run_command(command, str(file), *options, *output)
    assert done == (INTERRUPTED, "", ["interrupted; nothing is written"])
    assert [path.name for path in tmp_path.iterdir()] == ["long.toml"]
