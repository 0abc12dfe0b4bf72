"""Trainings in matrices: batches, optimizers, penalties, clipping and dropout, read back and compared with NumPy."""

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from operator import eq
from typing import Any

import numpy as np
import pytest

import explainer
from explainer.check.report import findings
from explainer.maths.optimizers import OPTIMIZERS
from tests.mathematics import Num
from tests.matrices import MATRIX
from tests.matrix_trainings import TrainingPage

NETWORK = """
[network]
inputs = 3
[[network.layers]]
activation = "sigmoid"
weights = [[0.15, 0.6, 0.3], [0.2, -0.3, 0.5]]
biases = [0.1, -0.2]
[[network.layers]]
activation = "tanh"
weights = [[0.8, 0.2], [-0.3, 0.4]]
biases = [0.05, 0.3]
"""
SAMPLES = [([2, 3, 1], [0.6, 0.1]), ([1, 0, 2], [0.5, -0.3]), ([3, 1, 1], [0.4, 0.8]), ([0, 1, 1], [0.5, 0.5])]

STEERED: Mapping[str, dict[str, object]] = {
    "plain": {},
    "sum": {"training.reduction": "sum"},
    "l1 and l2": {"training.regularization": {"l2": Decimal("0.1"), "l1": Decimal("0.02")}},
    "decay": {"training.regularization": {"weight_decay": Decimal("0.1")}},
    "norm": {"training.clipping": {"norm": Decimal("0.05")}},
    "value": {"training.clipping": {"value": Decimal("0.05")}},
}


def problem(count: int, **settings: object) -> explainer.api.Problem:
    """A step over so many samples, in matrices."""
    given = "".join(f"[[samples]]\ninputs = {inputs}\ntargets = {targets}\n" for inputs, targets in SAMPLES[:count])
    text = f'{NETWORK}{given}[training]\nlearning_rate = 0.5\n[presentation]\nconvention = "matrix"\n'
    return explainer.loads(text, settings={"kind": "training", **settings})


def page(given: explainer.api.Problem, markup: str = "markdown", **options: Any) -> str:
    """The page of a problem."""
    return explainer.render(explainer.explain(explainer.trace(given), **options), markup)


@pytest.mark.parametrize("steered", STEERED)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("samples", [1, 2, 4])
def test_every_entry_follows_from_the_digits_before_it(samples: int, optimizer: str, steered: str) -> None:
    """Read back from the page, every line of matrices is true, whatever moves the parameters."""
    if steered == "decay" and optimizer in ("adadelta", "adamw"):
        return  # which refuse it
    settings = {"training.optimizer": optimizer, **STEERED[steered]}
    for detail in ("full", "standard", "brief"):
        read = TrainingPage(page(problem(samples, **settings), detail=detail))
        assert read.faults() == []
        assert read.compared > (60 if detail != "brief" else 20)
        assert read.hidden == 0


@pytest.mark.parametrize("form", ["inverted", "classic"])
@pytest.mark.parametrize("samples", [1, 3])
def test_dropout_is_true_entry_by_entry(samples: int, form: str) -> None:
    """What dropout leaves out, forward and back, is a matrix of its own, and every entry after it follows."""
    dropout = {"rate": Decimal("0.5"), "mask": [[1, 0], [0, 1], [1, 1]][:samples], "form": form}
    written = page(problem(samples, **{"network.layers[0].dropout": dropout}))
    read = TrainingPage(written)
    assert read.faults() == []
    name = "R" if samples > 1 else "r"
    rows = [
        [int(entry.value) for entry in row if isinstance(entry, Num)] for row in read.values[f"{name}^{{[1]}}"].rows
    ]
    assert rows == [list(row) for row in zip(*dropout["mask"], strict=True)]  # type: ignore[call-overload]


NUMERAL = re.compile(r"(?<![\d.^{])\d+\.\d+")


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_reader_finds_each_altered_entry(optimizer: str) -> None:
    """A page with one digit of one matrix changed is found out: the tests before can fail."""
    whole = page(problem(3, **{"training.optimizer": optimizer}))
    places = [
        number.end() - 1
        for matrix in MATRIX.finditer(whole)
        for number in NUMERAL.finditer(whole, matrix.start(1), matrix.end(1))
    ]
    assert len(places) > 200
    for at in places[::7]:
        other = whole[:at] + str((int(whole[at]) + 1) % 10) + whole[at + 1 :]
        assert TrainingPage(other).faults() != [], other[at - 80 : at + 20]


def reference(samples: int, l2: float) -> dict[str, np.ndarray]:
    """Every array of a step of momentum over a batch, in NumPy, by the name that a page gives it."""
    inputs, targets = (np.array([sample[place] for sample in SAMPLES[:samples]]).T for place in (0, 1))
    first, second = np.array([[0.15, 0.6, 0.3], [0.2, -0.3, 0.5]]), np.array([[0.8, 0.2], [-0.3, 0.4]])
    biases = np.array([[0.1], [-0.2]]), np.array([[0.05], [0.3]])
    hidden = 1 / (1 + np.exp(-(first @ inputs + biases[0])))
    output = np.tanh(second @ hidden + biases[1])
    last = (output - targets) * (1 - output**2)
    passed = second.T @ last * hidden * (1 - hidden)
    found = {"X": inputs, "Y": targets, "A^{[1]}": hidden, r"\hat{Y}": output, r"\Delta^{[2]}": last}
    found |= {r"\Delta^{[1]}": passed, "E": targets - output}
    layers = ((1, first, passed, inputs, biases[0]), (2, second, last, hidden, biases[1]))
    for level, weights, delta, signals, bias in layers:
        slope = delta @ signals.T / samples + l2 * weights
        found[rf"\frac{{\partial L}}{{\partial W^{{[{level}]}}}}"] = slope
        found[rf"v_W^{{[{level}],\mathrm{{new}}}}"] = -0.5 * slope
        found[rf"W^{{[{level}],\mathrm{{new}}}}"] = weights - 0.5 * slope
        found[rf"b^{{[{level}],\mathrm{{new}}}}"] = bias - 0.5 * delta.mean(axis=1, keepdims=True)
    return found


@pytest.mark.parametrize("samples", [2, 3, 4])
def test_every_array_is_what_numpy_gives(samples: int) -> None:
    """Outputs, δ, gradients, velocities and new parameters of a batch are those of matrix products done elsewhere."""
    settings = {"training.optimizer": "momentum", "training.regularization": {"l2": Decimal("0.1")}}
    given = problem(samples, **settings, **{"numbers.arithmetic": "float", "numbers.decimals": 7})
    read = TrainingPage(page(given), by_hand=False)
    assert read.faults() == []
    for name, array in reference(samples, 0.1).items():
        if name not in read.values:
            assert array.shape[1] == samples > 3, name  # too wide to be shown whole
            continue
        rows = [[float(entry.value) for entry in row if isinstance(entry, Num)] for row in read.values[name].rows]
        np.testing.assert_allclose(np.array(rows), array, rtol=1e-6, atol=1e-7, err_msg=name)


@pytest.mark.parametrize("arithmetic", ["decimal", "float"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_numbers_are_those_of_the_scalar_page(optimizer: str, arithmetic: str) -> None:
    """A page in matrices is another reading of one trace: every value carried is that of layered."""
    one, other = (
        explainer.trace(problem(3, **{"training.optimizer": optimizer}), arithmetic=arithmetic, convention=name)
        for name in ("matrix", "layered")
    )
    assert [step.quantity for step in one] == [step.quantity for step in other]
    same = math.isclose if arithmetic == "float" else eq  # a float may depend on the order of factors
    assert all(same(mine.value, yours.value) for mine, yours in zip(one, other, strict=True))


@pytest.mark.parametrize("arithmetic", ["decimal", "float", "letters"])
@pytest.mark.parametrize("steered", STEERED)
@pytest.mark.parametrize("optimizer", ["sgd", "nesterov", "adagrad", "adam"])
def test_the_programs_own_check_holds(optimizer: str, steered: str, arithmetic: str) -> None:
    """Every equality, in letters too with random numbers for them, every gradient by differences, and every δ hold."""
    settings = {"training.optimizer": optimizer, "numbers.arithmetic": arithmetic, **STEERED[steered]}
    found = findings(explainer.trace(problem(3, **settings)))
    assert [wrong for each in found for wrong in each.wrong] == []
    assert found[0].held > 30


def test_a_large_batch_is_elided() -> None:
    """Of twelve samples the first ones and the last stand on the page, under the true dimensions."""
    samples = "".join(f"[[samples]]\ninputs = [{each}, 1, 0]\ntargets = [0, 1]\n" for each in range(12))
    given = explainer.loads(f"{NETWORK}{samples}[training]\nlearning_rate = 0.5\n", convention="matrix")
    written = page(given)
    assert re.search(r"X &= \{\\underbrace\{\\begin\{bmatrix\}\n0 & 1 & 2 & \\cdots & 11 ", written)
    assert "_{3 \\times 12}" in written
    assert [line for line in page(given, "text").splitlines() if len(line) > 90] == []


def test_steps_of_a_run_are_in_the_same_form() -> None:
    """Every step that is shown has its samples and what the step before has left as matrices."""
    settings = {"training.batch": 2, "training.epochs": 2, "presentation.steps": [1, 2, "last"]}
    given = problem(4, **settings, **{"training.optimizer": "momentum"})
    written = explainer.render(explainer.explain(explainer.train(given)), "markdown")
    assert written.count("X &= ") == 3
    assert written.count("The step before has left:") == 2
    assert TrainingPage(written).faults() == []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"numbers.arithmetic": "exact"}, "Exact numbers are too long"),
        ({"network.layers[0].mask": [[1, 0, 1], [1, 1, 1]]}, "Connections are missing"),
        ({"network.layers[0].trained": "biases", "network.layers[1].trained": "biases"}, "No weights are trained"),
    ],
)
def test_a_page_that_is_worked_unit_by_unit_says_so(settings: dict[str, object], reason: str) -> None:
    """Where matrices do not fit, one sentence tells why."""
    written = page(problem(2, **settings), "text")
    assert reason in written
    assert "unit by unit" in " ".join(written.split())
    assert "⎡" not in written


NORMALIZED = {"network.layers[0].normalization": {"gamma": [1, Decimal("0.5")], "beta": [0, Decimal("0.2")]}}


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("samples", [2, 3])
def test_normalization_is_true_entry_by_entry(samples: int, optimizer: str, reduction: str) -> None:
    """Means and variances of rows, and the way back through them, follow from the digits before them."""
    settings = {"training.optimizer": optimizer, "training.reduction": reduction, **NORMALIZED}
    for detail in ("full", "standard", "brief"):
        read = TrainingPage(page(problem(samples, **settings), detail=detail))
        assert read.faults() == []
        assert read.compared > (60 if detail != "brief" else 20)


def test_the_reader_finds_each_altered_entry_of_normalization() -> None:
    """A page with one digit changed is found out in the equations of normalization, too."""
    whole = page(problem(3, **NORMALIZED))
    start, end = whole.index("Their mean and their variance"), whole.index("Back to the variance")  # times 0 there
    places = [
        number.end() - 1
        for matrix in MATRIX.finditer(whole, start, end)
        for number in NUMERAL.finditer(whole, matrix.start(1), matrix.end(1))
    ]
    assert len(places) > 200
    for at in places[::7]:
        other = whole[:at] + str((int(whole[at]) + 1) % 10) + whole[at + 1 :]
        assert TrainingPage(other).faults() != [], other[at - 80 : at + 20]


def test_normalization_is_what_numpy_gives() -> None:
    """Statistics, normalized net inputs and δ by whole matrices, the way back in one formula, are those of the page."""
    given = problem(3, **NORMALIZED, **{"numbers.arithmetic": "float", "numbers.decimals": 7})
    read = TrainingPage(page(given), by_hand=False)
    assert read.faults() == []
    inputs, targets = (np.array([sample[place] for sample in SAMPLES[:3]]).T for place in (0, 1))
    first, second = np.array([[0.15, 0.6, 0.3], [0.2, -0.3, 0.5]]), np.array([[0.8, 0.2], [-0.3, 0.4]])
    scale, shift = np.array([[1], [0.5]]), np.array([[0], [0.2]])
    nets = first @ inputs + np.array([[0.1], [-0.2]])
    mean, variance = nets.mean(axis=1, keepdims=True), nets.var(axis=1, keepdims=True)
    root = np.sqrt(variance + 0.001)
    normalized = (nets - mean) / root
    hidden = 1 / (1 + np.exp(-(scale * normalized + shift)))
    output = np.tanh(second @ hidden + np.array([[0.05], [0.3]]))
    last = (output - targets) * (1 - output**2)
    slope = second.T @ last * hidden * (1 - hidden)
    by_normalized = slope * scale
    shared = by_normalized.mean(axis=1, keepdims=True)
    shared = shared + normalized * (by_normalized * normalized).mean(axis=1, keepdims=True)
    expected = {
        r"\mu^{[1]}": mean,
        r"\sigma^2{}^{[1]}": variance,
        r"\hat{Z}^{[1]}": normalized,
        r"\tilde{Z}^{[1]}": scale * normalized + shift,
        r"\Delta^{[1]}": (by_normalized - shared) / root,
        r"\gamma^{[1],\mathrm{new}}": scale - 0.5 * (slope * normalized).mean(axis=1, keepdims=True),
        r"\beta^{[1],\mathrm{new}}": shift - 0.5 * slope.mean(axis=1, keepdims=True),
        r"W^{[1],\mathrm{new}}": first - 0.5 * (by_normalized - shared) / root @ inputs.T / 3,
    }
    for name, array in expected.items():
        rows = [[float(entry.value) for entry in row if isinstance(entry, Num)] for row in read.values[name].rows]
        np.testing.assert_allclose(np.array(rows), array, rtol=1e-6, atol=2e-7, err_msg=name)


@pytest.mark.parametrize("arithmetic", ["decimal", "float", "letters"])
def test_the_programs_own_check_holds_for_normalization(arithmetic: str) -> None:
    """Every equality, in letters too, every gradient by differences, and every δ hold."""
    found = findings(explainer.trace(problem(3, **NORMALIZED, **{"numbers.arithmetic": arithmetic})))
    assert [wrong for each in found for wrong in each.wrong] == []
    assert found[0].held > 30


@pytest.mark.parametrize("activation", ["z / (1 + exp(-z))"])
def test_what_is_too_long_for_a_matrix_is_worked_unit_by_unit(activation: str) -> None:
    """Long derivatives leave the matrices, so that no line is too wide, and every equality holds."""
    given = problem(4, **{"network.layers[0].activation": activation})
    lines = page(given, "text").splitlines()
    assert max(map(len, lines)) < 100
    assert any(re.match(r" +δ₁\^\[1\]⁽¹⁾ +=", line) for line in lines)
    assert [wrong for each in findings(explainer.trace(given)) for wrong in each.wrong] == []
