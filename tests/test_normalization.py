"""Batch normalization: its backward pass and updates against autograd, its running statistics against NumPy."""
# ruff: noqa: E501 (a message is one line)

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

import autograd
import autograd.numpy as np
import pytest

import explainer
from explainer.check.report import findings
from explainer.maths.optimizers import OPTIMIZERS
from explainer.problem.faults import ProblemError
from tests.reading import chains

Array = Any

CONVENTIONS = ("lecture", "mitchell", "layered", "aima", "flat", "threshold", "matrix")

FUNCTIONS = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "linear": lambda z: z,
    "softmax": lambda z: np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True),
}

KEPT = 0.9


@dataclass
class Layer:
    """One layer in arrays; what is not there is None."""

    activation: str
    weights: Array
    biases: Array
    gamma: Array = None
    beta: Array = None
    epsilon: float = 0.001

    @property
    def toml(self) -> str:
        """The layer as a problem file has it."""
        lines = [f'[[network.layers]]\nactivation = "{self.activation}"\nweights = {self.weights.tolist()}']
        lines += [] if self.biases is None else [f"biases = {self.biases.tolist()}"]
        if self.gamma is not None:
            shaping = f"gamma = {self.gamma.tolist()}, beta = {self.beta.tolist()}, epsilon = {self.epsilon}"
            lines.append(f"normalization = {{ {shaping}, momentum = {KEPT} }}")
        return "\n".join(lines)


@dataclass
class Network:
    """A network with normalized layers in arrays, and its samples: nothing of it is the program's."""

    layers: list[Layer]
    inputs: Array
    targets: Array
    reduction: str

    @classmethod
    def drawn(cls, seed: int) -> "Network":
        """A network of 1 to 3 inputs, 1 or 2 hidden layers, at least one of them normalized, and 2 to 5 samples."""
        random = Random(seed)
        sizes = [random.randint(1, 3) for _ in range(random.randint(3, 4))]

        def numbers(*shape: int) -> Array:
            return np.array([round(random.uniform(-1.5, 1.5), 3) for _ in range(int(np.prod(shape)))]).reshape(shape)

        layers = []
        for index, (before, units) in enumerate(pairwise(sizes), 1):
            hidden = index < len(sizes) - 1
            known = [name for name in FUNCTIONS if units > 1 or name != "softmax"] if hidden else ["sigmoid", "linear"]
            layer = Layer(
                random.choice(known), numbers(units, before), numbers(units) if random.random() < 0.5 else None
            )
            if hidden and (index == 1 or random.random() < 0.5):
                layer.gamma, layer.beta, layer.epsilon = numbers(units), numbers(units), random.choice((0.001, 0.1))
            layers.append(layer)
        samples = random.randint(2, 5)
        return cls(layers, numbers(samples, sizes[0]), numbers(samples, sizes[-1]), random.choice(("mean", "sum")))

    @property
    def toml(self) -> str:
        """The problem file."""
        lines = ["[network]", f"inputs = {self.inputs.shape[1]}", *(layer.toml for layer in self.layers)]
        for given, wanted in zip(self.inputs.tolist(), self.targets.tolist(), strict=True):
            lines.append(f"[[samples]]\ninputs = {given}\ntargets = {wanted}")
        lines += ["[training]", "learning_rate = 0.5", f'reduction = "{self.reduction}"']
        return "\n".join([*lines, '[numbers]\narithmetic = "float"'])

    @property
    def parameters(self) -> list[dict[str, Array]]:
        """What is learned, layer by layer."""
        names = ("weights", "biases", "gamma", "beta")
        return [
            {name: getattr(layer, name) for name in names if getattr(layer, name) is not None} for layer in self.layers
        ]

    def losses(
        self, parameters: list[dict[str, Array]], nudges: list[Array] | None = None, running: Any = None
    ) -> Array:
        """The losses of all samples added up; `nudges` are added to net inputs, `running` statistics take the place of the batch's."""
        signal = self.inputs
        for index, (layer, own) in enumerate(zip(self.layers, parameters, strict=True)):
            net = np.dot(signal, own["weights"].T) + own.get("biases", 0.0) + (nudges[index] if nudges else 0.0)
            if layer.gamma is not None:
                mean, variance = running[index] if running else (np.mean(net, axis=0), np.var(net, axis=0))
                net = own["gamma"] * (net - mean) / np.sqrt(variance + layer.epsilon) + own["beta"]
            signal = FUNCTIONS[layer.activation](net)
        return np.sum((self.targets - signal) ** 2) / 2

    @property
    def part(self) -> float:
        """What the sum over the samples is multiplied by."""
        return 1 / len(self.inputs) if self.reduction == "mean" else 1.0

    def statistics(self, parameters: list[dict[str, Array]]) -> dict[int, tuple[Array, Array]]:
        """Mean of the batch, and its variance corrected for few samples, of every normalized layer."""
        signal, found = self.inputs, {}
        for index, (layer, own) in enumerate(zip(self.layers, parameters, strict=True)):
            net = np.dot(signal, own["weights"].T) + own.get("biases", 0.0)
            if layer.gamma is not None:
                found[index] = np.mean(net, axis=0), np.var(net, axis=0, ddof=1)
                net = (
                    own["gamma"] * (net - np.mean(net, axis=0)) / np.sqrt(np.var(net, axis=0) + layer.epsilon)
                    + own["beta"]
                )
            signal = FUNCTIONS[layer.activation](net)
        return found


NAMES = {"weight": "weights", "bias": "biases", "scale": "gamma", "shift": "beta"}


def entry(found: dict[str, Array], parameter: Any) -> float:
    """The entry of the arrays of a layer that belongs to a parameter."""
    row = found[NAMES[parameter.role]][int(parameter.unit) - 1]
    return float(row[int(parameter.source) - 1] if parameter.role == "weight" else row)


@pytest.mark.parametrize("seed", range(40))
def test_the_backward_pass_is_that_of_autograd(seed: int) -> None:
    """Every gradient, of scales and shifts too, every new value and every δ of a random network is autograd's."""
    network = Network.drawn(seed)
    trace = explainer.trace(explainer.loads(network.toml, convention="flat"))
    slopes = autograd.grad(network.losses)(network.parameters)
    samples = len(network.inputs)
    none = [np.zeros((samples, len(layer.weights))) for layer in network.layers]
    by_nets = autograd.grad(lambda nudges: network.losses(network.parameters, nudges))(none)
    seen = set()
    for step in trace.phases["update"]:
        quantity = step.quantity
        if quantity.role == "gradient":
            parameter, layer = quantity.parameter(), int(quantity.layer) - 1
            seen.add(parameter.role)
            right = network.part * entry(slopes[layer], parameter)
            assert step.value == pytest.approx(right, rel=1e-9, abs=1e-12)
            new = entry(network.parameters[layer], parameter) - 0.5 * right
            assert trace.index[parameter.after()].value == pytest.approx(new, rel=1e-9, abs=1e-12)
    assert {"scale", "shift", "weight"} <= seen
    deltas = [step for step in trace.phases["backward"] if step.quantity.role == "delta"]
    assert len(deltas) == samples * sum(len(layer.weights) for layer in network.layers)
    for step in deltas:
        layer, unit, sample = (
            int(each) - 1 for each in (step.quantity.layer, step.quantity.unit, step.quantity.sample)
        )
        assert step.value == pytest.approx(by_nets[layer][sample, unit], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_a_run_keeps_the_statistics_and_measures_with_them(seed: int) -> None:
    """Over three steps parameters, running statistics, and the errors of the epochs are those worked out in arrays."""
    network = Network.drawn(100 + seed)
    run = explainer.train(explainer.loads(network.toml, settings={"training.epochs": 3}))
    parameters = network.parameters
    running = {
        index: (np.zeros(len(layer.weights)), np.ones(len(layer.weights)))
        for index, layer in enumerate(network.layers)
        if layer.gamma is not None
    }
    errors = [network.part * network.losses(parameters, running=running)]
    for _ in range(3):
        found, slopes = network.statistics(parameters), autograd.grad(network.losses)(parameters)
        running = {
            index: tuple(KEPT * old + (1 - KEPT) * new for old, new in zip(running[index], found[index], strict=True))
            for index in running
        }
        parameters = [
            {name: value - 0.5 * network.part * slope[name] for name, value in own.items()}
            for own, slope in zip(parameters, slopes, strict=True)
        ]
        errors.append(network.part * network.losses(parameters, running=running))
    assert [epoch.error for epoch in run.epochs] == pytest.approx(errors)
    for quantity, value in run.final.items():
        layer, unit = int(quantity.layer) - 1, int(quantity.unit) - 1
        if quantity.role in NAMES:
            assert value == pytest.approx(entry(parameters[layer], quantity), abs=1e-12)
        else:
            mean, variance = running[layer]
            assert value == pytest.approx({"running_mean": mean, "running_variance": variance}[quantity.role][unit])


TEXT = """
[network]
inputs = 2
[[network.layers]]
weights = [[0.5, -0.4], [0.3, 0.8]]
normalization = { gamma = [1, 0.5], beta = [0, 0.2] }
[[network.layers]]
activation = "linear"
weights = [[0.7, -0.6]]
biases = [0.2]
[[samples]]
inputs = [1, 0.5]
targets = [1]
[[samples]]
inputs = [0, 1]
targets = [0]
[[samples]]
inputs = [2, 0]
targets = [1]
[training]
learning_rate = 0.5
"""


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("arithmetic", ["decimal", "float", "exact", "letters"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_every_equality_with_normalization_is_true(convention: str, arithmetic: str, reduction: str) -> None:
    """In every convention and arithmetic all printed equalities, gradients and derivatives of the loss hold."""
    settings = {"training.reduction": reduction}
    trace = explainer.trace(explainer.loads(TEXT, convention=convention, arithmetic=arithmetic, settings=settings))
    assert [wrong for finding in findings(trace) for wrong in finding.wrong] == []


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_every_equality_of_a_run_with_all_of_it_is_true(convention: str) -> None:
    """Two normalized layers, one with dropout, in mini-batches with momentum: every step of the run holds."""
    second = '[[network.layers]]\nactivation = "tanh"\nweights = [[0.5, 0.1], [-0.2, 0.4]]\nnormalization = {}\n'
    text = TEXT.replace(
        '[[network.layers]]\nactivation = "linear"', f'{second}[[network.layers]]\nactivation = "linear"'
    )
    text = text.replace("normalization = { gamma", "dropout = { rate = 0.5, seed = 4 }\nnormalization = { gamma")
    text = text.replace("[training]", "[[samples]]\ninputs = [1, 1]\ntargets = [0]\n[training]")
    settings = {
        "training.batch": 2,
        "training.epochs": 2,
        "training.optimizer": "momentum",
        "presentation.steps": [1, 2, 4],
    }
    run = explainer.train(explainer.loads(text, convention=convention, settings=settings))
    assert [wrong for finding in findings(run) for wrong in finding.wrong] == []


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
def test_no_two_quantities_share_a_name(convention: str, optimizer: str) -> None:
    """Whatever convention and optimizer, every quantity of a step with normalization and dropout has its own name."""
    text = TEXT.replace("normalization = { gamma", "dropout = { rate = 0.5, seed = 4 }\nnormalization = { gamma")
    text = text.replace("inputs = 2", "inputs = 1").replace("[[0.5, -0.4], [0.3, 0.8]]", "[[0.5], [0.3]]")
    text = re.sub(r"inputs = \[(\d), \S+\]", r"inputs = [\1]", text)
    trace = explainer.trace(explainer.loads(text, convention=convention, settings={"training.optimizer": optimizer}))
    names = [trace.names.typed(quantity) for quantity in (*trace.given, *trace.index)]
    assert len({*names}) == len(names)


@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
def test_every_optimizer_takes_scales_and_shifts(optimizer: str) -> None:
    """With any optimizer, a penalty and clipped gradients, each gradient of a normalized network is one of the loss."""
    settings = {
        "training.optimizer": optimizer,
        "training.regularization.l2": Decimal("0.1"),
        "training.clipping.norm": Decimal("0.1"),
        "training.epochs": 2,
    }
    run = explainer.train(explainer.loads(TEXT, convention="flat", settings=settings))
    assert [wrong for finding in findings(run) for wrong in finding.wrong] == []


@pytest.mark.parametrize("convention", ["lecture", "layered", "flat", "threshold"])
@pytest.mark.parametrize("markup", ["text", "markdown", "latex"])
def test_the_mathematics_of_the_page_can_be_read_back(convention: str, markup: str) -> None:
    """An independent reader parses every formula of a page with normalization and dropout."""
    text = TEXT.replace("normalization = { gamma", "dropout = { rate = 0.5, seed = 4 }\nnormalization = { gamma")
    page = explainer.render(explainer.explain(explainer.trace(explainer.loads(text, convention=convention))), markup)
    assert len(chains(page, markup)) > 60


def test_the_page_tells_how_batches_are_normalized() -> None:
    """The page states the laws, which statistics the check takes, what is kept, and how the network is used."""
    page = " ".join(explainer.render(explainer.explain(explainer.trace(explainer.loads(TEXT))), "text").split())
    for told in (
        "ẑⱼ⁽ˢ⁾ = (netⱼ⁽ˢ⁾ − μⱼ)/√(σ²ⱼ + ε)",
        "∂ℓ/∂σ²ₕ = −½(σ²ₕ + ε)^(−3/2) Σₛ ∂ℓ/∂ẑₕ⁽ˢ⁾ · (netₕ⁽ˢ⁾ − μₕ)",
        "∂E/∂γⱼ = 1/S · Σₛ ∂ℓ/∂z̃ⱼ⁽ˢ⁾ · ẑⱼ⁽ˢ⁾",
        "ℓ = E⁽¹⁾ + E⁽²⁾ + E⁽³⁾",
        "mean and variance are again those of the batch",
        "μ̄ⱼⁿᵉʷ = κ μ̄ⱼ + (1 − κ) μⱼ",
        "ẑⱼ = (netⱼ − μ̄ⱼ)/√(σ̄²ⱼ + ε)",
    ):
        assert told in page
    run = explainer.render(
        explainer.explain(explainer.train(explainer.loads(TEXT, settings={"training.epochs": 2}))), "text"
    )
    assert "running mean and variance in place of those of a batch" in " ".join(run.split())


def test_a_number_worked_out_before_joins_a_sum_by_its_own_sign() -> None:
    """Beside terms that are still to be worked out nobody writes + (−0.3715), but − 0.3715."""
    problem = explainer.load("problems/batch-normalization.toml")
    page = " ".join(explainer.render(explainer.explain(explainer.trace(problem)), "text").split())
    assert re.search(r"\d × \S+ − 0\.\d+", page)
    assert re.findall(r"\+ \(−[\d.]+\)(?! ?[×·(²])", page) == []


FAULTS = [
    ("gamma = [1, 0.5]", "gamma = [1]", "network.layers[0].normalization.gamma: 1 number, but the layer has 2 units"),
    ("gamma = [1, 0.5]", "gamma = 1", "network.layers[0].normalization.gamma: found 1, expected a list of numbers"),
    ("beta = [0, 0.2]", "beta = [0, 0.2, 1]", "network.layers[0].normalization.beta: 3 numbers, but the layer has 2 units"),
    ("beta = [0, 0.2]", 'beta = [0, "b"]', 'network.layers[0].normalization.beta[1]: found "b", expected a number'),
    ("beta =", "beto =", 'network.layers[0].normalization.beto: unknown key (did you mean "beta"?)'),
    ("beta = [0, 0.2]", "epsilon = 0", "network.layers[0].normalization.epsilon: found 0, expected more than 0"),
    ("beta = [0, 0.2]", "epsilon = 2", "network.layers[0].normalization.epsilon: found 2, expected at most 1"),
    ("beta = [0, 0.2]", "momentum = 1", "network.layers[0].normalization.momentum: found 1, expected less than 1"),
    ("beta = [0, 0.2]", "momentum = -0.1", "network.layers[0].normalization.momentum: found -0.1, expected at least 0"),
    ("{ gamma = [1, 0.5], beta = [0, 0.2] }", "true", "network.layers[0].normalization: found true, expected a table"),
    ("biases = [0.2]", "biases = [0.2]\nnormalization = {}", "network.layers[1].normalization: found in the output layer; expected it in a hidden layer"),
    ("[training]", '[training]\nbatch = "online"', "network.layers[0].normalization: found a step over 1 sample, and a mean over it is the sample itself; expected at least 2 in each; give more samples, or another training.batch"),
    ("[training]", "[training]\nbatch = 2", "network.layers[0].normalization: found a step over 1 sample"),
    ("[training]", "[presentation]\nderivation = true\n[training]", "presentation.derivation: found true, but there is no derivation with batch normalization; take one of them out"),
    ("\n[network]", '\nkind = "step"\n[network]', "network.layers[0].normalization: unknown key"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "told"), FAULTS)
def test_a_fault_of_normalization_is_named_with_its_place(right: str, wrong: str, told: str) -> None:
    """Whatever is wrong with a normalization is told with its place, what was found, what was expected, and the remedy."""
    assert right in TEXT
    with pytest.raises(ProblemError) as refused:
        explainer.loads(TEXT.replace(right, wrong, 1))
    assert told in str(refused.value)


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("arithmetic", ["decimal", "float"])
def test_sections_go_with_normalization(convention: str, arithmetic: str) -> None:
    """What the numbers say holds for normalized layers too, gradients by differences among them; slices are cut."""
    sections = '[presentation]\nsections = ["vanishing", "saturation", "gradient-check", "cost"]\n'
    problem = explainer.loads(TEXT + sections, convention=convention, arithmetic=arithmetic)
    trace = explainer.trace(problem)
    page = " ".join(explainer.render(explainer.explain(trace), "text").split())
    assert "divided by the standard deviation of its net inputs" in page
    assert "inside batch normalization" in page
    assert re.search(r"They (are nowhere more than \d\.\d·10⁻[¹²]. apart|agree in every digit)", page)
    assert [wrong for finding in findings(trace) for wrong in finding.wrong] == []
    scale = next(quantity for quantity in trace.index if quantity.role == "scale")
    sliced = trace.only(trace.names.typed(scale))
    assert len(sliced) < len(trace)
    assert explainer.render(explainer.explain(sliced), "text").endswith(".\n")


def test_normalized_ways_stand_side_by_side() -> None:
    """A comparison goes with normalized layers, and each way in it holds."""
    ways = '[[compare]]\nname = "usual"\n[[compare]]\nname = "scaled"\n"network.layers[0].normalization" = { gamma = [2, 2] }\n'
    found = explainer.solve(explainer.loads(TEXT + ways, settings={"training.epochs": 2}))
    assert [wrong for finding in findings(found) for wrong in finding.wrong] == []
    assert found["usual"].epochs[0].error != found["scaled"].epochs[0].error
