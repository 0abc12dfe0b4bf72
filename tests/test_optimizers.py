"""Optimizers: against those of a reference library, and every page of theirs against its own digits."""

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from jsonschema import Draft202012Validator

import explainer
from explainer.check.report import findings
from explainer.check.runs import run_findings
from explainer.maths.optimizers import OPTIMIZERS
from explainer.maths.quantity import Quantity
from explainer.problem.faults import ProblemError
from explainer.problem.schema import problem_schema
from tests.mathematics import Node, Num, Sym
from tests.networks import Parameters
from tests.reading import chains
from tests.untruths import is_numeric, matched, with_numbers
from tests.values import decimal, exact, same

jax.config.update("jax_enable_x64", val=True)

STEPS = 20
SIZES = (2, 3, 1)


def problem(optimizer: str, seed: int = 1, steps: int = STEPS, **settings: object) -> explainer.api.Problem:
    """Random samples and parameters, to be trained by full batches."""
    random = Random(seed)

    def drawn(*shape: int) -> Any:
        if not shape:
            return round(random.uniform(-1, 1), 3)
        return [drawn(*shape[1:]) for _ in range(shape[0])]

    layers = "".join(
        f'[[network.layers]]\nactivation = "tanh"\nweights = {drawn(units, before)}\nbiases = {drawn(units)}\n'
        for before, units in pairwise(SIZES)
    )
    samples = "".join(f"[[samples]]\ninputs = {drawn(SIZES[0])}\ntargets = {drawn(SIZES[-1])}\n" for _ in range(3))
    rate = "" if "adadelta" in optimizer else "learning_rate = 0.1\n"
    training = f"[training]\n{rate}epochs = {steps}\noptimizer = {optimizer}\n"
    text = f"[network]\ninputs = {SIZES[0]}\n{layers}{samples}{training}"
    return explainer.loads(text, settings={"numbers.arithmetic": "float", "presentation.steps": [1, 3], **settings})


Tree = list[tuple[Any, Any]]
"""Weights and biases of every layer."""


def given(problem: explainer.api.Problem) -> tuple[Tree, Any, Any]:
    """The parameters, the inputs and the targets of a problem in arrays."""
    layers = [
        (jnp.array(np.array(each.weights, float)), jnp.array(np.array(each.biases, float)))
        for each in problem.network.layers
    ]
    inputs, targets = (
        np.array([getattr(each, key) for each in problem.samples], float) for key in ("inputs", "targets")
    )
    return layers, inputs, targets


def loss(layers: Tree, inputs: Any, targets: Any) -> Any:
    """The mean over the samples of half the squared error of a network of tanh units."""
    signals = inputs
    for weights, biases in layers:
        signals = jnp.tanh(signals @ weights.T + biases)
    return ((targets - signals) ** 2).sum() / 2 / len(inputs)


@cache
def slope() -> Callable[..., Tree]:
    """The gradient by automatic differentiation."""
    return jax.jit(jax.grad(loss))


def trained(rule: optax.GradientTransformation, problem: explainer.api.Problem) -> tuple[Tree, Any]:
    """The parameters and the state of the reference optimizer after the steps."""
    layers, inputs, targets = given(problem)
    state = rule.init(layers)
    for _ in range(STEPS):
        updates, state = rule.update(slope()(layers, inputs, targets), state, layers)
        layers = optax.apply_updates(layers, updates)
    return layers, state


def in_tree(run: explainer.api.Run, role: str = "") -> list[np.ndarray]:
    """What a run ends with, in arrays: the parameters, or what the optimizer keeps of them in a role."""
    arrays = []
    for layer, (before, units) in enumerate(pairwise(SIZES), 1):
        for sources in (range(1, before + 1), (0,)):
            places = [[(layer, unit, source) for source in sources] for unit in range(1, units + 1)]
            roles = role or ("weight" if sources != (0,) else "bias")
            arrays.append(np.array([[run.final[Quantity(roles, *place)] for place in row] for row in places]))
    return arrays


def agree(ours: list[np.ndarray], theirs: Any) -> None:
    """Both hold the same numbers."""
    leaves = jax.tree.leaves(theirs)
    assert len(ours) == len(leaves)
    for mine, yours in zip(ours, leaves, strict=True):
        np.testing.assert_allclose(mine.ravel(), np.asarray(yours).ravel(), rtol=1e-9, atol=1e-12)


def found(state: Any, field: str) -> Any:
    """The part of a reference optimizer's state that has this name."""
    parts = [getattr(each, field) for each in state if hasattr(each, field)]
    return parts[0] if parts else found(next(each for each in state if isinstance(each, tuple)), field)


ADAM = "beta1 = 0.8, beta2 = 0.95"
MOMENTS = {"first_moment": "mu", "second_moment": "nu"}
SQUARES, MEANS = {"square_sum": "sum_of_squares"}, {"square_mean": "nu"}
MAXIMUM, BOTH = {"first_moment": "mu", "largest": "nu"}, {"square_mean": "e_g", "change_mean": "e_x"}
TRACE = {"velocity": "trace"}
CASES: list[tuple[str, optax.GradientTransformation, dict[str, str]]] = [
    ('"sgd"', optax.sgd(0.1), {}),
    ('{ name = "momentum", momentum = 0.8 }', optax.sgd(0.1, 0.8), {}),
    ('{ name = "momentum", momentum = 0.8, form = "library" }', optax.sgd(0.1, 0.8), TRACE),
    ('{ name = "nesterov", momentum = 0.8, form = "library" }', optax.sgd(0.1, 0.8, nesterov=True), TRACE),
    ('{ name = "adagrad", epsilon = 0.01, epsilon_place = "inside" }', optax.adagrad(0.1, 0, 0.01), SQUARES),
    ('{ name = "adagrad", epsilon = 0 }', optax.adagrad(0.1, 0, 0), SQUARES),
    ('{ name = "rmsprop", decay = 0.8, epsilon = 0.01 }', optax.rmsprop(0.1, 0.8, 0.01), MEANS),
    (
        '{ name = "rmsprop", epsilon = 0.01, epsilon_place = "outside" }',
        optax.rmsprop(0.1, 0.9, 0.01, eps_in_sqrt=False),
        MEANS,
    ),
    ('{ name = "adadelta", decay = 0.8, epsilon = 0.01 }', optax.adadelta(1, 0.8, 0.01), BOTH),
    ('"adam"', optax.adam(0.1), MOMENTS),
    (f'{{ name = "adam", {ADAM}, epsilon = 0.01 }}', optax.adam(0.1, 0.8, 0.95, 0.01), MOMENTS),
    (
        f'{{ name = "adam", {ADAM}, epsilon = 0.01, epsilon_place = "inside" }}',
        optax.adam(0.1, 0.8, 0.95, 0, 0.01),
        MOMENTS,
    ),
    (f'{{ name = "adamax", {ADAM}, epsilon = 0 }}', optax.adamax(0.1, 0.8, 0.95, 0), MAXIMUM),
    (f'{{ name = "adamax", {ADAM}, epsilon = 0.01 }}', optax.adamax(0.1, 0.8, 0.95, 0.01), MAXIMUM),
    ('{ name = "adamw", weight_decay = 0.02 }', optax.adamw(0.1, weight_decay=0.2), MOMENTS),
    ('{ name = "adamw", weight_decay = 0.2, form = "library" }', optax.adamw(0.1, weight_decay=0.2), MOMENTS),
]


@pytest.mark.parametrize(("optimizer", "rule", "states"), CASES, ids=[case[0] for case in CASES])
@pytest.mark.parametrize("seed", [1, 2])
def test_twenty_steps_are_those_of_a_reference_library(
    optimizer: str, rule: optax.GradientTransformation, states: dict[str, str], seed: int
) -> None:
    """After 20 steps on a random problem, parameters and state are those that the library comes to.

    Its AdaGrad has ε inside of the root, its Adamax beside the size of the gradient, and its weight decay is
    multiplied by the learning rate: where textbooks differ, the variant is named.
    """
    task = problem(optimizer, seed)
    run = explainer.train(task)
    layers, state = trained(rule, task)
    agree(in_tree(run), layers)
    for role, field in states.items():
        agree(in_tree(run, role), found(state, field))


def test_momentum_in_textbooks_holds_changes() -> None:
    """The velocity of textbooks is that of the library times −η."""
    task = problem('{ name = "momentum", momentum = 0.8 }')
    _, state = trained(optax.sgd(0.1, 0.8), task)
    agree(in_tree(explainer.train(task), "velocity"), jax.tree.map(lambda each: -0.1 * each, found(state, "trace")))


def test_nesterov_in_textbooks_is_a_step_ahead() -> None:
    """Where the velocity of textbooks takes the parameters is where the parameters of the library are."""
    task = problem('{ name = "nesterov", momentum = 0.8 }')
    run = explainer.train(task)
    layers, _ = trained(optax.sgd(0.1, 0.8, nesterov=True), task)
    agree([one + 0.8 * other for one, other in zip(in_tree(run), in_tree(run, "velocity"), strict=True)], layers)


def test_adagrad_with_epsilon_outside_is_that_of_duchi() -> None:
    """The library has no such variant: here the few lines are worked in arrays."""
    task = problem('{ name = "adagrad", epsilon = 0.01 }')
    layers, inputs, targets = given(task)
    squares = jax.tree.map(jnp.zeros_like, layers)
    for _ in range(STEPS):
        gradients = slope()(layers, inputs, targets)
        squares = jax.tree.map(lambda r, g: r + g * g, squares, gradients)
        layers = jax.tree.map(lambda w, g, r: w - 0.1 / (jnp.sqrt(r) + 0.01) * g, layers, gradients, squares)
    agree(in_tree(explainer.train(task)), layers)


SMALL = """
[network]
inputs = 2
[[network.layers]]
weights = [[0.5, -0.3], [0.2, 0.4]]
biases = [0.1, -0.2]
[[network.layers]]
weights = [[0.6, -0.4]]
biases = [0.3]
[[samples]]
inputs = [1, 0.5]
targets = [1]
[training]
learning_rate = 0.5
epochs = 3
[presentation]
steps = [1, 3]
"""
CONVENTIONS = ("lecture", "mitchell", "layered", "aima", "flat", "threshold", "matrix")
VARIANTS = {name: [{"name": name}] for name in OPTIMIZERS} | {
    "momentum": [{"name": "momentum"}, {"name": "momentum", "form": "library"}],
    "nesterov": [{"name": "nesterov"}, {"name": "nesterov", "form": "library"}],
    "adagrad": [{"name": "adagrad"}, {"name": "adagrad", "epsilon": Decimal("0.01"), "epsilon_place": "inside"}],
    "adam": [{"name": "adam"}, {"name": "adam", "epsilon": Decimal(0)}],
    "adamax": [{"name": "adamax"}, {"name": "adamax", "epsilon": Decimal(0)}],
    "adamw": [{"name": "adamw"}, {"name": "adamw", "form": "library", "epsilon_place": "inside"}],
}


def small(variant: dict[str, object], **settings: object) -> explainer.api.Problem:
    """Three steps on a small network."""
    return explainer.loads(SMALL, settings={"training.optimizer": variant, **settings})


UGLY = re.compile(
    r"\+ ?[-−]|[-−] ?\+|[-−] ?[-−]|[-−] ?\([-−][\d.]+\)(?! ?[(×])|[-−]0(?![\d.])|\d[eE][-+−]?\d|nan|inf\b"
)


@pytest.mark.parametrize("arithmetic", ["decimal", "float", "exact"])
@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_equality_is_true(optimizer: str, convention: str, arithmetic: str) -> None:
    """In every convention and arithmetic, each printed equality holds, and each gradient by central differences."""
    for variant in VARIANTS[optimizer]:
        steps = {"training.epochs": 1, "presentation.steps": [1]} if arithmetic == "exact" else {}
        run = explainer.train(small(variant, **steps), convention=convention, arithmetic=arithmetic)
        for finding in run_findings(run):
            assert finding.wrong == ()
        assert all(epoch.error > 0 for epoch in run.epochs)


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_index_in_letters_is_right(optimizer: str, convention: str) -> None:
    """With random numbers for the letters, both sides of every equation of a step in letters are the same."""
    for variant in VARIANTS[optimizer]:
        trace = explainer.trace(small(variant, **{"training.epochs": 1}), convention=convention, arithmetic="letters")
        assert [wrong for each in findings(trace) for wrong in each.wrong] == []


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_no_line_has_a_double_sign(optimizer: str) -> None:
    """After the numbers were put in, a person writes the sign that is left, and so does every page."""
    for variant in VARIANTS[optimizer]:
        page = explainer.render(explainer.explain(explainer.train(small(variant))), "text")
        worked = [side for line in page.splitlines() for side in re.split("[=≈]", line)[2:] if "=" in line]
        assert [side for side in worked if UGLY.search(side)] == []


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_three_steps_and_two_are_five(optimizer: str) -> None:
    """A training that goes on from what another has left, state and count of steps too, never notices."""
    whole = explainer.train(small({"name": optimizer}, **{"training.epochs": 5}), arithmetic="float")
    first = explainer.train(small({"name": optimizer}), arithmetic="float")
    second = explainer.train(small({"name": optimizer}, **{"training.epochs": 5}), arithmetic="float", after=first)
    assert second.final == whole.final
    assert [each.error for each in second.epochs] == [each.error for each in whole.epochs]
    assert second.steps == whole.steps == 5


def test_bias_correction_has_the_number_of_the_step() -> None:
    """Step 3 divides by 1 − β₁³; the law says n."""
    page = explainer.render(explainer.explain(explainer.train(small({"name": "adam"}))), "text")
    assert "m_w₁₃ⁿᵉʷ/(1 − β₁³)" in page
    assert "(1 − (0.9)³)" in page
    assert "(1 − 0.729)" in page
    assert "m_wᵢⱼⁿᵉʷ/(1 − β₁ⁿ)" in page


def test_a_tiny_epsilon_is_written_as_by_hand() -> None:
    """10^{-8} stands where ε is 0.00000001, and that it changes no digit is said."""
    run = explainer.train(explainer.load("problems/optimizer-adam.toml"))
    assert r"\epsilon = 10^{-8}" in explainer.render(explainer.explain(run), "markdown")
    assert "changes nothing here" in explainer.render(explainer.explain(run), "text").replace("\n", " ")
    settings = {"training.optimizer.epsilon": Decimal("0.1")}
    large = explainer.train(explainer.load("problems/optimizer-adam.toml", settings=settings))
    assert "changes nothing" not in explainer.render(explainer.explain(large), "text").replace("\n", " ")


@pytest.mark.parametrize("arithmetic", ["decimal", "float", "exact"])
@pytest.mark.parametrize("optimizer", ["adagrad", "rmsprop", "adam", "adamax"])
def test_a_gradient_of_zero_without_epsilon_is_refused(optimizer: str, arithmetic: str) -> None:
    """Where the divisor is 0, the fault names the quantity and the remedy, and the remedy helps."""
    idle = {"samples[0].inputs": [1, 0]}
    with pytest.raises(ProblemError, match=r"w_.*: a division by 0, because .* give the optimizer an epsilon"):
        explainer.train(small({"name": optimizer, "epsilon": Decimal(0)}, **idle), arithmetic=arithmetic)
    helped = small({"name": optimizer, "epsilon": Decimal("1e-8")}, **{"training.epochs": 1, **idle})
    run = explainer.train(helped, arithmetic=arithmetic)
    assert [wrong for each in run_findings(run) for wrong in each.wrong] == []


def test_the_passes_run_ahead() -> None:
    """With textbook Nesterov every net input is made of the parameters looked ahead to, and the page says so."""
    run = explainer.train(small({"name": "nesterov"}))
    step = run[3]
    net, weights = step.value(step.find("net_5")), [step.value(step.find(name)) for name in ("wtilde_35", "wtilde_45")]
    outputs = [step.value(step.find(name)) for name in ("o_3", "o_4")]
    total = sum(o * w for o, w in zip(outputs, weights, strict=True)) + step.value(step.find("btilde_5"))
    assert net == total.quantize(Decimal("0.0001"), rounding="ROUND_HALF_UP") or abs(net - total) < Decimal("0.0001")
    page = explainer.render(explainer.explain(run), "text").replace("\n", " ")
    assert "So the passes of the step run there, and E is the loss there." in page
    assert "net₃ = x₁ w̃₁₃ + x₂ w̃₂₃ + b̃₃" in page


def test_squares_keep_their_figures() -> None:
    """By hand the first step of Adam is the learning rate for every parameter, as it is in full precision."""
    for name in ("w_13", "w_23", "w_14", "b_4"):
        by_hand = explainer.train(small({"name": "adam"}, **{"training.learning_rate": Decimal("0.01")}))[1]
        change = by_hand.value(by_hand.find(f"d{name}"))
        assert abs(change) == Decimal("0.01")


FAULTS = [
    ('"adamm"', 'training.optimizer: unknown optimizer "adamm" (did you mean "adam"?)'),
    ('{ name = "adam", momentum = 0.9 }', "training.optimizer.momentum: adam has no parameter of this name"),
    ('{ name = "adam", beta = 0.9 }', 'training.optimizer.beta: unknown key (did you mean "beta1" or "beta2"?)'),
    ('{ name = "adam", beta1 = 1 }', "training.optimizer.beta1: found 1, expected less than 1"),
    ('{ name = "momentum", momentum = -0.1 }', "training.optimizer.momentum: found -0.1, expected at least 0"),
    ('{ name = "rmsprop", epsilon = -1e-8 }', "training.optimizer.epsilon: found -1e-8, expected at least 0"),
    (
        '{ name = "rmsprop", epsilon_place = "under" }',
        "training.optimizer.epsilon_place: unknown epsilon place",
    ),
    ('{ name = "nesterov", form = "pytorch" }', 'training.optimizer.form: unknown form "pytorch"'),
    ("{ momentum = 0.9 }", "training.optimizer.name: missing; expected one of: sgd, momentum"),
]


@pytest.mark.parametrize(("given", "fault"), FAULTS)
def test_a_fault_names_its_place(given: str, fault: str) -> None:
    """What is wrong with an optimizer is told with its place and with what was expected."""
    with pytest.raises(ProblemError) as refused:
        explainer.loads(SMALL.replace("epochs = 3", f"epochs = 3\noptimizer = {given}"))
    assert str(refused.value).startswith(fault)


def test_others_need_a_learning_rate() -> None:
    """Only an optimizer that finds its own does without, and its page says so; the published schema says the same."""
    page = explainer.render(explainer.explain(explainer.train(small({"name": "adadelta"}))), "text")
    assert "It has no learning rate" in page
    assert "Learning rate:" not in page
    text = SMALL.replace("learning_rate = 0.5\n", "")
    with pytest.raises(ProblemError, match="learning_rate: missing"):
        explainer.loads(text.replace("epochs = 3", 'epochs = 3\noptimizer = "adam"'))
    validator = Draft202012Validator(problem_schema())
    for optimizer in ("adam", "adadelta", {"name": "adadelta"}, {"name": "adam"}):
        table = {**explainer.loads(SMALL).data}
        table["kind"] = "training"
        table["training"] = {"optimizer": optimizer, "epochs": 3}
        assert validator.is_valid(json.loads(json.dumps(table, default=float))) == ("adadelta" in str(optimizer))


NOTHING = Parameters(*(Fraction(1, 100), Fraction(1), Fraction(1), False))


def follows(left: Node, right: Node) -> bool:
    """Whether a side is the one before, worked on: each new number what stood in its place, to the digits printed."""
    if isinstance(right, Num):
        return abs(decimal(exact(left, NOTHING)) - right.value) <= right.unit / 2
    pairs = matched(left, right)
    if pairs is not None:
        return all(follows(*pair) for pair in pairs)
    return same(exact(left, NOTHING), exact(right, NOTHING))


def untruths(page: str, markup: str) -> Iterator[str]:
    """Every line of a step that does not follow, or in which other numbers are put in than were printed."""
    numbers: dict[Node, Num] = {}
    for chain in chains(page, markup):
        symbol, result = chain[0].node, chain[-1].node
        if isinstance(symbol, Sym) and isinstance(result, Num):
            numbers[symbol] = result
        known = [with_numbers(side.node, numbers) for side in chain]
        for (one, left), (other, right) in pairwise(list(zip(chain, known, strict=True))[1:]):
            if not (is_numeric(left) and is_numeric(right)):
                continue
            if left != one.node and right == other.node and not isinstance(right, Num) and left != right:
                yield f"other numbers put in: {one.text} {other.relation} {other.text}"
            equal = same(exact(left, NOTHING), exact(right, NOTHING))
            if not (equal if other.relation == "=" else follows(left, right)):
                yield f"{one.text} {other.relation} {other.text}"


@pytest.mark.parametrize("markup", ["markdown", "text"])
@pytest.mark.parametrize("convention", [name for name in CONVENTIONS if name != "matrix"])  # which has its own reader
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_page_read_back_is_true(optimizer: str, convention: str, markup: str) -> None:
    """Read back by a reader of its own, every line follows from the digits printed before it."""
    for variant in VARIANTS[optimizer]:
        run = explainer.train(small(variant, **{"training.epochs": 1}), convention=convention)
        page = explainer.render(explainer.explain(run), markup)
        assert list(untruths(page, markup)) == []


@pytest.mark.parametrize("optimizer", ["nesterov", "adadelta", "adam", "adamax"])
def test_the_reader_finds_an_altered_digit(optimizer: str) -> None:
    """An update with one digit changed is found out, wherever the digit stands: the test before can fail."""
    run = explainer.train(small({"name": optimizer}, **{"training.epochs": 1}))
    page = explainer.render(explainer.explain(run), "text")
    found = list(re.finditer(r"(?<=[ (−√])\d\.\d{3,}(?!\)\(0\))", page[: page.index("All epochs")]))
    missed = []
    for number in found[::5]:
        if page[: number.start()].rpartition("\n")[2].startswith("    "):
            last = number.end() - 1
            altered = page[:last] + str((int(page[last]) + 1) % 10) + page[last + 1 :]
            if not list(untruths(altered, "text")):
                missed.append(page[number.start() - 40 : number.end()])
    assert len(found) > 60
    assert missed == []


STEERED: list[dict[str, object]] = [
    {"training.regularization": {"l2": Decimal("0.1"), "l1": Decimal("0.02")}},
    {"training.regularization": {"weight_decay": Decimal("0.1")}},
    {"training.clipping": {"norm": Decimal("0.05")}},
    {"training.clipping": {"value": Decimal("0.05")}},
]


@pytest.mark.parametrize("steering", STEERED, ids=[str(each) for each in STEERED])
@pytest.mark.parametrize("optimizer", ["nesterov", "adagrad", "adadelta", "adam", "adamw"])
def test_optimizers_take_what_steers_a_training(optimizer: str, steering: dict[str, object]) -> None:
    """With a penalty, weights that decay or clipped gradients too, every equality and every gradient holds."""
    if optimizer == "adadelta" and "weight_decay" in str(steering):
        with pytest.raises(ProblemError, match="weight_decay: adadelta has no learning rate to multiply it by"):
            small({"name": optimizer}, **steering)
        return
    if optimizer == "adamw" and "weight_decay" in str(steering):
        with pytest.raises(ProblemError, match="weight_decay: found with adamw, which has a weight_decay of its own"):
            small({"name": optimizer}, **steering)
        return
    for convention in ("lecture", "layered", "flat"):
        run = explainer.train(small({"name": optimizer}, **steering), convention=convention)
        assert [wrong for each in run_findings(run) for wrong in each.wrong] == []


@pytest.mark.parametrize(
    ("name", "parameter", "said"),
    [
        ("momentum", {}, "This is the form of textbooks"),
        ("nesterov", {"form": "library"}, "This is the form of libraries"),
        ("rmsprop", {}, "Here ε stands inside of the root"),
        ("adam", {"epsilon_place": "inside"}, "Here ε stands inside of the root"),
        ("adagrad", {}, "Here ε stands outside of the root"),
    ],
)
def test_a_page_names_the_variant_of_its_optimizer(name: str, parameter: dict[str, str], said: str) -> None:
    """Where textbooks and libraries differ, the page says which of the variants it has."""
    settings = {"training.optimizer": {"name": name, **parameter}}
    trained = explainer.train(explainer.load(f"problems/optimizer-{name}.toml", settings=settings))
    page = " ".join(explainer.render(explainer.explain(trained), "text").split())
    assert page.count(said) == 1
