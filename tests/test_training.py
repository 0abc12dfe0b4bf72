"""Training: batches, epochs and what ends them, against published figures and against a second way of working."""

import re
from decimal import Decimal
from itertools import pairwise
from random import Random

import numpy as np
import pytest

import explainer
from explainer.check.report import findings
from explainer.check.runs import run_findings
from explainer.problem.faults import ProblemError
from explainer.trace.schedule import epochs

BATCH = explainer.load("problems/batch-3-2-1.toml")

GRADIENTS = {
    "w_1": "0.059262", "w_2": "0.061582", "v_11": "0.078678", "v_12": "0.019669", "v_21": "0.036881",
    "v_22": "0.009220", "v_31": "0.044931", "v_32": "0.011233",
}  # fmt: skip
"""The right gradients of the batch example, worked out in full precision when its errata were found."""

XOR = """
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
[[samples]]
inputs = [1, 0]
targets = [1]
[[samples]]
inputs = [0, 0]
targets = [0]
[training]
learning_rate = 0.5
epochs = 3
[numbers]
arithmetic = "float"
[presentation]
steps = [1, "last"]
"""


def test_a_batch_gradient_is_the_mean_of_the_products() -> None:
    """Every gradient of the batch example is the right one, and not the product of averages that its source prints."""
    found = explainer.trace(BATCH, arithmetic="float")
    for name, gradient in GRADIENTS.items():
        assert found[f"dE/d{name}"].value == pytest.approx(float(gradient), abs=6e-7)
    assert found["E"].value == pytest.approx(0.048856, abs=6e-7)
    assert found["E_new"].value == pytest.approx(0.040227, abs=6e-7)


def test_the_sum_over_a_batch_is_as_many_times_the_mean() -> None:
    """With gradients added up, every change is that of the mean times the number of samples."""
    mean = explainer.trace(BATCH, arithmetic="float")
    added = explainer.trace(BATCH, arithmetic="float", settings={"training.reduction": "sum"})
    for name in GRADIENTS:
        assert added[f"dE/d{name}"].value == pytest.approx(3 * mean[f"dE/d{name}"].value)


class Network:
    """A network of sigmoid layers with numbers in arrays: nothing of it is the program's."""

    def __init__(self, problem: explainer.problem.model.Problem) -> None:  # type: ignore[name-defined]
        layers = problem.network.layers
        self.weights = [np.array(layer.weights, float) for layer in layers]
        self.biases = [np.array(layer.biases, float) for layer in layers]

    def outputs(self, inputs: np.ndarray) -> list[np.ndarray]:
        """The signals of every layer, a row for each sample."""
        signals = [inputs]
        for weights, biases in zip(self.weights, self.biases, strict=True):
            signals.append(1 / (1 + np.exp(-(signals[-1] @ weights.T + biases))))
        return signals

    def loss(self, inputs: np.ndarray, targets: np.ndarray) -> float:
        """The mean over the samples of half the squared error."""
        return float(((targets - self.outputs(inputs)[-1]) ** 2).sum() / 2 / len(inputs))

    def step(self, inputs: np.ndarray, targets: np.ndarray, rate: float) -> None:
        """One step over all these samples."""
        signals = self.outputs(inputs)
        delta = (signals[-1] - targets) * signals[-1] * (1 - signals[-1])
        for layer in reversed(range(len(self.weights))):
            before = signals[layer]
            back = delta @ self.weights[layer] * before * (1 - before)
            self.weights[layer] -= rate * delta.T @ before / len(inputs)
            self.biases[layer] -= rate * delta.mean(axis=0)
            delta = back


@pytest.mark.parametrize("batch", [1, 2, 3, 4])
def test_a_run_is_the_same_in_arrays(batch: int) -> None:
    """Errors after every epoch and the last parameters are those of the same training worked in arrays."""
    problem = explainer.loads(XOR, settings={"training.batch": batch})
    run, network = explainer.train(problem), Network(problem)
    inputs = np.array([sample.inputs for sample in problem.samples], float)
    targets = np.array([sample.targets for sample in problem.samples], float)
    errors = [network.loss(inputs, targets)]
    for _ in range(3):
        for first in range(0, 4, batch):
            network.step(inputs[first : first + batch], targets[first : first + batch], 0.5)
        errors.append(network.loss(inputs, targets))
    assert [epoch.error for epoch in run.epochs] == pytest.approx(errors)
    weight = next(quantity for quantity in run.final if run.names.typed(quantity) == "w_45")
    assert run.final[weight] == pytest.approx(network.weights[1][0, 1])


def test_two_steps_and_three_are_five() -> None:
    """Training that goes on from where it was left comes to the same as if it had never stopped."""
    whole = explainer.train(explainer.loads(XOR, settings={"training.epochs": 5}))
    first = explainer.train(explainer.loads(XOR, settings={"training.epochs": 2}))
    layers = explainer.loads(XOR).data["network"]["layers"]
    settings: dict[str, object] = {"training.epochs": 3}
    for quantity, value in first.final.items():
        layer, unit, source = int(quantity.layer), int(quantity.unit), int(quantity.source)
        place = f"network.layers[{layer - 1}]"
        key = f"{place}.weights[{unit - 1}][{source - 1}]" if source else f"{place}.biases[{unit - 1}]"
        settings[key] = Decimal(repr(value))
    assert len(settings) == 1 + sum(len(row) for layer in layers for row in layer["weights"]) + 3
    second = explainer.train(explainer.loads(XOR, settings=settings))
    assert second.final == whole.final
    assert [epoch.error for epoch in whole.epochs[2:]] == [epoch.error for epoch in second.epochs]


def test_a_step_begins_with_what_the_one_before_has_left() -> None:
    """By hand, the parameters that a step begins with are those that the one before has written down."""
    run = explainer.train(explainer.loads(XOR, arithmetic="decimal", settings={"presentation.steps": [1, 2, 3]}))
    for one, other in pairwise(run):
        for quantity in (each for each in one.given if each.role in ("weight", "bias")):
            assert one.value(quantity.after()) == other.value(quantity)


def test_a_seed_gives_the_same_order_everywhere() -> None:
    """The order of the samples is that of the numbers that the generator draws, which are the same on any machine."""
    problem = explainer.loads(XOR, settings={"training.order": "shuffled", "training.seed": 3, "training.batch": 1})
    drawn = [[batch.samples[0] for batch in batches] for batches in epochs(problem.task.schedule, 4)]
    random = Random(3)
    expected = [[number for _, number in sorted((random.random(), number) for number in (1, 2, 3, 4))] for _ in drawn]
    assert drawn == expected


def test_a_small_error_ends_the_training() -> None:
    """The run ends with the first epoch whose error is at most what was asked for, and the page says so."""
    settings = {"training.epochs": 5000, "training.learning_rate": 5, "training.stop.error": Decimal("0.05")}
    run = explainer.train(explainer.loads(XOR, settings=settings))
    assert run.ended == "error"
    assert run.epochs[-1].error <= 0.05 < min(epoch.error for epoch in run.epochs[:-1])
    page = " ".join(explainer.render(explainer.explain(run), "text").split())
    assert "It ended there, because E is at most 0.05." in page


def test_patience_keeps_the_best_parameters() -> None:
    """Where the error over other samples rises, the run ends and goes back to the epoch where that was smallest."""
    other = "[[validation]]\ninputs = [0, 0]\ntargets = [0.5]\n"
    settings = {"training.epochs": 50, "training.stop.patience": 4}
    run = explainer.train(explainer.loads(XOR.replace("[training]", other + "[training]"), settings=settings))
    errors = [epoch.validation for epoch in run.epochs]
    assert run.ended == "patience"
    assert run.best == errors.index(min(errors)) == len(errors) - 5
    assert "are kept" in explainer.render(explainer.explain(run), "text").replace("\n", " ")


@pytest.mark.parametrize("convention", ["lecture", "mitchell", "layered", "aima", "flat", "threshold", "matrix"])
@pytest.mark.parametrize("arithmetic", ["decimal", "float"])
@pytest.mark.parametrize("batch", [1, 3])
def test_every_equality_of_a_run_is_true(convention: str, arithmetic: str, batch: int) -> None:
    """In every convention each printed equality of every step holds, and every gradient is that of the batch."""
    problem = explainer.loads(XOR, convention=convention, arithmetic=arithmetic, settings={"training.batch": batch})
    for finding in run_findings(explainer.train(problem)):
        assert finding.wrong == ()
    assert "Step 1" in explainer.render(explainer.explain(explainer.train(problem)), "latex")


def test_all_conventions_lead_to_the_same_parameters() -> None:
    """A run ends with the same parameters and errors whatever they are called."""
    names = ("lecture", "mitchell", "layered", "flat", "aima", "matrix")
    runs = [explainer.train(explainer.loads(XOR, convention=name)) for name in names]
    for run in runs[1:]:
        assert [run.final[each] for each in run.final] == pytest.approx([runs[0].final[each] for each in runs[0].final])


def test_the_batch_example_holds() -> None:
    """Every check of the batch example's page holds."""
    assert [finding.wrong for finding in findings(explainer.trace(BATCH)) if finding.wrong] == []


def test_a_slice_of_a_step_reads_on_its_own() -> None:
    """One quantity of one step is shown with what it needs, and no other step."""
    run = explainer.train(explainer.loads(XOR))
    page = explainer.render(explainer.explain(run, only="step 1: delta_5^(1)"), "text")
    assert "δ₅⁽¹⁾" in page
    assert "net₅⁽²⁾" not in page
    with pytest.raises(ProblemError, match="step 2 is not shown"):
        run.only("step 2: delta_5")


def test_what_diverges_ends_with_what_was_reached() -> None:
    """Where numbers leave their range, the run ends with the epochs before, and the page says so."""
    text = XOR.replace("[[network.layers]]", '[[network.layers]]\nactivation = "linear"')
    run = explainer.train(explainer.loads(text, settings={"training.learning_rate": 900, "training.epochs": 90}))
    assert run.ended == "diverged"
    assert len(run.epochs) > 1
    assert "left the range" in explainer.render(explainer.explain(run), "text").replace("\n", " ")


def test_only_what_several_steps_have_makes_a_file_a_training() -> None:
    """A file with one sample and none of the fields of a training is a single step, and stays one."""
    assert explainer.load("problems/lecture-3-2-1.toml").kind == "step"
    assert BATCH.kind == "training"
    single = explainer.train(explainer.load("problems/lecture-3-2-1.toml"))
    assert single.steps == 1


def test_a_sample_of_a_batch_has_a_letter_of_its_own() -> None:
    """Any sample is called s, and p where s is the net input of the output; their number is the capital of it."""
    for name, letter in (("batch-3-2-1", "p"), ("batch-normalization", "s")):
        problem = explainer.load(f"problems/{name}.toml")
        page = explainer.render(explainer.explain(explainer.trace(problem)), "markdown")
        laws = " ".join(page.partition("## Forward pass")[0].split())
        assert rf"E = \frac{{1}}{{{letter.upper()}}} \cdot \sum_{letter} E^{{({letter})}}" in laws
        assert f"over the ${letter.upper()}$ samples ${letter}$" in " ".join(page.split())


def test_a_wide_batch_has_several_tables() -> None:
    """No table of the samples of a batch has more columns than a page has room for, and none is left out."""
    trace = explainer.trace(explainer.load("tests/wide-batch.toml"))
    page = explainer.render(explainer.explain(trace), "markdown")
    tables = page.partition("### All samples")[2].partition("## Error")[0].strip().split("\n\n")
    heads = [re.findall(r"\$([^$]*)\$", table.split("\n")[0]) for table in tables]
    assert max(map(len, heads)) <= 8
    assert len({symbol for head in heads for symbol in head}) == 3 + 4 + 4 + 4 + 1
