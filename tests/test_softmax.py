"""Softmax: its Jacobian, the short way and the long one, large net inputs, and what is refused."""
# ruff: noqa: E501 (a message is one line)

import math
from decimal import Decimal
from typing import Any

import pytest
import sympy

import explainer
from explainer.check.report import findings
from explainer.maths.activations import ACTIVATIONS
from explainer.maths.losses import LOSSES
from explainer.maths.quantity import Quantity
from explainer.maths.symbolic import expression
from tests import networks

PROBLEM = """
[network]
inputs = 2
[[network.layers]]
activation = "softmax"
weights = [[0.7, -0.6], [-0.2, 0.4], [0.1, 0.3]]
biases = [0.2, 0, -0.1]
[[samples]]
inputs = [1, 0.5]
targets = [0, 1, 0]
[training]
loss = "cross-entropy"
learning_rate = 0.5
"""

LONG = {"presentation.output_delta": "long"}


def trace(arithmetic: str = "float", **settings: Any) -> explainer.api.Trace:
    """The trace of the problem under some settings."""
    changed = {key.replace("__", "."): value for key, value in settings.items()}
    return explainer.trace(explainer.loads(PROBLEM, settings=changed, arithmetic=arithmetic))


def test_the_jacobian_is_that_of_the_function() -> None:
    """∂o_i/∂z_i = o_i (1 − o_i) and ∂o_i/∂z_j = −o_i o_j are SymPy's derivatives."""
    function = ACTIVATIONS["softmax"].make().layer
    assert function is not None
    nets = tuple(Quantity("net", 1, unit) for unit in (1, 2, 3))
    symbols = dict(zip(nets, sympy.symbols("z1:4", real=True), strict=True))
    outputs = {net: expression(function.value(net, nets), symbols.__getitem__) for net in nets}
    names = {Quantity("output", 1, int(net.unit)): value for net, value in outputs.items()}
    for net, value in outputs.items():
        for other in nets:
            slope = sympy.diff(value, symbols[other])
            here, there = Quantity("output", 1, int(net.unit)), Quantity("output", 1, int(other.unit))
            stated = expression(function.own(here), names.__getitem__)
            if net != other:
                stated = -expression(function.taken(here, there), names.__getitem__)
            assert sympy.simplify(slope - stated) == 0


def test_outputs_are_shares_of_one() -> None:
    """The outputs are powers of e over their sum."""
    found = trace()
    powers = [math.exp(found[f"net_{unit}"].value) for unit in (3, 4, 5)]
    for unit, power in zip((3, 4, 5), powers, strict=True):
        assert abs(found[f"o_{unit}"].value - power / sum(powers)) < 1e-15


@pytest.mark.parametrize("arithmetic", ["float", "exact"])
@pytest.mark.parametrize("loss", ["cross-entropy", "binary-cross-entropy"])
def test_both_ways_come_to_the_same(loss: str, arithmetic: str) -> None:
    """With cross-entropy δ is t − o, and through the Jacobian it has the same value."""
    short, long = trace(arithmetic, training__loss=loss), trace(arithmetic, training__loss=loss, **LONG)
    for unit, target in ((3, 0), (4, 1), (5, 0)):
        delta = float(long[f"delta_{unit}"].value)
        assert abs(delta - float(short[f"delta_{unit}"].value)) < 1e-14
        if loss == "cross-entropy":
            assert abs(delta - (target - float(long[f"o_{unit}"].value))) < 1e-14


def test_the_page_says_how_the_short_way_comes_about() -> None:
    """The page of the short way says that derivatives cancel, that of the long way states the Jacobian."""
    pages = [explainer.render(explainer.explain(trace("decimal", **settings)), "text") for settings in ({}, LONG)]
    short, long = (" ".join(page.split()) for page in pages)
    assert "δ₄ = t₄ − o₄ = 1 −" in short
    assert "cancel, and what is left is δₖ = tₖ − oₖ" in short
    assert "∂oₖ/∂netₖ = oₖ(1 − oₖ)" in long
    assert "∂oₘ/∂netₖ = −oₘ oₖ" in long


@pytest.mark.parametrize("arithmetic", ["decimal", "float", "exact"])
def test_large_net_inputs_do_not_overflow(arithmetic: str) -> None:
    """With net inputs of ±2000 the outputs are shares of 1 all the same."""
    found = trace(arithmetic, training__loss="half-squared-error", **{"network.layers[0].biases": [2000, 1999, -2000]})
    outputs = [float(found[f"o_{unit}"].value) for unit in (3, 4, 5)]
    assert abs(sum(outputs) - 1) < 1e-3
    assert abs(outputs[0] - 1 / (1 + math.exp(-1.4))) < 1e-4
    assert explainer.render(explainer.explain(found), "text")


@pytest.mark.parametrize("loss", [name for name in LOSSES if name != "hinge"])
@pytest.mark.parametrize("way", ["short", "long"])
def test_gradients_of_a_hidden_softmax(loss: str, way: str) -> None:
    """Behind a hidden softmax too every δ and every gradient is the derivative of the loss."""
    hidden = PROBLEM.replace(
        "[[samples]]",
        '[[network.layers]]\nactivation = "softmax"\nweights = [[1, -1, 0.5], [0.2, 0.3, 1]]\n[[samples]]',
    )
    text = hidden.replace("targets = [0, 1, 0]", "targets = [0, 1]").replace('"cross-entropy"', f'"{loss}"')
    found = findings(explainer.trace(explainer.loads(text, settings={"presentation.output_delta": way})))
    assert [each.wrong for each in found] == [()] * len(found)
    assert all(each.held for each in found if each.subject in ("gradients", "δ"))


FAULTS = [
    ("targets = [0, 1, 0]", "targets = [0, 1, 1]", "samples[0].targets: cross-entropy takes targets that are a distribution: none below 0, and together 1, such as [0, 1, 0]"),
    ("targets = [0, 1, 0]", "targets = [-1, 1, 1]", "samples[0].targets: cross-entropy takes targets that are a distribution: none below 0, and together 1, such as [0, 1, 0]"),
    ('"softmax"', '"sigmoid"', "network.layers[0].activation: cross-entropy takes outputs that are a distribution, which sigmoid does not give; take softmax"),
    ("weights = [[0.7, -0.6], [-0.2, 0.4], [0.1, 0.3]]\nbiases = [0.2, 0, -0.1]\n[[samples]]\ninputs = [1, 0.5]\ntargets = [0, 1, 0]", "weights = [[0.7, -0.6]]\n[[samples]]\ninputs = [1, 0.5]\ntargets = [1]", "network.layers[0].activation: softmax shares 1 out among the units of its layer, so that a single one always gives 1; take sigmoid"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "message"), FAULTS)
def test_what_contradicts_itself_is_refused(right: str, wrong: str, message: str) -> None:
    """A softmax of one unit, targets that are no distribution, and outputs that are none, each with the remedy."""
    assert right in PROBLEM
    with pytest.raises(explainer.ProblemError) as error:
        explainer.loads(PROBLEM.replace(right, wrong))
    assert str(error.value) == message


def test_an_output_that_is_0_has_no_logarithm() -> None:
    """Where an output has vanished, the loss is refused and the output named."""
    with pytest.raises(explainer.ProblemError, match=r"^E: the logarithm of 0, because o_4 is 0;"):
        trace("float", **{"network.layers[0].biases": [2000, -2000, 0]})


def test_random_problems_hold_softmax_layers() -> None:
    """Softmax is drawn for hidden and for output layers, with the short and the long way."""
    drawn = [networks.problem(seed) for seed in range(200)]
    softmax = [[layer.activation == "softmax" for layer in problem.layers] for problem in drawn]
    assert any(kinds[-1] for kinds in softmax)
    assert any(any(kinds[:-1]) for kinds in softmax)
    crossed = {problem.long_way for problem in drawn if problem.loss == "cross-entropy"}
    assert crossed == {True, False}
    assert all(sum(map(Decimal, problem.targets)) == 1 for problem in drawn if problem.loss == "cross-entropy")
    assert not any(
        len(layer.weights) == 1 for problem in drawn for layer in problem.layers if layer.activation == "softmax"
    )
