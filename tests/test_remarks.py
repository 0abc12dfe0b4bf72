"""Remarks that are computed: on steps that go too far, on batches and on runs; each is true, worked a second way."""

import re
from typing import Any

import numpy as np
import pytest
from test_insight import Arrays, network
from test_training import XOR, Network

import explainer
from explainer.problem.model import Problem


def remarks(found: Any) -> str:
    """The remarks of a page, in one line."""
    text = explainer.render(explainer.explain(found), "text")
    _, heading, rest = text.partition("\nRemarks\n=======\n")
    assert heading
    return re.sub(r"\s+", " ", re.split(r"\n\w[^\n]*\n====", rest)[0])


def stepped(problem: Problem, rate: float) -> tuple[float, float]:
    """The loss before and after one step of gradient descent, in arrays."""
    arrays = Arrays(problem)
    deltas, (_, signals), before = arrays.deltas(), arrays.passes(), arrays.loss()
    for layer, delta in enumerate(deltas):
        arrays.weights[layer] -= rate * delta.T @ signals[layer] / len(delta)
        arrays.biases[layer] -= rate * delta.mean(axis=0)
    return before, arrays.loss()


TRIED = r"each half of the one before: ([\d.]+) is the first with which E comes to at most half .*?, to ([\d.]+)\."
NONE = r"down to ([\d.]+): with none of them E comes to half .*?; it is smallest with ([\d.]+), ([\d.]+)\."


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("samples", [1, 3])
def test_a_step_that_goes_too_far_has_its_remedy(seed: int, samples: int) -> None:
    """Where the loss rises, the page says by how much, and which tried learning rate halves it, or comes lowest."""
    problem = explainer.loads(network(seed, (2, 3, 1), "tanh", samples), settings={"training.learning_rate": 20})
    before, after = stepped(problem, 20)
    said = remarks(explainer.solve(problem))
    if after <= before:
        assert "has gone too far" not in said
        return
    assert f"E has risen from {before:.9f} to {after:.9f}" in said
    tried = {20 / 2**each: stepped(problem, 20 / 2**each)[1] for each in range(1, 9)}
    halving = [rate for rate, loss in tried.items() if loss <= before / 2]
    if halving:
        rate, loss = re.search(TRIED, said).groups()  # type: ignore[union-attr]
        assert (float(rate), float(loss)) == pytest.approx((halving[0], tried[halving[0]]), abs=2e-9)
    else:
        best = min(tried, key=tried.__getitem__)
        least, rate, loss = re.search(NONE, said).groups()  # type: ignore[union-attr]
        assert tried[best] < before
        assert (float(least), float(rate), float(loss)) == pytest.approx((20 / 256, best, tried[best]), abs=2e-9)


def test_what_is_put_in_has_no_remedy() -> None:
    """Where the loss rises because of a value put in, no learning rate is blamed."""
    problem = explainer.load("problems/lecture-3-2-1.toml")
    found = explainer.trace(problem, overrides={"w_46_new": "-9"})
    assert found["E_new"].value > found["E"].value
    assert "too far" not in remarks(found)


BATCH = """
[network]
inputs = 3
[[network.layers]]
activation = "relu"
weights = [[0.5, -0.9, 0.3], [-0.4, -1.0, 0.2], [0.3, 0.6, -0.2]]
biases = [0.2, -0.7, 0.1]
[[network.layers]]
activation = "linear"
weights = [[1.2, 1.1, 0.4]]
biases = [0.3]
[[samples]]
inputs = [1, 1, 0]
targets = [0]
[[samples]]
inputs = [0, 1, 0]
targets = [3]
[[samples]]
inputs = [2, 0, 0]
targets = [1.5]
[training]
learning_rate = 0.2
[numbers]
arithmetic = "float"
"""


def test_remarks_on_a_batch_name_samples_and_units() -> None:
    """The sample with the largest loss, those whose loss rises, what did not move and which unit is dead are named."""
    problem = explainer.loads(BATCH)
    found, said = explainer.trace(problem), remarks(explainer.solve(problem))
    losses = [found[f"E^({sample})"].value for sample in (1, 2, 3)]
    assert f"Sample {1 + int(np.argmax(losses))} has the largest loss" in said
    behind = [sample for sample in (1, 2, 3) if found[f"E^({sample})_new"].value > losses[sample - 1]]
    assert found["E_new"].value < found["E"].value
    told = re.search(r"For (?:sample|the samples) ([^.]*?) the loss has risen", said)
    assert [int(each) for each in re.findall(r"\d", told[1])] == behind if behind else told is None
    nets = [found[f"net_5^({sample})"].value for sample in (1, 2, 3)]
    assert max(nets) < 0
    assert "For every sample node 5 lies where its activation function is flat" in said
    assert all(found[f"dw_{source}5"].value == 0 == found["db_5"].value for source in (1, 2))
    assert "w₅₇" in re.search(r"• ([^•]*?) did not move, because the signal that comes in is 0", said)[1]  # type: ignore[index]
    assert re.search(r"w₁₅, w₂₅, w₃₅ and b₅ did not move, because the δ behind is 0 for every sample", said)


def test_shares_that_cancel_are_told() -> None:
    """Where two samples ask for opposite changes of the same size, the page says that they cancel."""
    text = (
        "[network]\ninputs = 1\n[[network.layers]]\nactivation = 'linear'\nweights = [[0.5]]\nbiases = [0]\n"
        "[[samples]]\ninputs = [1]\ntargets = [1]\n[[samples]]\ninputs = [1]\ntargets = [0]\n"
        "[[samples]]\ninputs = [0]\ntargets = [2]\n[training]\nlearning_rate = 0.1\n"
    )
    found = explainer.solve(explainer.loads(text))
    assert found["dw_12"].value == 0 != found["db_2"].value  # type: ignore[index, union-attr]
    assert "w₁₂ did not move, because what the samples ask for cancels." in remarks(found)


def test_a_run_tells_where_its_error_rises() -> None:
    """The number of epochs in which the error has risen, and the first of them, are those of the same run in arrays."""
    problem = explainer.loads(XOR, settings={"training.learning_rate": 40, "training.epochs": 12})
    arrays = Network(problem)
    inputs = np.array([sample.inputs for sample in problem.samples], float)
    targets = np.array([sample.targets for sample in problem.samples], float)
    errors = [arrays.loss(inputs, targets)]
    for _ in range(12):
        arrays.step(inputs, targets, 40)
        errors.append(arrays.loss(inputs, targets))
    rises = [epoch for epoch in range(1, 13) if errors[epoch] > errors[epoch - 1]]
    assert len(rises) > 1
    told = f"in {len(rises)} of 12 epochs, for the first time in epoch {rises[0]}, from {errors[rises[0] - 1]:.4f}"
    assert told in remarks(explainer.train(problem))


def test_a_run_that_ends_higher_is_tried_with_smaller_rates() -> None:
    """The rate that is named is the first half, quarter, … with which the same training halves the error."""
    text = XOR.replace("[[network.layers]]", '[[network.layers]]\nactivation = "linear"')
    settings = {"training.learning_rate": 4, "training.epochs": 6}
    run = explainer.train(explainer.loads(text, settings=settings))
    begun = run.epochs[0].error
    assert run.ended == "diverged" or run.epochs[-1].error > begun
    count = run.epochs[-1].number
    tried = {}
    for each in range(1, 9):
        slower = {**settings, "training.learning_rate": 4 / 2**each, "training.epochs": count}
        tried[4 / 2**each] = explainer.train(explainer.loads(text, settings=slower)).epochs[-1].error
    halving = [rate for rate, error in tried.items() if error <= begun / 2]
    said = remarks(run)
    assert f"tried on the same {count} epochs" in said
    if halving:
        assert re.search(TRIED, said)[1] == f"{halving[0]:g}"  # type: ignore[index]
    else:
        assert re.search(NONE, said)[2] == f"{min(tried, key=tried.__getitem__):g}"  # type: ignore[index]


def test_learning_by_heart_is_remarked() -> None:
    """Where the error over other samples rises again while that over the samples falls, the turning point is told."""
    other = "[[validation]]\ninputs = [0, 0]\ntargets = [0.5]\n"
    text = XOR.replace("[training]", other + "[training]")
    run = explainer.train(explainer.loads(text, settings={"training.learning_rate": 5, "training.epochs": 300}))
    errors = [epoch.validation for epoch in run.epochs]
    best = errors.index(min(errors))
    assert run.epochs[-1].error < run.epochs[best].error
    assert errors[-1] > errors[best]
    said = remarks(run)
    assert f"was smallest after epoch {best}" in said
    assert f"it has risen to {errors[-1]:.4f}" in said


def test_an_early_fall_is_remarked() -> None:
    """Half of the fall is told to come in the first epochs where it does."""
    text = XOR.replace("[[network.layers]]", '[[network.layers]]\nactivation = "linear"')
    run = explainer.train(explainer.loads(text, settings={"training.learning_rate": 0.3, "training.epochs": 40}))
    errors = [epoch.error for epoch in run.epochs]
    half = next(number for number, error in enumerate(errors) if error <= (errors[0] + errors[-1]) / 2)
    assert 0 < half <= 10
    told = "the first" if half == 1 else f"the first {half}"
    assert f"Half of the fall of E comes in {told} of 40 epochs." in remarks(run)
