"""What run.py measures inside a fresh process; each prints the figures as JSON.

python benchmarks/in_process.py pages PROBLEM COUNT     milliseconds of each page, and of the yardstick beside it
python benchmarks/in_process.py trace PROBLEM ARITHMETIC     seconds that the trace takes, the problem being loaded
python benchmarks/in_process.py epochs PROBLEM COUNT     seconds of a training of so many epochs
python benchmarks/in_process.py lecture PROBLEM EPOCHS     seconds of each training of this network, and of a loop
python benchmarks/in_process.py batches PROBLEM SIZE     seconds of each epoch in mini-batches, and of a loop beside it
python benchmarks/in_process.py whole PROBLEM     seconds of reading the file, of loading it, and of its training
"""

import json
import sys
import time
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import numpy_loops

import explainer
from explainer.trace.engine import Engine, strict
from explainer.trace.schedule import epochs as epochs_of
from explainer.trace.steps import Equations

ROUNDS = 11


def seconds(action: Callable[[], object]) -> float:
    """How long something takes."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def yardstick() -> int:
    """Something that takes always the same work, to see by how much the machine itself changes its speed."""
    return sum(number * number for number in range(100_000))


def pages(path: str, count: str) -> dict[str, list[float]]:
    """Load a problem once; trace, explain and render it many times."""
    problem = explainer.load(path)

    def page() -> str:
        return explainer.render(explainer.explain(explainer.trace(problem)), "markdown")

    page()  # reads the templates
    turns = [(seconds(page) * 1e3, seconds(yardstick) * 1e3) for _ in range(int(count))]
    return {"page": [turn[0] for turn in turns], "yardstick": [turn[1] for turn in turns]}


def trace(path: str, arithmetic: str) -> dict[str, float]:
    """Load a problem and trace it once."""
    problem = explainer.load(path, arithmetic=arithmetic)
    return {"yardstick": seconds(yardstick), "trace": seconds(lambda: explainer.trace(problem))}


def epochs(path: str, count: str) -> dict[str, float]:
    """Train once for many epochs; the last step is shown."""
    settings = {"kind": "training", "training.epochs": int(count), "presentation.steps": ["last"]}
    problem = explainer.load(path, arithmetic="float", settings=settings)
    return {"epochs": seconds(lambda: explainer.train(problem))}


def whole(path: str) -> dict[str, float]:
    """Load a training and train it, from the file to the last epoch."""
    read = seconds(lambda: tomllib.loads(Path(path).read_text(encoding="utf-8"), parse_float=Decimal))
    found: list[explainer.Problem] = []
    load = seconds(lambda: found.append(explainer.load(path)))
    return {"toml": read, "load": load, "train": seconds(lambda: explainer.train(found[0]))}


def lecture(path: str, count: str) -> dict[str, list[float]]:
    """Train the lecture's network many times, and beside it the loop that is written for it."""
    settings = {"kind": "training", "training.epochs": int(count), "presentation.steps": []}
    problem = explainer.load(path, arithmetic="float", settings=settings)
    found = [epoch.error for epoch in explainer.train(problem).epochs[:-1]]
    np.testing.assert_allclose(found, numpy_loops.lecture(int(count)), rtol=1e-12)  # both do the same work
    return alternately(lambda: explainer.train(problem), lambda: numpy_loops.lecture(int(count)))


def batches(path: str, size: str) -> dict[str, list[float]]:
    """Epoch after epoch of a network of two layers in mini-batches, and beside each the same in NumPy."""
    problem = explainer.load(path)
    engine, schedule = Engine(problem), problem.of(explainer.problem.training.Trained).schedule
    state = engine.begun(Equations(problem, explainer.Trace).first)
    steps = next(epochs_of(schedule, len(problem.samples)))
    loop = [array(part) for layer in problem.network.layers for part in (layer.weights, layer.biases)]
    inputs, targets = (array([getattr(each, part) for each in problem.samples]) for part in ("inputs", "targets"))
    errors: list[list[float]] = [[], []]

    def by_engine() -> None:
        nonlocal state
        with strict():
            for batch in steps:
                state = engine.step(batch, state)
            errors[0].append(engine.errors(state)[0])

    def by_loop() -> None:
        errors[1].append(numpy_loops.batches(loop, inputs, targets, int(size), 0.5))

    found = alternately(by_engine, by_loop)
    np.testing.assert_allclose(*errors, rtol=1e-9)  # both do the same work
    return found


def array(rows: object) -> np.ndarray:
    """Numbers of a problem as an array."""
    return np.array(rows, float)


def alternately(engine: Callable[[], object], loop: Callable[[], object]) -> dict[str, list[float]]:
    """The seconds of both in turn; a round that is not counted comes first."""
    turns = [(seconds(engine), seconds(loop)) for _ in range(ROUNDS + 1)][1:]
    return {"engine": [turn[0] for turn in turns], "loop": [turn[1] for turn in turns]}


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    measured = (pages, trace, epochs, lecture, batches, whole)
    print(json.dumps({each.__name__: each for each in measured}[what](*arguments)))
