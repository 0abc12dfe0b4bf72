"""Every value, δ and change of a trace agrees with mathematics done elsewhere.

The reference is a forward pass written here in NumPy, differentiated by central differences and by autograd.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import autograd
import autograd.numpy as np
import pytest
from autograd.extend import defvjp, primitive

import explainer
from tests import networks

Array = Any
"""An array of NumPy, or what stands for one while autograd differentiates."""

Places = tuple[networks.Place, ...]

Parameters = list[tuple[Array, Array]]
"""The weights and biases of each layer; the biases of a layer without any are zeros, and are never changed."""

SEEDS = range(120)
NEAR_A_KINK = 1e-3
FARTHEST = 5
"""Of net inputs farther from 0, a sigmoid makes outputs so near to 0 or 1 that a logarithm loses digits."""

STEP = 1e-6

erfc = primitive(np.vectorize(math.erfc))
defvjp(erfc, lambda _, x: lambda upstream: upstream * -2 / np.sqrt(np.pi) * np.exp(-(x**2)))

ACTIVATIONS: dict[str, Callable[[Array, float], Array]] = {
    "sigmoid": lambda z, _: 1 / (1 + np.exp(-z)),
    "tanh": lambda z, _: np.tanh(z),
    "relu": lambda z, _: np.where(z > 0, z, 0 * z),
    "leaky-relu": lambda z, slope: np.where(z > 0, z, slope * z),
    "elu": lambda z, alpha: np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1)),
    "softplus": lambda z, _: np.log(1 + np.exp(z)),
    "gelu": lambda z, _: z * erfc(-z / np.sqrt(2)) / 2,
    "gelu-tanh": lambda z, _: z / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))),
    "silu": lambda z, _: z / (1 + np.exp(-z)),
    "linear": lambda z, _: z,
    "softmax": lambda z, _: np.exp(z - np.max(z)) / np.sum(np.exp(z - np.max(z))),
}

LOSSES: dict[str, Callable[[Array, Array, str], Array]] = {
    "half-squared-error": lambda t, o, _: np.sum((t - o) ** 2) / 2,
    "sum-squared-error": lambda t, o, _: np.sum((t - o) ** 2),
    "mean-squared-error": lambda t, o, over: np.sum((t - o) ** 2) / (1 if over == '"samples"' else len(o)),
    "absolute-error": lambda t, o, _: np.sum(np.abs(t - o)),
    "binary-cross-entropy": lambda t, o, _: -np.sum(t * np.log(o) + (1 - t) * np.log(1 - o)),
    "cross-entropy": lambda t, o, _: -np.sum(t * np.log(o)),
    "huber": lambda t, o, width: huber(t - o, float(width)),
    "hinge": lambda t, o, _: np.sum(np.maximum(0, 1 - t * o)),
}

JOINTS: dict[str, Callable[[Array, Array, str], Array]] = {
    "absolute-error": lambda t, o, _: t - o,
    "huber": lambda t, o, width: np.abs(t - o) - float(width),
    "hinge": lambda t, o, _: 1 - t * o,
}
"""What is 0 where a loss has a kink, or two pieces of it meet."""


def huber(errors: Array, width: float) -> Array:
    """½ e² for errors up to a width, from there on a line"""
    sizes = np.abs(errors)
    return np.sum(np.where(sizes <= width, errors**2 / 2, width * (sizes - width / 2)))


# -- the reference ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reference:
    """A problem as arrays, and its forward pass."""

    problem: networks.Problem

    @property
    def parameters(self) -> Parameters:
        """The weights and biases that are given."""
        return [
            (self.numbers(layer.weights), self.numbers([layer.biases or ("0",) * len(layer.weights)])[0])
            for layer in self.problem.layers
        ]

    def numbers(self, rows: Sequence[Sequence[str]]) -> Array:
        """Rows of numbers and of names that stand for them, as an array."""
        return floats([[self.problem.number(entry) for entry in row] for row in rows])

    def forward(self, parameters: Parameters, nudges: list[Array] | None = None) -> tuple[list[Array], list[Array]]:
        """Net inputs and outputs of every layer; `nudges` are added to the net inputs."""
        nets, outputs, signal = [], [], floats(self.problem.inputs)
        for index, (layer, (weights, biases)) in enumerate(zip(self.problem.layers, parameters, strict=True)):
            net = np.dot(weights * connected(layer), signal) + biases + (nudges[index] if nudges else 0.0)
            signal = ACTIVATIONS[layer.activation](net, float(layer.slope))
            nets.append(net)
            outputs.append(signal)
        return nets, outputs

    def loss(self, parameters: Parameters, nudges: list[Array] | None = None) -> Array:
        """The loss of the sample."""
        _, outputs = self.forward(parameters, nudges)
        return LOSSES[self.problem.loss](floats(self.problem.targets), outputs[-1], self.problem.loss_parameter)

    def gradients(self) -> Parameters:
        """The derivatives of the loss by every weight and bias, by autograd."""
        result: Parameters = autograd.grad(self.loss)(self.parameters)
        return result

    def net_gradients(self) -> list[Array]:
        """The derivatives of the loss by every net input, by autograd."""
        none = [np.zeros(len(layer.weights)) for layer in self.problem.layers]
        result: list[Array] = autograd.grad(lambda nudges: self.loss(self.parameters, nudges))(none)
        return result

    def gradient(self, places: Places, gradients: Parameters) -> float:
        """The derivative by a parameter: the sum of those by all its places."""
        return sum(float(gradients[layer][kind][index]) for layer, kind, index in map(where, places))

    def difference(self, places: Places) -> float:
        """The derivative by a parameter, moved at all its places, by a central difference."""
        ends = []
        for step in (STEP, -STEP):
            moved = self.parameters
            for layer, kind, index in map(where, places):
                moved[layer][kind][index] += step
            ends.append(float(self.loss(moved)))
        return (ends[0] - ends[1]) / (2 * STEP)

    @cached_property
    def trained(self) -> dict[networks.Place, Places]:
        """The places of every parameter that is trained, by each of them."""
        trained = [places for places in self.problem.parameters if self.problem.is_trained(places[0])]
        return {place: places for places in trained for place in places}


def where(place: networks.Place) -> tuple[int, int, tuple[int, ...]]:
    """Layer, kind (0 weights, 1 biases) and index of a place in the arrays of a reference."""
    layer, unit, source = place
    return (layer, 0, (unit, source)) if source >= 0 else (layer, 1, (unit,))


def connected(layer: networks.Layer) -> Array:
    """1 for every connection, 0 where there is none."""
    return floats(layer.mask) if layer.mask else 1.0


def floats(numbers: Any) -> Array:
    """Numbers of a problem file as an array."""
    return np.array(numbers, dtype=float)


# -- random problems --------------------------------------------------------------------------------


def smooth(seed: int) -> networks.Problem:
    """A random problem with moderate numbers, away from all kinks, and with no output that is nearly 0 or 1."""
    for attempt in range(1000):
        draw = networks.Draw(1_000_000 + 1000 * seed + attempt)
        problem = draw.rewired(moderate(draw.plain(), draw)) if seed % 2 else moderate(draw.plain(), draw)
        nets, outputs = Reference(problem).forward(Reference(problem).parameters)
        joint = JOINTS.get(problem.loss, lambda t, o, _: np.ones_like(o))
        distances = [*nets, joint(floats(problem.targets), outputs[-1], problem.loss_parameter)]
        saturated = problem.loss in networks.LOGARITHMS and np.max(np.abs(nets[-1])) > FARTHEST
        if min(float(np.min(np.abs(each))) for each in distances) > NEAR_A_KINK and not saturated:
            return problem
    raise AssertionError("no problem away from the kinks")


def moderate(problem: networks.Problem, draw: networks.Draw) -> networks.Problem:
    """The same network with numbers that leave finite differences their digits, and slopes of its own."""
    layers = tuple(
        replace(
            layer,
            slope=draw.random.choice(("0.01", "0.1", "0.3")),
            weights=tuple(fine(draw.random, len(row)) for row in layer.weights),
            biases=fine(draw.random, len(layer.biases)) if layer.biases else None,
        )
        for layer in problem.layers
    )
    inputs = fine(draw.random, len(problem.inputs))
    if problem.loss not in ("binary-cross-entropy", "cross-entropy", "hinge"):
        problem = replace(problem, targets=fine(draw.random, len(problem.targets)))
    return replace(problem, layers=layers, inputs=inputs)


def fine(source: random.Random, count: int) -> tuple[str, ...]:
    """So many numbers of any sign, with any number of decimals, sometimes zero."""
    return tuple(
        "0" if source.random() < 0.05 else f"{source.uniform(-1.5, 1.5):.{source.randint(1, 9)}f}" for _ in range(count)
    )


@lru_cache(maxsize=2)
def case(seed: int) -> tuple[explainer.api.Trace, Reference]:
    """The trace of a random problem in full precision, and its reference."""
    problem = smooth(seed)
    loaded = explainer.loads(problem.toml, settings={"numbers.arithmetic": "float"})
    return explainer.trace(loaded), Reference(problem)


def steps(trace: explainer.api.Trace, *roles: str) -> list[Any]:
    """The steps of a trace that work out these roles."""
    return [step for step in trace if step.quantity.role in roles]


def close(value: float, right: float, tolerance: float) -> bool:
    """Whether two numbers agree, relatively or, near zero, absolutely."""
    return abs(value - right) <= tolerance * max(1e-3, abs(right))


def downhill(reference: Reference) -> int:
    """−1 where the convention has δ = −∂E/∂net, 1 where it has δ = ∂E/∂net"""
    return 1 if reference.problem.convention in ("layered", "flat") else -1


def turned(reference: Reference, quantity: Any) -> int:
    """−1 for a threshold, which is a bias with the other sign, else 1"""
    return -1 if reference.problem.convention == "threshold" and not quantity.source else 1


def place_of(quantity: Any) -> networks.Place:
    """The place of a weight or a bias, or of its change."""
    return int(quantity.layer) - 1, int(quantity.unit) - 1, int(quantity.source) - 1


# -- tests ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_forward_values(seed: int) -> None:
    """Net inputs, outputs, errors and the loss are those of a forward pass in NumPy, to twelve digits."""
    trace, reference = case(seed)
    nets, outputs = reference.forward(reference.parameters)
    errors = floats(reference.problem.targets) - outputs[-1]
    found = {"net": nets, "output": outputs}
    forward = [step for step in trace if step.phase in ("forward", "error")]
    assert len(forward) == 2 * sum(reference.problem.sizes[1:]) + len(errors) + 1
    for step in forward:
        quantity = step.quantity
        if quantity.role == "loss":
            right = float(reference.loss(reference.parameters))
        elif quantity.role == "error":
            right = float(errors[quantity.unit - 1])
        else:
            right = float(found[quantity.role][quantity.layer - 1][quantity.unit - 1])
        assert close(step.value, right, 1e-12), step.name


@pytest.mark.parametrize("seed", SEEDS)
def test_deltas_are_derivatives(seed: int) -> None:
    """Every δ is the derivative of the loss by its net input, with the sign of the convention, as autograd has it."""
    trace, reference = case(seed)
    gradients = reference.net_gradients()
    deltas = steps(trace, "delta")
    assert len(deltas) == sum(reference.problem.sizes[1:])
    for step in deltas:
        right = downhill(reference) * float(gradients[step.quantity.layer - 1][step.quantity.unit - 1])
        assert close(step.value, right, 1e-12), step.name


@pytest.mark.parametrize("seed", SEEDS)
def test_changes_are_steps_downhill(seed: int) -> None:
    """Every change is −learning rate × the derivative of the loss, by autograd and by central differences."""
    trace, reference = case(seed)
    gradients, rate = reference.gradients(), float(reference.problem.rate)
    changes = steps(trace, "change")
    assert len(changes) == len({*reference.trained.values()})
    for step in changes:
        places = reference.trained[place_of(step.quantity)]
        fall = -rate * turned(reference, step.quantity)
        assert close(step.value, fall * reference.gradient(places, gradients), 1e-12), step.name
        assert close(step.value, fall * reference.difference(places), 1e-6), step.name


def test_gradients_are_derivatives() -> None:
    """Where a convention writes the gradients out, each is the derivative of the loss by its parameter."""
    found = 0
    for trace, reference in map(case, SEEDS):
        gradients = reference.gradients()
        for step in steps(trace, "gradient"):
            places = reference.trained[place_of(step.quantity)]
            assert close(step.value, reference.gradient(places, gradients), 1e-12), step.name
            found += 1
    assert found > 50


@pytest.mark.parametrize("seed", SEEDS)
def test_the_check_uses_the_new_parameters(seed: int) -> None:
    """New parameters are old ones plus their changes, and the check is the forward pass with the new ones."""
    trace, reference = case(seed)
    new, gradients, rate = reference.parameters, reference.gradients(), float(reference.problem.rate)
    for place, places in reference.trained.items():
        layer, kind, index = where(place)
        new[layer][kind][index] -= rate * reference.gradient(places, gradients)
    for step in steps(trace, "weight", "bias"):
        layer, kind, index = where(place_of(step.quantity))
        right = turned(reference, step.quantity) * float(new[layer][kind][index])
        assert close(step.value, right, 1e-12), step.name
    _, outputs = reference.forward(new)
    checked = [step for step in trace if step.phase == "check" and step.quantity.role in ("output", "loss")]
    assert len(checked) == sum(reference.problem.sizes[1:]) + 1
    for step in checked:
        quantity = step.quantity
        right = reference.loss(new) if quantity.role == "loss" else outputs[quantity.layer - 1][quantity.unit - 1]
        assert close(step.value, float(right), 1e-11), step.name


def test_every_kind_of_network_is_drawn() -> None:
    """The random problems hold every activation, loss and convention, and every kind of parameter."""
    problems = [smooth(seed) for seed in SEEDS]
    layers = [layer for problem in problems for layer in problem.layers]
    assert {layer.activation for layer in layers} == set(ACTIVATIONS)
    assert {layer.biases is None for layer in layers} == {True, False}
    assert {problem.loss for problem in problems} == set(LOSSES)
    assert {problem.convention for problem in problems} == set(networks.CONVENTIONS)
    assert {len(problem.layers) for problem in problems} == {1, 2, 3, 4}
    assert {layer.mask is None for layer in layers} == {True, False}
    assert {layer.trained for layer in layers} == {"all", "weights", "biases", "none"}
    shared = [places for problem in problems for places in problem.parameters if len(places) > 1]
    assert len({len({place[0] for place in places}) for places in shared}) > 1  # within a layer, and across
