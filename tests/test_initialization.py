"""First weights that are drawn: their scale, their bounds, the same everywhere, and what becomes of equal ones."""

from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pytest

import explainer
from explainer.check.report import findings
from explainer.problem.convention import convention_names
from explainer.problem.faults import ProblemError

TEXT = """
[network]
inputs = 3
initialization = "xavier-uniform"
seed = 7
[[network.layers]]
activation = "tanh"
units = 2
biases = true
[[network.layers]]
units = 1
biases = true
[[samples]]
inputs = [1, 0.5, -1]
targets = [1]
[training]
learning_rate = 0.5
"""

LARGE = {"network.inputs": 60, "network.layers[0].units": 90, "samples[0].inputs": [1] * 60}

SCALES = {
    "xavier-uniform": (6 / 150) ** 0.5,
    "xavier-normal": (2 / 150) ** 0.5,
    "he-uniform": (6 / 60) ** 0.5,
    "he-normal": (2 / 60) ** 0.5,
}


def weights(way: Any, **settings: Any) -> np.ndarray:
    """The weights of the first layer, 60 inputs into 90 units, drawn in this way."""
    problem = explainer.loads(TEXT, settings={**LARGE, "network.initialization": way, **settings})
    return np.array(problem.network.layers[0].weights, float)


@pytest.mark.parametrize("name", SCALES)
def test_weights_are_as_wide_as_their_formula_says(name: str) -> None:
    """Even ones fill their range and leave it nowhere; normal ones have their mean, deviation and tails."""
    drawn, scale = weights(name).ravel(), SCALES[name]
    assert drawn.shape == (5400,)
    assert abs(drawn.mean()) < 0.05 * scale
    if name.endswith("uniform"):
        assert 0.99 * scale < np.abs(drawn).max() <= round(scale, 4)
        assert drawn.std() == pytest.approx(scale / 3**0.5, rel=0.03)
    else:
        assert drawn.std() == pytest.approx(scale, rel=0.03)
        assert (np.abs(drawn) < scale).mean() == pytest.approx(0.6827, abs=0.02)
        assert 2.5 * scale < np.abs(drawn).max() < 5 * scale


def test_even_weights_are_the_numbers_of_the_generator() -> None:
    """Each weight is r (2u − 1) with the next number u of Python's generator, row by row, rounded like a result."""
    random = Random(7)
    scale = Decimal("1.0954")  # √(6/(3 + 2))
    expected = [(scale * (2 * Decimal(random.random()) - 1)).quantize(Decimal("0.0001")) for _ in range(6)]
    layer = explainer.loads(TEXT).network.layers[0]
    assert [each for row in layer.weights for each in row] == expected
    assert layer.biases == (0, 0)


def test_a_seed_draws_the_same_and_another_does_not() -> None:
    """The same seed gives the same network, and another seed another one."""
    assert explainer.loads(TEXT).network == explainer.loads(TEXT).network
    assert explainer.loads(TEXT).network != explainer.loads(TEXT, settings={"network.seed": 8}).network


def test_a_layer_may_have_its_own_way() -> None:
    """A way of its own takes the place of that of the network, and given weights stay as they are."""
    settings = {"network.layers[1].initialization": {"name": "constant", "value": Decimal("0.25")}}
    network = explainer.loads(TEXT, settings=settings).network
    assert network.layers[1].weights == ((Decimal("0.25"), Decimal("0.25")),)
    given = TEXT.replace("units = 1\nbiases = true", "weights = [[1, 2]]")
    assert explainer.loads(given).network.layers[1].weights == ((1, 2),)
    assert explainer.loads(given).network.layers[0] == explainer.loads(TEXT).network.layers[0]


@pytest.mark.parametrize("way", [*SCALES, "zeros", "uniform", {"name": "constant", "value": 1}])
@pytest.mark.parametrize("arithmetic", ["decimal", "float", "exact"])
@pytest.mark.parametrize("convention", convention_names())
def test_every_page_holds(convention: str, arithmetic: str, way: Any) -> None:
    """With drawn weights too every equality holds, that of the scale among them."""
    settings = {"network.initialization": way}
    found = findings(
        explainer.trace(explainer.loads(TEXT, convention=convention, arithmetic=arithmetic, settings=settings))
    )
    assert [finding.wrong for finding in found if finding.wrong] == []


def test_the_page_works_out_the_scale() -> None:
    """The scale stands there as formula, with the numbers of units, and as the number that the weights have gone by."""
    page = explainer.render(explainer.explain(explainer.trace(explainer.loads(TEXT))), "text").replace("\n  ", " ")
    assert "r = √(6/(nᵢₙ + n_out)) = √(6/(3 + 2)) = √(6/5) = √1.2 ≈ 1.0954" in page


@pytest.mark.parametrize(("way", "said"), [("zeros", True), ({"name": "constant"}, True), ("he-normal", False)])
def test_units_that_begin_alike_are_told_to_stay_alike(way: Any, *, said: bool) -> None:
    """Equal weights leave the units of a hidden layer equal after the step, and the page says so; drawn ones do not."""
    trace = explainer.trace(explainer.loads(TEXT, settings={"network.initialization": way}))
    same = [trace[f"w_{sender}{4}_new"].value == trace[f"w_{sender}{5}_new"].value for sender in (1, 2, 3)]
    assert all(same) is said
    page = explainer.render(explainer.explain(trace), "text").replace("\n  ", " ")
    assert ("Nodes 4 and 5 begin with the same weights" in page) is said


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('"xavier-uniform"', '"xavier"', 'network.initialization: unknown initialization "xavier" (did you mean '),
        ('"xavier-uniform"', '{ name = "uniform", range = 0 }', "network.initialization.range: found 0, expected more"),
        (
            '"xavier-uniform"',
            '{ name = "zeros", value = 1 }',
            "network.initialization.value: zeros has no parameter of",
        ),
        ("seed = 7", "seed = -1", "network.seed: found -1, expected at least 0"),
        ("seed = 7", "seed = 1.5", "network.seed: found 1.5, expected a whole number"),
        (
            "units = 1\n",
            "",
            "network.layers[1].units: missing; expected how many units the weights are to be drawn for",
        ),
        ("units = 1", "units = 0", "network.layers[1].units: found 0, expected at least 1"),
        ("units = 2", "units = 100000\nmask = [[1]]", "network.layers[0].mask: 1 row, but the layer has 100000 units"),
        (
            "units = 1",
            'weights = [[1, 2]]\ninitialization = "zeros"',
            "network.layers[1].initialization: found weights too, expected one of them",
        ),
        (
            'initialization = "xavier-uniform"\n',
            "",
            "network.seed: nothing to draw; expected a layer with units in place",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(before: str, after: str, fault: str) -> None:
    """Each fault names its place, what was found and what was expected."""
    with pytest.raises(ProblemError) as raised:
        explainer.loads(TEXT.replace(before, after))
    assert fault in str(raised.value)
