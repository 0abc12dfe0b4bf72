"""What pages say in words: networks, laws and functions described as a person would."""

import re
from pathlib import Path

import pytest

import explainer

PROBLEM = Path(__file__).parent.parent / "problems" / "own-activation.toml"


def page(layers: str, activation: str = "sigmoid", convention: str = "lecture", **words: object) -> str:
    """The page of a problem that is made up, without its line breaks."""
    text = explainer.new(layers=layers, activation=activation, seed=1, convention=convention, **words)
    rendered = explainer.render(explainer.explain(explainer.trace(explainer.loads(text))), "text")
    return re.sub(r"\s+", " ", rendered)


@pytest.mark.parametrize(
    ("layers", "activation", "told"),
    [
        ("2-3-1", "tanh,sigmoid", "2 inputs, 3 hidden tanh units and 1 sigmoid output unit."),
        ("2-2-2-1", "sigmoid", "2 inputs, two hidden layers of 2 sigmoid units each and 1 sigmoid output unit."),
        ("2-1-1-1-1", "tanh,linear", "2 inputs, three hidden layers of 1 tanh unit each and 1 linear output unit."),
        (
            "2-3-2-2",
            "tanh,sigmoid",
            "a hidden layer of 3 tanh units, a hidden layer of 2 tanh units and 2 sigmoid output units.",
        ),
        (
            "2-2-2-1",
            "z / (1 + abs(z)),linear",
            "two hidden layers of 2 units each with the activation function f and 1 linear output unit.",
        ),
    ],
)
def test_layers_that_are_alike_are_told_together(layers: str, activation: str, told: str) -> None:
    """Each layer is described once, however many there are of it."""
    assert told in page(layers, activation)


@pytest.mark.parametrize(
    ("activation", "told"),
    [
        ("linear", "Activation function: oⱼ = netⱼ •"),
        ("tanh,tanh,linear", "Activation function of hidden layers 1 and 2: tanh(netⱼ) ="),
        ("tanh,tanh,linear", "Activation function of the output layer: oⱼ = netⱼ •"),
        ("relu,tanh,tanh", "Activation function of hidden layer 2 and the output layer: tanh(netⱼ) ="),
    ],
)
def test_every_activation_is_defined(activation: str, told: str) -> None:
    """The linear one too, and each with all the layers that have it."""
    found = page("2-2-2-1", activation)
    assert told in found
    assert found.count("tanh(netⱼ) =") == int("tanh" in activation)


@pytest.mark.parametrize(
    ("convention", "law"),
    [
        ("lecture", "netⱼ = Σᵢ xᵢ wᵢⱼ + bⱼ, and then applies its activation function. Here xᵢ is input i."),
        ("layered", "zⱼ⁽ˡ⁾ = bⱼ⁽ˡ⁾ + Σᵢ xᵢ wⱼᵢ⁽ˡ⁾, and then applies its activation function. Here xᵢ is input i."),
        ("threshold", "Xⱼ = Σᵢ xᵢ wᵢⱼ − θⱼ, and then applies its activation function. Here xᵢ is input i."),
        ("matrix", "The layer first adds up what comes in, z^[1] = W^[1] x + b^[1]"),
        ("matrix", "W^[1] ⁿᵉʷ = W^[1] − η δ^[1] xᵀ"),
    ],
)
def test_a_single_layer_has_no_layer_before(convention: str, law: str) -> None:
    """A network of one layer is told by its inputs."""
    found = page("3-1", convention=convention)
    assert law in found
    assert "layer before" not in found


@pytest.mark.parametrize("markup", ["text", "markdown", "latex"])
def test_a_long_derivative_is_worked_out_before_its_delta(markup: str) -> None:
    """No line carries a long derivative along with what it is multiplied by."""
    trace = explainer.trace(explainer.load(PROBLEM))
    rendered = explainer.render(explainer.explain(trace), markup)
    assert all("·" not in line and "cdot" not in line for line in rendered.splitlines() if "e^(−1.5 net" in line)
    if markup == "text":
        assert max(map(len, rendered.splitlines())) <= 80
        assert re.search(r"swish′\(net₃\) = 1\.5 o₃ \+ .*\n(.*\n)*? +δ₃ += swish′\(net₃\) · w₃₅ δ₅", rendered)
