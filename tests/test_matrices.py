"""Pages in matrices: read back entry by entry, worked again from their digits, and compared with NumPy."""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from operator import eq

import numpy as np
import pytest

import explainer
from explainer.check.equalities import equalities
from tests import networks
from tests.mathematics import Num
from tests.matrices import MATRIX, MatrixPage, MatrixReader

SEEDS = range(60)
ARITHMETICS = ("decimal", "float")
MARKUPS = ("markdown", "latex")


@lru_cache(maxsize=2)
def traced(seed: int, arithmetic: str) -> explainer.api.Trace:
    """The trace of a random problem in matrices."""
    return explainer.trace(explainer.loads(problem(seed).toml, settings={"numbers.arithmetic": arithmetic}))


def problem(seed: int) -> networks.Problem:
    """A random problem in matrices; in one of three, biases are not trained."""
    drawn = next(each for each in plain(seed) if not networks.saturates(each))
    trained = "all" if seed % 3 else "weights"
    layers = tuple(replace(layer, trained=trained) for layer in drawn.layers)
    return replace(drawn, layers=layers, convention="matrix", longest_sum=10)


def plain(seed: int) -> Iterator[networks.Problem]:
    """Fully connected problems, drawn one after the other, none with both functions that are called GELU."""
    draw = networks.Draw(seed)
    while True:
        drawn = draw.plain()
        if not {"gelu", "gelu-tanh"} <= {layer.activation for layer in drawn.layers}:
            yield drawn


def page(trace: explainer.api.Trace, markup: str = "markdown", detail: str = "full") -> str:
    """The page of a trace."""
    return explainer.render(explainer.explain(trace, detail=detail), markup)


@pytest.mark.parametrize("detail", ["brief", "standard", "full"])
@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_equality_is_true_in_every_entry(seed: int, arithmetic: str, detail: str) -> None:
    """Row times column, entry by entry, transposed: each side follows from the digits before it."""
    markup = MARKUPS[seed % 2]
    reader = MatrixReader(page(traced(seed, arithmetic), markup, detail), problem(seed), arithmetic)
    assert reader.faults() == []
    assert reader.compared > 2


NUMERAL = re.compile(r"(?<![\d.^{])\d+\.\d+")

SMALL = networks.Problem(
    inputs=("1", "0.5"),
    layers=(
        networks.Layer("sigmoid", "0.01", (("0.2", "-0.4"), ("-0.3", "0.1"), ("0.7", "0.6")), ("-0.4", "0.2", "0")),
        networks.Layer("tanh", "0.01", (("-0.3", "0.2", "0.5"), ("0.6", "-0.1", "0.4")), ("0.1", "-0.2")),
    ),
    targets=("1", "0"),
    loss="half-squared-error",
    rate="0.9",
    convention="matrix",
    rounding=networks.Rounding("decimals", 4),
)


@pytest.mark.parametrize("markup", MARKUPS)
def test_the_reader_finds_each_altered_entry(markup: str) -> None:
    """A page with one digit of one matrix changed is found out: these tests can fail."""
    whole = page(explainer.trace(explainer.loads(SMALL.toml)), markup)
    assert MatrixReader(whole, SMALL, "decimal").faults() == []
    places = [
        number.end() - 1
        for matrix in MATRIX.finditer(whole)
        for number in NUMERAL.finditer(whole, matrix.start(1), matrix.end(1))
    ]
    assert len(places) > 200
    for at in places[::5]:
        other = whole[:at] + str((int(whole[at]) + 1) % 10) + whole[at + 1 :]
        assert MatrixReader(other, SMALL, "decimal").faults() != [], other[at - 80 : at + 20]


ACTIVATIONS = {
    "sigmoid": (lambda z, slope: 1 / (1 + np.exp(-z)), lambda z, slope: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "tanh": (lambda z, slope: np.tanh(z), lambda z, slope: 1 / np.cosh(z) ** 2),
    "relu": (lambda z, slope: np.maximum(z, 0), lambda z, slope: (z > 0) * 1.0),
    "leaky-relu": (lambda z, slope: np.where(z > 0, z, slope * z), lambda z, slope: np.where(z > 0, 1.0, slope)),
    "linear": (lambda z, slope: z, lambda z, slope: np.ones_like(z)),
}


def reference(given: networks.Problem) -> dict[str, np.ndarray]:
    """Every array of one step, in NumPy, by the name that a page gives it."""
    found = {"x": column(given.inputs), "y": column(given.targets)}
    signals, rate, last = found["x"], float(given.rate), len(given.layers)
    nets, weights, entering = [], [], []
    for level, layer in enumerate(given.layers, 1):
        weights.append(np.array(layer.weights, dtype=float))
        entering.append(signals)
        net = weights[-1] @ signals + (column(layer.biases) if layer.biases else 0)
        nets.append(net)
        signals = ACTIVATIONS[layer.activation][0](net, float(layer.slope))
        found |= {f"z^{{[{level}]}}": net, f"a^{{[{level}]}}": signals, f"W^{{[{level}]}}": weights[-1]}
    found[r"\hat{y}"] = found.pop(f"a^{{[{last}]}}")
    found["e"] = found["y"] - signals
    passed = -found["e"]
    for level in range(last, 0, -1):
        layer = given.layers[level - 1]
        delta = passed * ACTIVATIONS[layer.activation][1](nets[level - 1], float(layer.slope))
        passed = weights[level - 1].T @ delta
        found[rf"\delta^{{[{level}]}}"] = delta
        found[rf"W^{{[{level}],\mathrm{{new}}}}"] = weights[level - 1] - rate * delta @ entering[level - 1].T
        if layer.biases:
            found[rf"b^{{[{level}],\mathrm{{new}}}}"] = column(layer.biases) - rate * delta
    return found


def column(numbers: object) -> np.ndarray:
    """Numbers as a column."""
    return np.array(numbers, dtype=float).reshape(-1, 1)


@pytest.mark.parametrize("seed", range(40))
def test_every_array_is_what_numpy_gives(seed: int) -> None:
    """Net inputs, outputs, δ and new parameters of a page are those of matrix products done elsewhere."""
    draw = networks.Draw(7_000 + seed)
    given = replace(draw.plain(), convention="matrix", longest_sum=10, rounding=networks.Rounding("decimals", 8))
    given = replace(
        given,
        inputs=draw.numbers(len(given.inputs), "plain"),
        targets=draw.numbers(len(given.targets), "plain"),
        loss="half-squared-error",
        loss_parameter="",
        layers=tuple(
            replace(
                layer,
                activation=layer.activation if layer.activation in ACTIVATIONS else "sigmoid",
                weights=tuple(draw.numbers(len(row), "plain") for row in layer.weights),
                biases=draw.numbers(len(layer.biases), "plain") if layer.biases else None,
            )
            for layer in given.layers
        ),
    )
    trace = explainer.trace(explainer.loads(given.toml, settings={"numbers.arithmetic": "float"}))
    printed = MatrixPage(page(trace))
    expected = reference(given)
    assert expected.keys() - printed.hidden == printed.values.keys() & expected.keys()
    for name in expected.keys() & printed.values.keys():
        rows, array = printed.values[name].rows, expected[name]
        entries = [[float(entry.value) for entry in row if isinstance(entry, Num)] for row in rows]
        np.testing.assert_allclose(np.array(entries), array, rtol=1e-6, atol=6e-9, err_msg=name)


@pytest.mark.parametrize("seed", range(20))
def test_the_numbers_are_those_of_the_scalar_page(seed: int) -> None:
    """A page in matrices is another reading of one trace: every value carried is that of layered."""
    for arithmetic in ARITHMETICS:
        in_matrices, by_unit = (
            explainer.trace(explainer.loads(problem(seed).toml), arithmetic=arithmetic, convention=name)
            for name in ("matrix", "layered")
        )
        assert [step.quantity for step in in_matrices] == [step.quantity for step in by_unit]
        for one, other in zip(in_matrices, by_unit, strict=True):  # a float may depend on the order of factors
            same = math.isclose if arithmetic == "float" else eq
            assert same(one.value, other.value), one.name


def large(sizes: tuple[int, ...], decimals: int) -> networks.Problem:
    """A network of these sizes with numbers of so many decimals."""
    draw = networks.Draw(5)

    def drawn(count: int) -> tuple[str, ...]:
        return tuple(f"{draw.random.uniform(-1, 1):.{decimals}f}" for _ in range(count))

    layers = tuple(
        networks.Layer("sigmoid", "0.01", tuple(drawn(before) for _ in range(units)), drawn(units))
        for before, units in pairwise(sizes)
    )
    rounding = networks.Rounding("decimals", 4)
    return networks.Problem(drawn(sizes[0]), layers, drawn(sizes[-1]), "half-squared-error", "0.1", "matrix", rounding)


@pytest.mark.parametrize("decimals", [1, 6])
def test_a_large_matrix_is_elided(decimals: int) -> None:
    """Of 30 × 12 weights the first and last rows and columns stand on the page, under their true dimensions."""
    given = large((12, 30, 4), decimals)
    written = page(explainer.trace(explainer.loads(given.toml)))
    found = MATRIX.search(written, written.index(r"W^{[1]} &= {\underbrace"))
    assert found is not None
    assert written[found.end() :].startswith(r"}_{30 \times 12}")
    rows = [row.split(" & ") for row in found[1].split(" \\\\\n")]
    dots = rows.index([r"\vdots", r"\vdots", r"\vdots", r"\ddots", r"\vdots"])
    whole = given.layers[0].weights
    shown = [*whole[:3], whole[-1]]
    assert [row for index, row in enumerate(rows) if index != dots] == [[*row[:3], r"\cdots", row[-1]] for row in shown]
    assert dots == 3
    assert "larger than the page" in written


@pytest.mark.parametrize("sizes", [(3, 2, 1), (12, 30, 4), (6, 6, 6), (1, 1, 1), (9, 2)])
@pytest.mark.parametrize("decimals", [1, 3])
def test_no_line_of_plain_text_is_too_wide(sizes: tuple[int, ...], decimals: int) -> None:
    """Matrices drawn in plain text fit a terminal, whatever the size of the network."""
    written = page(explainer.trace(explainer.loads(large(sizes, decimals).toml)), "text")
    assert [line for line in written.splitlines() if len(line) > 84] == []
    assert "⎡" in written or sizes == (1, 1, 1)


def test_a_matrix_in_plain_text_is_drawn() -> None:
    """In plain text a matrix stands in brackets over its dimensions, numbers at their decimal points."""
    written = page(explainer.trace(explainer.loads(SMALL.toml)), "text")
    drawn = [
        "            ⎡ 0.2  −0.4⎤         ⎡−0.4⎤",
        "          = ⎢−0.3   0.1⎥ ⎡1  ⎤ + ⎢ 0.2⎥",
        "            ⎣ 0.7   0.6⎦ ⎣0.5⎦   ⎣ 0  ⎦",
        "                3×2       2×1     3×1",
    ]
    assert "\n".join(drawn) in written
    assert {written.count(sign) for sign in "⎡⎣⎤⎦"} == {written.count("⎡")}


@pytest.mark.parametrize("seed", range(20))
def test_in_letters_the_equations_of_the_layers_stand_alone(seed: int) -> None:
    """Without numbers a page has the matrices of names, and the equation of each layer."""
    given = problem(seed)
    written = page(explainer.trace(explainer.loads(given.toml), arithmetic="letters"))
    for layer in range(1, len(given.layers) + 1):
        signals = f"a^{{[{layer - 1}]}}" if layer > 1 else "x"
        assert f"z^{{[{layer}]}} &= W^{{[{layer}]}} {signals}" in written
        assert rf"W^{{[{layer}]}} &= {{\underbrace{{\begin{{bmatrix}}" in written
        assert rf"w_{{11}}^{{[{layer}]}}" in written
    assert r"\approx" not in written


def test_a_slice_is_worked_in_numbers() -> None:
    """A page of one quantity shows the units that it needs, one by one, and no matrix."""
    trace = explainer.trace(explainer.loads(SMALL.toml))
    written = explainer.render(explainer.explain(trace, only="delta_2^[1]"), "markdown")
    assert "matrix" not in written
    assert r"\delta_2^{[1]}" in written
    assert r"z_1^{[1]}" in written


def test_values_put_in_are_shown_as_such() -> None:
    """Where an output was put in by hand, its layer is worked unit by unit, and says so."""
    trace = explainer.trace(explainer.loads(SMALL.toml), overrides={"a_1^[1]": "0.5"})
    written = page(trace)
    assert "a_1^{[1]} &= 0.5" in written
    assert r"\hat{y} &= \tanh(z^{[2]})" in written


@pytest.mark.parametrize("seed", range(30))
def test_other_networks_are_true_too(seed: int) -> None:
    """With connections missing, parameters shared or kept, long sums or none: every equality of a page is true."""
    given = replace(networks.problem(seed), convention="matrix")
    trace = explainer.trace(explainer.loads(given.toml))
    assert equalities(trace, [explainer.explain(trace)]).wrong == ()


@pytest.mark.parametrize("name", ["lecture-3-2-1", "matrix-2-3-2", "hmkcode-2-2-1", "mazur-2-2-2"])
def test_problems_check_in_matrices(name: str) -> None:
    """The program's own check of a page in matrices finds every equality true, and many of them."""
    trace = explainer.trace(explainer.load(f"problems/{name}.toml"), convention="matrix")
    found = equalities(trace, [explainer.explain(trace, detail=detail) for detail in ("brief", "standard", "full")])
    assert found.wrong == ()
    assert found.held > 60
