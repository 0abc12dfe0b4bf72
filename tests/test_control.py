"""What steers a training: penalties, weight decay and clipped gradients, against a second way of working."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import explainer
from explainer.check.report import findings
from explainer.problem.convention import convention_names
from explainer.problem.faults import ProblemError
from tests import networks
from tests.untruths import Reader

BATCH = """
[network]
inputs = 2
[[network.layers]]
weights = [[0.5, 0.9], [0.4, -1.0]]
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
[training]
learning_rate = 0.5
[numbers]
arithmetic = "float"
"""

FIRST_SAMPLE = BATCH.replace('arithmetic = "float"', "").replace("inputs = [0, 1]\ntargets = [1]", "").replace(
    "inputs = [1, 0]\ntargets = [1]", ""
)  # fmt: skip
SINGLE = FIRST_SAMPLE.replace("[[samples]]\n\n", "")

NAMES = ("w_13", "w_23", "w_14", "w_24", "b_3", "b_4", "w_35", "w_45", "b_5")
VALUES = np.array([0.5, 0.9, 0.4, -1.0, -0.8, 0.1, -1.2, 1.1, -0.3])
IS_WEIGHT = np.array([name.startswith("w") for name in NAMES])
INPUTS, TARGETS = np.array([[1, 1], [0, 1], [1, 0]], float), np.array([0, 1, 1], float)

STEERED: dict[str, dict[str, Any]] = {
    "l2": {"training.regularization.l2": 0.1},
    "l1": {"training.regularization.l1": 0.05},
    "both": {"training.regularization.l1": 0.05, "training.regularization.l2": 0.1},
    "biases": {"training.regularization.l2": 0.1, "training.regularization.biases": True},
    "decay": {"training.regularization.weight_decay": 0.1},
    "norm": {"training.clipping.norm": 0.1},
    "value": {"training.clipping.value": 0.03},
    "all": {
        "training.regularization.l1": 0.05,
        "training.regularization.weight_decay": 0.1,
        "training.clipping.norm": 0.1,
        "training.optimizer": "momentum",
    },
}


def data_loss(parameters: np.ndarray, *, averaged: bool = True) -> float:
    """Half the squared error over the samples, of the network with its parameters in the order of their names."""
    w13, w23, w14, w24, b3, b4, w35, w45, b5 = parameters

    def sigmoid(z: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-z))

    hidden = sigmoid(INPUTS @ np.array([[w13, w14], [w23, w24]]) + np.array([b3, b4]))
    errors = (TARGETS - sigmoid(hidden @ np.array([w35, w45]) + b5)) ** 2 / 2
    return float(errors.mean() if averaged else errors.sum())


def penalty(parameters: np.ndarray, *, l1: float = 0, l2: float = 0, biases: bool = False) -> float:
    """λ₁ Σ |w| + λ₂/2 Σ w², over the weights, or the biases too."""
    held = parameters if biases else parameters[IS_WEIGHT]
    return float(l1 * np.abs(held).sum() + l2 / 2 * (held**2).sum())


def differences(loss: Callable[[np.ndarray], float]) -> np.ndarray:
    """The gradient of a loss by central differences."""
    steps = np.eye(len(VALUES)) * 1e-6
    return np.array([(loss(VALUES + step) - loss(VALUES - step)) / 2e-6 for step in steps])


def column(trace: explainer.api.Trace, pattern: str) -> np.ndarray:
    """The values of a quantity of every parameter."""
    return np.array([trace[pattern.format(name)].value for name in NAMES])


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("strengths", [{"l2": 0.1}, {"l1": 0.05}, {"l1": 0.05, "l2": 0.1}, {"l2": 0.1, "biases": True}])
def test_the_gradient_is_that_of_the_loss_with_its_penalty(strengths: dict[str, Any], reduction: str) -> None:
    """Loss, penalty and every gradient of a batch are those of the whole loss, by differences of it in arrays."""
    settings = {f"training.regularization.{key}": value for key, value in strengths.items()}
    found = explainer.trace(explainer.loads(BATCH, settings={**settings, "training.reduction": reduction}))
    averaged = reduction == "mean"
    assert found["E_data"].value == pytest.approx(data_loss(VALUES, averaged=averaged))
    assert found["E_reg"].value == pytest.approx(penalty(VALUES, **strengths))
    assert found["E"].value == pytest.approx(data_loss(VALUES, averaged=averaged) + penalty(VALUES, **strengths))
    slopes = differences(lambda each: data_loss(each, averaged=averaged) + penalty(each, **strengths))
    assert column(found, "dE/d{}") == pytest.approx(slopes, abs=1e-8)
    assert column(found, "{}_new") == pytest.approx(VALUES - 0.5 * slopes, abs=1e-8)


def test_weight_decay_shrinks_weights_and_leaves_the_loss_alone() -> None:
    """With weight decay the loss is that on the data, and every weight is (1 − ηλ) w less the step; no bias decays."""
    found = explainer.trace(explainer.loads(BATCH, settings=STEERED["decay"]))
    assert found["E"].value == pytest.approx(data_loss(VALUES))
    kept = np.where(IS_WEIGHT, (1 - 0.5 * 0.1) * VALUES, VALUES)
    assert column(found, "{}_new") == pytest.approx(kept - 0.5 * differences(data_loss), abs=1e-8)


def apart(optimizer: str) -> float:
    """How far apart the weights are to which an L2 penalty and weight decay lead in three epochs."""
    ends = []
    for key in ("l2", "weight_decay"):
        settings = {"training.epochs": 3, "training.optimizer": optimizer, f"training.regularization.{key}": 0.1}
        final = explainer.train(explainer.loads(BATCH, settings=settings)).final
        ends.append([value for quantity, value in final.items() if quantity.role == "weight"])
    return max(abs(one - other) for one, other in zip(*ends, strict=True))


def test_decay_is_a_penalty_only_for_plain_gradient_descent() -> None:
    """With gradient descent both lead to the same weights; with momentum, which remembers the penalty, they do not."""
    assert apart("sgd") < 1e-15
    assert apart("momentum") > 1e-3


@pytest.mark.parametrize(
    "optimizer", ["momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "adamax", "adamw"]
)
@pytest.mark.parametrize("key", ["l2", "weight_decay"])
def test_the_page_tells_how_far_apart_both_lead(optimizer: str, key: str) -> None:
    """Under every other optimizer that has a rate and no decay of its own, the page says which weight would differ."""
    if key == "weight_decay" and optimizer in ("adadelta", "adamw"):
        return
    text = BATCH.replace("learning_rate = 0.5\n", "" if optimizer == "adadelta" else "learning_rate = 0.5\n")
    settings = {"training.optimizer": optimizer, f"training.regularization.{key}": 0.1}
    found = explainer.trace(explainer.loads(text, settings=settings))
    assert all(not finding.wrong for finding in findings(found))
    page = " ".join(explainer.render(explainer.explain(found), "text").split())
    assert ("would be something else here" in page) is (optimizer not in ("adadelta", "adamw"))


@pytest.mark.parametrize("bound", [0.01, 0.1, 10])
def test_the_norm_stays_within_its_bound(bound: float) -> None:
    """Clipped gradients point as before, and all together are as long as before or as the bound."""
    found = explainer.trace(explainer.loads(BATCH, settings={"training.clipping.norm": bound}))
    gradients, clipped = (
        column(found, "dE/d{}"),
        np.array([found[f"g_{name.replace('_', '')}"].value for name in NAMES]),
    )
    length = np.linalg.norm(gradients)
    assert found["|gradE|"].value == pytest.approx(length)
    assert clipped == pytest.approx(gradients * min(1, bound / length))
    assert np.linalg.norm(clipped) <= bound * (1 + 1e-12)
    assert column(found, "{}_new") == pytest.approx(VALUES - 0.5 * clipped)


def test_no_gradient_is_beyond_its_value() -> None:
    """Clipped by value, every gradient is cut off at the bound and keeps its sign."""
    found = explainer.trace(explainer.loads(BATCH, settings=STEERED["value"]))
    gradients = column(found, "dE/d{}")
    assert (np.abs(gradients) > 0.03).any()
    assert column(found, "{}_new") == pytest.approx(VALUES - 0.5 * np.clip(gradients, -0.03, 0.03))


FALLING: dict[str, tuple[str, Callable[[int], float]]] = {
    "step": ('{ name = "step", factor = 0.5, every = 3 }', lambda over: 0.5 * 0.5 ** (over // 3)),
    "exponential": ('{ name = "exponential", rate = 0.3 }', lambda over: 0.5 * math.exp(-0.3 * over)),
    "inverse-time": ('{ name = "inverse-time", rate = 0.3 }', lambda over: 0.5 / (1 + 0.3 * over)),
    "cosine": ('"cosine"', lambda over: 0.25 * (1 + math.cos(math.pi * over / 8))),
    "cosine-to": (
        '{ name = "cosine", over = 5, minimum = 0.1 }',
        lambda over: 0.1 + 0.2 * (1 + math.cos(math.pi * min(over, 5) / 5)),
    ),
}


@pytest.mark.parametrize("per", ["epoch", "step"])
@pytest.mark.parametrize("falling", FALLING)
def test_the_rate_falls_as_its_formula_has_it(falling: str, per: str) -> None:
    """The rate of every epoch, or of every step, is that of the closed formula, and the steps go by it."""
    rule, formula = FALLING[falling]
    rule = rule if rule.startswith("{") else f"{{ name = {rule} }}"
    text = BATCH.replace("learning_rate = 0.5", f"learning_rate = 0.5\nepochs = 8\ndecay = {rule}")
    text = text.replace(" }", f', per = "{per}" }}').replace(
        "[numbers]", "[presentation]\nsteps = [1, 2, 6]\n[numbers]"
    )
    run = explainer.train(explainer.loads(text))
    assert [epoch.rate for epoch in run.epochs[1:]] == pytest.approx([formula(over) for over in range(8)], abs=1e-15)
    for step in run:
        assert step["w_13_new"].value == pytest.approx(step["w_13"].value + step["dw_13"].value)
    assert run[6]["eta"].value == pytest.approx(formula(5))


@pytest.mark.parametrize("falling", FALLING)
@pytest.mark.parametrize("arithmetic", ["decimal", "float", "exact"])
@pytest.mark.parametrize("convention", convention_names())
def test_every_page_with_a_falling_rate_holds(convention: str, arithmetic: str, falling: str) -> None:
    """Equalities, gradients and δ of the steps that are shown hold, and the table has the rate of each epoch."""
    rule, _ = FALLING[falling]
    text = SINGLE.replace("learning_rate = 0.5", f"learning_rate = 0.5\nepochs = 7\ndecay = {rule}")
    run = explainer.train(explainer.loads(text, convention=convention, arithmetic=arithmetic))
    assert [finding.wrong for finding in findings(run) if finding.wrong] == []
    assert ("α" if convention in ("aima", "layered", "threshold") else "η") in explainer.render(
        explainer.explain(run), "text"
    ).partition("Epoch")[2].partition("\n")[0]


@pytest.mark.parametrize("falling", FALLING)
@pytest.mark.parametrize("convention", convention_names())
def test_a_falling_rate_holds_in_letters(convention: str, falling: str) -> None:
    """In letters the equations hold for random numbers, and the first rate is called as the convention calls rates."""
    rule, _ = FALLING[falling]
    text = BATCH.replace("learning_rate = 0.5", f"learning_rate = 0.5\ndecay = {rule}")
    trace = explainer.trace(explainer.loads(text, convention=convention, arithmetic="letters"))
    assert [finding.wrong for finding in findings(trace) if finding.wrong] == []
    sign = "α" if convention in ("aima", "layered", "threshold") else "η"
    page = explainer.render(explainer.explain(trace), "text")
    assert f"Learning rate at the beginning: {sign}₀" in page


def test_a_rate_that_falls_per_step_is_counted_over_epochs() -> None:
    """From step to step the rate falls within an epoch too; the table has that of the last step of each."""
    settings = {"training.batch": 1, "training.epochs": 2, "training.decay": {"name": "inverse-time", "per": "step"}}
    run = explainer.train(explainer.loads(BATCH, settings=settings))
    assert [epoch.rate for epoch in run.epochs[1:]] == pytest.approx([0.5 / 1.2, 0.5 / 1.5])


@pytest.mark.parametrize("steered", STEERED)
@pytest.mark.parametrize("arithmetic", ["decimal", "float", "exact", "letters"])
@pytest.mark.parametrize("convention", convention_names())
def test_every_page_holds(convention: str, arithmetic: str, steered: str) -> None:
    """Equalities, gradients by differences of the whole loss and δ hold on every page of every way of steering."""
    problem = explainer.loads(BATCH, convention=convention, arithmetic=arithmetic, settings=STEERED[steered])
    found = findings(explainer.trace(problem))
    assert [finding.wrong for finding in found if finding.wrong] == []
    assert found[0].held > 20


READ = networks.Problem(
    inputs=("1", "1"),
    layers=(
        networks.Layer("sigmoid", "0.01", (("0.5", "0.9"), ("0.4", "-1.0")), ("-0.8", "0.1")),
        networks.Layer("sigmoid", "0.01", (("-1.2", "1.1"),), ("-0.3",)),
    ),
    targets=("0",),
    loss="half-squared-error",
    rate="0.5",
    convention="lecture",
    rounding=networks.Rounding("decimals", 4),
)


@pytest.mark.parametrize("steered", [name for name in STEERED if name != "all"])
@pytest.mark.parametrize("markup", ["markdown", "latex", "text"])
@pytest.mark.parametrize("convention", [name for name in convention_names() if name != "matrix"])  # read by itself
def test_a_second_reader_finds_every_line_true(convention: str, markup: str, steered: str) -> None:
    """Read back from the page, each side of each chain follows from the digits printed before it."""
    for arithmetic in ("decimal", "float"):
        problem = explainer.loads(SINGLE, convention=convention, arithmetic=arithmetic, settings=STEERED[steered])
        page = explainer.render(explainer.explain(explainer.trace(problem)), markup)
        reader = Reader(page, markup, READ, arithmetic)
        assert reader.faults() == []
        assert reader.checked > 20


def test_the_slope_of_a_size_at_zero_is_stated_and_used() -> None:
    """Where a weight is 0, L1 does not move it, and the page says that sign(0) = 0 is used."""
    settings = {**STEERED["l1"], "network.layers[0].weights[0][0]": 0}
    found = explainer.trace(explainer.loads(BATCH, settings=settings))
    assert found["dE/dw_13"].value == found["dE_data/dw_13"].value
    assert "sign(0) = 0" in explainer.render(explainer.explain(found), "text")


def test_a_shared_weight_is_held_back_once() -> None:
    """A weight that stands in two places counts once in the penalty, and its gradient has the slope of that once."""
    shared = SINGLE.replace("[[0.5, 0.9], [0.4, -1.0]]", '[["p", 0.9], [0.4, "p"]]')
    shared = shared.replace("[[network.layers]]", "[network.parameters]\np = 0.5\n[[network.layers]]", 1)
    trace = explainer.trace(explainer.loads(shared, arithmetic="exact", settings=STEERED["l2"]))
    squares = [0.5, 0.9, 0.4, -1.2, 1.1]
    assert float(trace["E_reg"].value) == pytest.approx(0.05 * sum(each**2 for each in squares))
    assert all(not finding.wrong for finding in findings(trace))


NO_STRENGTH = "regularization: found no strength; expected a number above 0 for one of l1, l2, weight_decay"


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("regularization = {}", NO_STRENGTH),
        ("regularization = { l2 = 0 }", NO_STRENGTH),
        ("regularization = { biases = true }", NO_STRENGTH),
        ("regularization = 1", "regularization: found 1, expected a table"),
        ("regularization = { l2 = -1 }", "regularization.l2: found -1, expected at least 0"),
        ("regularization = { l1 = true }", "regularization.l1: found true, expected a number"),
        ("regularization = { weight_decay = [1] }", "regularization.weight_decay: found a list, expected a number"),
        ("regularization = { l2 = 1, biases = 1 }", "regularization.biases: found 1, expected true or false"),
        ("clipping = { length = 1 }", "clipping.length: unknown key (expected one of: value, norm)"),
        ("clipping = {}", "clipping: found no bound; expected value or norm"),
        ("clipping = { norm = 1, value = 1 }", "clipping: found value and norm, expected one of them"),
        ("clipping = { norm = 0 }", "clipping.norm: found 0, expected more than 0"),
        ("clipping = { value = -1 }", "clipping.value: found -1, expected more than 0"),
        ('decay = "cosinus"', 'decay: unknown decay "cosinus" (did you mean "cosine"?)'),
        ('decay = { name = "step", every = 0 }', "decay.every: found 0, expected more than 0"),
        ('decay = { name = "step", every = 1.5 }', "decay.every: found 1.5, expected a whole number"),
        ('decay = { name = "step", factor = 1 }', "decay.factor: found 1, expected less than 1"),
        ('decay = { name = "step", fctor = 0.5 }', 'decay.fctor: unknown key (did you mean "factor"?)'),
        ('decay = { name = "cosine", over = 0 }', "decay.over: found 0, expected more than 0"),
        ('decay = { name = "cosine", minimum = -1 }', "decay.minimum: found -1, expected at least 0"),
        ('decay = { name = "exponential", rate = 0 }', "decay.rate: found 0, expected more than 0"),
        ('decay = { name = "step", per = "steps" }', 'decay.per: unknown per "steps" (did you mean "step"?)'),
        ("clipping = 5", "clipping: found 5, expected a table"),
    ],
)  # fmt: skip
def test_what_cannot_steer_is_refused(table: str, fault: str) -> None:
    """Each fault names its place, what was found and what was expected, and is told once."""
    with pytest.raises(ProblemError) as raised:
        explainer.loads(BATCH.replace("learning_rate = 0.5", f"learning_rate = 0.5\n{table}"))
    assert str(raised.value) == f"training.{fault}"


@pytest.mark.parametrize(
    ("optimizer", "table", "fault"),
    [
        ("adadelta", 'decay = "cosine"', "decay: found with adadelta, which has no learning rate"),
        ("adamw", "regularization = { weight_decay = 1 }", "regularization.weight_decay: found with adamw, which"),
    ],
)  # fmt: skip
def test_what_an_optimizer_has_no_use_for_is_refused(optimizer: str, table: str, fault: str) -> None:
    """A rate falls only where there is one, and weights decay only once."""
    with pytest.raises(ProblemError, match=f"training.{fault}"):
        explainer.loads(
            BATCH.replace("learning_rate = 0.5", f'learning_rate = 0.5\noptimizer = "{optimizer}"\n{table}')
        )


def test_a_penalty_needs_a_weight_that_learns() -> None:
    """Where only biases are trained there is nothing to hold back, unless biases are asked for."""
    settings = {**STEERED["l2"], "network.layers[0].trained": "biases", "network.layers[1].trained": "biases"}
    with pytest.raises(ProblemError, match="no weight that is trained; expected one, or biases = true"):
        explainer.loads(BATCH, settings=settings)
    assert explainer.loads(BATCH, settings={**settings, "training.regularization.biases": True})
