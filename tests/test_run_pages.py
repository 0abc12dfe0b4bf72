"""What stands after the steps of a training: what is followed through the epochs, and the network at the end."""

import math
import re

import numpy as np
import pytest

import explainer
from tests.test_training import XOR, Network

CONVENTIONS = ("lecture", "mitchell", "layered", "aima", "flat", "threshold", "matrix")


def page(run: explainer.Run, markup: str = "text") -> str:
    """The page of a run."""
    return explainer.render(explainer.explain(run), markup)


def sentences(run: explainer.Run) -> str:
    """The same, its lines put together."""
    return " ".join(page(run).split())


def tables(text: str, heading: str) -> list[list[list[str]]]:
    """The cells of the tables in the section of a heading of plain text, each with its head first."""
    section = re.split(r"\n\n[^\n ].*\n=+\n", text.split(f"\n{heading}\n", 1)[1])[0]
    blocks = [block for block in re.split(r"\n[ ]*\n", section) if block.startswith("    ")]
    return [[line.split() for line in block.split("\n")] for block in blocks]


@pytest.mark.parametrize("epochs", [3, 2000])
@pytest.mark.parametrize("decay", ["", 'decay = { name = "exponential", rate = 0.5 }\n'])
def test_the_learning_rate_and_states_can_be_followed(epochs: int, decay: str) -> None:
    """The table of the epochs has one column of the learning rate, and what the optimizer keeps; long runs too."""
    text = XOR.replace("[training]\n", f'[training]\noptimizer = "momentum"\n{decay}')
    text = text.replace("epochs = 3", f"epochs = {epochs}") + 'parameters = ["η", "v_w45"]\n'
    run = explainer.train(explainer.loads(text))
    rows = tables(page(run), "All epochs")[0]
    assert rows[0] == ["Epoch", "E", "η", "v_w₄₅"]
    assert [row[2] for row in rows[1:4]] == (["–", "0.5000", "0.3033"] if decay else ["0.5000"] * 3)
    velocity = next(quantity for quantity in run.final if run.names.typed(quantity) == "v_w45")
    assert run.epochs[-1].followed[1] == run.final[velocity]


def outputs(run: explainer.Run) -> list[float]:
    """What a 2-2-1 sigmoid network gives for each sample with its last parameters, worked out one by one."""
    at = {(each.layer, each.unit, each.source): float(value) for each, value in run.final.items()}
    sign = -1 if run.problem.convention.bias == "subtracted" else 1

    def unit(layer: int, number: int, signals: list[float]) -> float:
        net = sum(at[layer, number, source] * signal for source, signal in enumerate(signals, 1))
        return 1 / (1 + math.exp(-net - sign * at[layer, number, 0]))

    samples = [[float(each) for each in sample.inputs] for sample in run.problem.samples]
    return [unit(2, 1, [unit(1, number, inputs) for number in (1, 2)]) for inputs in samples]


def number(cell: str) -> float:
    """A number as plain text prints it."""
    digits, _, power = cell.replace("−", "-").partition("·10")
    return float(digits) * 10.0 ** int(power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")) or 0)


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("arithmetic", ["decimal", "float"])
@pytest.mark.parametrize("batch", ["online", "full"])
def test_the_last_network_is_shown_for_every_sample(convention: str, arithmetic: str, batch: str) -> None:
    """Targets, outputs, errors and losses are those of the last parameters, and the losses make the last error."""
    text = XOR + f'convention = "{convention}"\n'
    run = explainer.train(explainer.loads(text, arithmetic=arithmetic, settings={"training.batch": batch}))
    _, *rows = tables(page(run), "The network at the end")[0]
    targets, found, errors, losses = ([number(row[column]) for row in rows] for column in (1, 2, 3, 4))
    assert targets == [0, 1, 1, 0]
    assert found == pytest.approx(outputs(run), abs=2e-4 if arithmetic == "decimal" else 6e-5)
    for target, output, error, loss in zip(targets, found, errors, losses, strict=True):
        spread = 1e-12 if arithmetic == "decimal" else 1e-4
        assert abs(error) == pytest.approx(abs(target - output), abs=spread)
        assert loss == pytest.approx((target - output) ** 2 / 2, abs=1.6e-4)
    assert sum(losses) / 4 == pytest.approx(float(run.epochs[-1].error), abs=1e-4)


def test_whether_exclusive_or_is_solved_is_seen() -> None:
    """Before it is solved some samples come out wrong, afterwards none, and the page counts them."""
    settings = {"training.epochs": 4000, "training.learning_rate": 5, "presentation.steps": []}
    solved = explainer.train(explainer.loads(XOR, settings=settings))
    assert all(abs(output - target) < 0.5 for output, target in zip(outputs(solved), (0, 1, 1, 0), strict=True))
    assert "So all 4 samples come out right." in sentences(solved)
    begun = explainer.train(explainer.loads(XOR))
    right = sum((output >= 0.5) == bool(target) for output, target in zip(outputs(begun), (0, 1, 1, 0), strict=True))
    assert right < 4
    assert f"So {right} of 4 samples come out right." in sentences(begun)


def test_targets_that_are_no_classes_are_not_counted() -> None:
    """Of a single sample, and of targets between, nothing is said to be right."""
    between = XOR.replace("targets = [0]", "targets = [0.5]")
    assert "come out right" not in sentences(explainer.train(explainer.loads(between)))


def test_validation_samples_and_long_lists_have_their_tables() -> None:
    """Samples for validation are shown too; of more than twenty samples the first, which is said."""
    other = "[[validation]]\ninputs = [0, 0]\ntargets = [0.5]\n"
    both = tables(
        page(explainer.train(explainer.loads(XOR.replace("[training]", other + "[training]")))),
        "The network at the end",
    )
    assert [len(each) for each in both] == [5, 2]
    many = XOR.replace("[training]", "[[samples]]\ninputs = [1, 0.5]\ntargets = [1]\n" * 30 + "[training]")
    text = page(explainer.train(explainer.loads(many)))
    assert len(tables(text, "The network at the end")[0]) == 21
    assert "Here are the first 20 of 34." in " ".join(text.split())


def last_loss(problem: explainer.api.Problem, rate: float, fall: float) -> float:
    """The loss after all epochs over all samples, in arrays, with a rate that falls as e^(−fall · epochs over)."""
    network = Network(problem)
    inputs, targets = (
        np.array([getattr(each, key) for each in problem.samples], float) for key in ("inputs", "targets")
    )
    for epoch in range(problem.task.schedule.epochs):
        network.step(inputs, targets, rate * math.exp(-fall * epoch))
    return network.loss(inputs, targets)


@pytest.mark.parametrize("epochs", [1, 2, 5])
@pytest.mark.parametrize("fall", [0, 0.3])
@pytest.mark.parametrize("share", [0.5, 1e-3])
def test_the_rate_that_halves_the_loss_is_the_first_that_does(epochs: int, fall: float, share: float) -> None:
    """Of the rates tried, each half of the one before, the page names the first that halves the loss, or the best."""
    text = XOR.replace("targets = [0]", f"targets = [{0.37 + share}]").replace("targets = [1]", "targets = [0.37]")
    text = text.replace('steps = [1, "last"]', "steps = []")
    decay = {"training.decay": {"name": "exponential", "rate": fall}} if fall else {}
    wild = {"training.learning_rate": 300, "training.epochs": epochs, **decay}
    problem = explainer.loads(text, settings=wild)
    begun = Network(problem).loss(
        *(np.array([getattr(each, key) for each in problem.samples], float) for key in ("inputs", "targets"))
    )
    tried = [(300 / 2**times, last_loss(problem, 300 / 2**times, fall)) for times in range(9)]
    assert tried[0][1] > begun
    said = " ".join(explainer.render(explainer.explain(explainer.solve(problem)), "text").split())
    assert (f"on the same {epochs} epochs" if epochs > 1 else "on the same step") in said
    assert ("falling by the same rule" in said) == bool(fall)
    halving = next((rate for rate, loss in tried[1:] if 2 * loss <= begun), None)
    best = min(tried[1:], key=lambda each: each[1])
    if halving is not None:
        assert f"each half of the one before: {halving:.12g} is the first with which E comes to at most half" in said
    elif best[1] < begun:
        assert f"down to {300 / 2**8:.12g}: with none of them E comes to half" in said
        assert f"it is smallest with {best[0]:.12g}, " in said
    else:
        assert "with none of them E falls" in said
    assert ("the step has gone too far" in said) == (epochs == 1 and best[1] < begun)


def test_a_step_that_no_rate_could_have_saved_has_not_gone_too_far() -> None:
    """Where weights that decay raise the loss whatever the rate, the page does not blame its size."""
    settings = {"training.regularization.weight_decay": 30, "training.epochs": 1, "training.learning_rate": 0.02}
    found = explainer.solve(explainer.loads(XOR.replace('steps = [1, "last"]', "steps = []"), settings=settings))
    said = " ".join(explainer.render(explainer.explain(found), "text").split())
    assert "E has risen from" in said
    assert "with none of them E falls." in said
    assert "too far" not in said
