"""Dropout: against a network in arrays, finite differences, and what it comes to on average."""
# ruff: noqa: E501 (a message is one line)

from decimal import Decimal
from itertools import product
from random import Random

import autograd
import autograd.numpy as np
import pytest

import explainer
from explainer.check.report import findings
from explainer.maths.quantity import Quantity
from explainer.problem.faults import ProblemError

Array = np.ndarray

CONVENTIONS = ("lecture", "mitchell", "layered", "aima", "flat", "threshold", "matrix")

TEXT = """
[network]
inputs = 2
[[network.layers]]
activation = "tanh"
weights = [[0.5, -0.4], [0.3, 0.8], [-0.7, 0.2]]
biases = [0.1, -0.2, 0.3]
dropout = { rate = 0.25, mask = [[1, 0, 1], [0, 1, 1], [1, 1, 1], [0, 0, 1]] }
[[network.layers]]
activation = "softmax"
weights = [[0.5, -0.4, 0.2], [0.3, 0.8, -0.6]]
dropout = { rate = 0.5, seed = 3 }
[[network.layers]]
weights = [[0.7, -0.6]]
biases = [0.2]
[[samples]]
inputs = [1, 0.5]
targets = [1]
[[samples]]
inputs = [0.3, -2]
targets = [0]
[training]
learning_rate = 0.5
epochs = 2
[numbers]
arithmetic = "float"
[presentation]
steps = [1, 2]
"""

SINGLE = """
[network]
inputs = 2
[[network.layers]]
activation = "linear"
weights = [[0.5, -0.4], [0.3, 0.8]]
dropout = { rate = 0.25, mask = [[1, 1]] }
[[network.layers]]
activation = "linear"
weights = [[0.7, -0.6]]
[[samples]]
inputs = [1, 0.5]
targets = [1]
[training]
learning_rate = 0.5
"""


class Whole:
    """The network of `TEXT` in arrays; in training, outputs are multiplied by what dropout makes of them."""

    def __init__(self, problem: explainer.api.Problem) -> None:
        layers = problem.network.layers
        self.parameters = [
            (np.array(layer.weights, float), np.array(layer.biases or [0] * layer.units, float)) for layer in layers
        ]
        self.inputs = np.array([sample.inputs for sample in problem.samples], float)
        self.targets = np.array([sample.targets for sample in problem.samples], float)

    def loss(self, parameters: list[tuple[Array, Array]], factors: list[Array]) -> Array:
        """The mean over the samples of half the squared error; `factors` scale the outputs of the hidden layers."""
        functions = (np.tanh, lambda z: np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True))
        signals = self.inputs
        for (weights, biases), function, factor in zip(parameters, functions, factors, strict=False):
            signals = function(np.dot(signals, weights.T) + biases) * factor
        weights, biases = parameters[-1]
        outputs = 1 / (1 + np.exp(-(np.dot(signals, weights.T) + biases)))
        return np.sum((self.targets - outputs) ** 2) / 2 / len(self.inputs)


def factors(trace: explainer.api.Trace, forms: tuple[str, str], sizes: tuple[int, int]) -> list[Array]:
    """What the outputs of both hidden layers are multiplied by in a step, by the masks that it has."""
    found = []
    for layer, (form, units, rate) in enumerate(zip(forms, sizes, (0.25, 0.5), strict=True), 1):
        mask = [
            [float(trace.given[Quantity("mask", layer, unit, 0, sample)]) for unit in range(1, units + 1)]
            for sample in (1, 2)
        ]
        found.append(np.array(mask) / (1 - rate if form == "inverted" else 1))
    return found


@pytest.mark.parametrize("forms", list(product(("inverted", "classic"), repeat=2)))
def test_a_run_with_dropout_is_the_same_in_arrays(forms: tuple[str, str]) -> None:
    """Every gradient of both steps is that of autograd over the thinned network; errors are those of the whole one."""
    settings = {f"network.layers[{index}].dropout.form": form for index, form in enumerate(forms)}
    problem = explainer.loads(TEXT, convention="flat", settings=settings)
    run, whole = explainer.train(problem), Whole(problem)
    used = [np.array(1.0 if form == "inverted" else 1 - rate) for form, rate in zip(forms, (0.25, 0.5), strict=True)]
    errors = [float(whole.loss(whole.parameters, used))]
    for trace in run:
        slopes = autograd.grad(whole.loss)(whole.parameters, factors(trace, forms, (3, 2)))
        found = 0
        for step in trace.phases["update"]:
            if step.quantity.role == "gradient":
                quantity = step.quantity
                weights, biases = slopes[int(quantity.layer) - 1]
                unit, source = int(quantity.unit) - 1, int(quantity.source) - 1
                right = biases[unit] if source < 0 else weights[unit, source]
                assert step.value == pytest.approx(right, abs=1e-12)
                found += 1
        assert found == 6 + 3 + 6 + 2 + 1
        biased = (1.0, 0.0, 1.0)
        whole.parameters = [
            (weights - 0.5 * slope, biases - 0.5 * has * by_bias)
            for (weights, biases), (slope, by_bias), has in zip(whole.parameters, slopes, biased, strict=True)
        ]
        errors.append(float(whole.loss(whole.parameters, used)))
    assert [epoch.error for epoch in run.epochs] == pytest.approx(errors)


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("arithmetic", ["decimal", "float", "exact"])
@pytest.mark.parametrize("form", ["inverted", "classic"])
def test_every_equality_with_dropout_is_true(convention: str, arithmetic: str, form: str) -> None:
    """In every convention each printed equality, each gradient and each δ of a run with dropout holds."""
    settings = {"network.layers[0].dropout.form": form, "training.batch": 1, "presentation.steps": [1, 4]}
    run = explainer.train(explainer.loads(TEXT, convention=convention, arithmetic=arithmetic, settings=settings))
    assert [wrong for finding in findings(run) for wrong in finding.wrong] == []


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_dropout_in_letters_holds_for_any_numbers(convention: str) -> None:
    """In letters every index of a batch with dropout is right, as numbers put in for them show."""
    text = TEXT.replace("epochs = 2", "").replace(", [1, 1, 1], [0, 0, 1]", "")
    trace = explainer.trace(explainer.loads(text, convention=convention, arithmetic="letters"))
    assert [wrong for finding in findings(trace) for wrong in finding.wrong] == []


@pytest.mark.parametrize("form", ["inverted", "classic"])
def test_on_average_training_passes_on_what_use_does(form: str) -> None:
    """Over all masks a linear network's output in training is on average what it is in use."""
    means, used = Decimal(0), None
    for mask in product((0, 1), repeat=2):
        settings = {"network.layers[0].dropout.mask": [list(mask)], "network.layers[0].dropout.form": form}
        trace = explainer.trace(explainer.loads(SINGLE, settings={**settings, "numbers.decimals": 12}))
        probable = Decimal("0.75") ** sum(mask) * Decimal("0.25") ** (2 - sum(mask))
        means += probable * trace["o_5"].value
        if not any(mask):  # with every output left out, no weight moves, and the check is the network in use
            used = trace["o_5_new"].value
    assert means == pytest.approx(used)


def test_a_seed_draws_the_same_masks_everywhere() -> None:
    """Masks come from the generator of the standard library, a row of each layer from a text of seed, layer and row."""
    run = explainer.train(explainer.loads(TEXT, settings={"training.batch": 1, "presentation.steps": [1, 2, 3, 4]}))
    for row, trace in enumerate(run):
        random = Random(f"3 2 {row}")
        expected = [int(random.random() >= 0.5) for _ in range(2)]
        assert [trace.given[Quantity("mask", 2, unit)] for unit in (1, 2)] == expected


def test_the_page_tells_what_dropout_does() -> None:
    """The page states the law, the masks of each step, what was left out, and which network is checked."""
    mask = {"network.layers[0].dropout.mask": [[1, 0]]}
    page = explainer.render(explainer.explain(explainer.trace(explainer.loads(SINGLE, settings=mask))), "text")
    told = " ".join(page.split())
    assert "õⱼ = (rⱼ oⱼ)/(1 − p)" in told
    assert "In this step: r₃ = 1, r₄ = 0." in told
    assert "Where r₄ = 0, the unit was left out" in told
    assert "Now nothing is left out" in told
    run = explainer.render(explainer.explain(explainer.train(explainer.loads(TEXT))), "text")
    assert run.count("In this step:") == 2
    assert "without dropout" in " ".join(run.split())


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_notation_names_what_dropout_adds(convention: str) -> None:
    """In every convention the table of notation has the mask, the output after dropout, and the rate."""
    page = explainer.render(explainer.explain(explainer.trace(explainer.loads(SINGLE, convention=convention))), "text")
    table = page.partition("Given data")[0]
    output = {"lecture": "õ", "mitchell": "õ", "flat": "h̃", "threshold": "ỹ"}.get(convention, "ã")
    for symbol in ("r", output, "p"):
        assert any(line.startswith(f"    {symbol}") for line in table.split("\n")), symbol


FAULTS = [
    ("rate = 0.25", "rate = 1", "network.layers[0].dropout.rate: found 1, expected less than 1"),
    ("rate = 0.25", "rate = 0", "network.layers[0].dropout.rate: found 0, expected more than 0"),
    ("rate = 0.25, ", "", "network.layers[0].dropout.rate: missing; expected a number"),
    ("mask = [[1, 1]]", "seed = 2.5", "network.layers[0].dropout.seed: found 2.5, expected a whole number"),
    ("mask = [[1, 1]]", "sed = 2", 'network.layers[0].dropout.sed: unknown key (did you mean "seed"?)'),
    ("mask = [[1, 1]]", 'form = "inverse"', 'network.layers[0].dropout.form: unknown form "inverse" (did you mean "inverted"?)'),
    ("mask = [[1, 1]]", "mask = [[1, 2]]", "network.layers[0].dropout.mask[0][1]: found 2, expected at most 1"),
    ("mask = [[1, 1]]", "mask = [1, 1]", "network.layers[0].dropout.mask[0]: found 1, expected a list of numbers"),
    ("mask = [[1, 1]]", "mask = [[1]]", "network.layers[0].dropout.mask[0]: 1 number, but the layer has 2 units"),
    ("mask = [[1, 1]]", "mask = [[1, 1], [1, 0]]", "network.layers[0].dropout.mask: found 2 rows, expected 1: one for each sample in each epoch; seed = 1 draws them"),
    ("mask = [[1, 1]]", "mask = [[1, 1]], seed = 1", "network.layers[0].dropout: found mask and seed, expected one of them"),
    (", mask = [[1, 1]]", "", "network.layers[0].dropout: found neither mask nor seed, expected one of them; seed = 1 draws them"),
    ("{ rate = 0.25, mask = [[1, 1]] }", "0.5", "network.layers[0].dropout: found 0.5, expected a table"),
    ("[[0.7, -0.6]]", "[[0.7, -0.6]]\ndropout = { rate = 0.5, seed = 1 }", "network.layers[1].dropout: found in the output layer, whose outputs are the answer; expected it in a hidden layer"),
    ("[training]", "[presentation]\nderivation = true\n[training]", "presentation.derivation: found true, but there is no derivation with dropout; take one of them out"),
    ("\n[network]", '\nkind = "step"\n[network]', "network.layers[0].dropout: unknown key (expected one of: activation, units, weights, biases, thresholds, mask, trained, initialization)"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "told"), FAULTS)
def test_a_fault_of_dropout_is_named_with_its_place(right: str, wrong: str, told: str) -> None:
    """Whatever is wrong with a dropout is told with its place, what was found, what was expected, and the remedy."""
    assert right in SINGLE
    with pytest.raises(ProblemError) as refused:
        explainer.loads(SINGLE.replace(right, wrong, 1))
    assert told in str(refused.value)
