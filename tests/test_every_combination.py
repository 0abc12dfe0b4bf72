"""Every activation with every loss, in every convention and every arithmetic: case by case.

Each pair of activation and loss is put to a small network of one-decimal numbers. Its page is made in every
convention and arithmetic, read back, and every equality on it worked out again; the new parameters are those that
central differences of a forward pass written elsewhere give. A pair that mathematics rules out is refused.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

import explainer
from explainer.maths.activations import ACTIVATIONS as REGISTERED
from explainer.maths.arithmetics import ARITHMETICS
from explainer.maths.losses import LOSSES as REGISTERED_LOSSES
from explainer.problem.convention import convention_names
from explainer.publish.formats import FORMATS
from tests import networks
from tests.letters import Letters, MatrixLetters, number
from tests.matrices import MatrixReader
from tests.reading import DISPLAYED, formulas, joined_rows
from tests.test_exact import Reader as ExactReader
from tests.test_gradients import JOINTS, Reference, close, floats
from tests.test_truth import UGLY
from tests.untruths import Reader, Rule

CONVENTIONS = (*networks.CONVENTIONS, "matrix")
MARKUPS = ("markdown", "latex", "text")
PLACES = 5
ROUNDED = 2e-4
"""By hand, with that many decimals, a new parameter is so near to the right one."""

# -- what can be combined: by mathematics ------------------------------------------------------------

PROBABILITIES = ("sigmoid", "softmax")
"""The functions whose values lie between 0 and 1 and reach neither, so that ln o and ln(1 − o) exist for every net
input. tanh reaches below 0, ReLU and softplus beyond 1, leaky ReLU, ELU, GELU, SiLU and z itself both."""

REASONS = {
    "no slope": ("has no slope", "take sigmoid"),
    "no logarithm": ("takes the logarithm of outputs between 0 and 1", "take sigmoid"),
    "no distribution": ("takes outputs that are a distribution", "take softmax"),
}
"""Why a pair is refused, and what is to be done: words that the refusal must have."""


def ruled_out(activation: str, loss: str) -> str | None:
    """Why an activation cannot stand before a loss: the derivative of a step is 0 or none, and a logarithm needs a
    positive number; cross-entropy is that of two distributions, and only the softmax of a layer adds up to 1.
    """
    if activation == "step":
        return "no slope"
    if loss == "binary-cross-entropy" and activation not in PROBABILITIES:
        return "no logarithm"
    return "no distribution" if loss == "cross-entropy" and activation != "softmax" else None


STANDING_IN = {"no logarithm": "sigmoid", "no distribution": "softmax"}
"""What the output units take where the activation itself is ruled out there; it is that of the hidden units."""

# -- the networks ------------------------------------------------------------------------------------

LOSSES = {
    **{loss: (loss, ("",)) for loss in networks.LOSSES},
    "mean over outputs": ("mean-squared-error", ('"outputs"',)),
    "mean over samples": ("mean-squared-error", ('"samples"',)),
    "mean over both": ("mean-squared-error", ('"both"',)),
    "huber": ("huber", ("0.5", "1", "1.5")),
}
"""Each loss, in each of its forms, and what its parameter may be."""

SIZES = ((2, 2, 1), (1, 2, 2))


def case(activation: str, form: str) -> networks.Problem:
    """A small network with this activation and this form of a loss, away from every kink, by a seed of its own."""
    source = random.Random(f"{activation} × {form}")
    loss, parameters = LOSSES[form]
    output = STANDING_IN.get(ruled_out(activation, loss) or "", activation)
    for _ in range(2000):
        sizes = SIZES[1] if "softmax" in (activation, output) else source.choice(SIZES)
        problem = drawn(source, sizes, (activation, output), loss, source.choice(parameters))
        if is_smooth(problem):
            return problem
    raise AssertionError(f"no network for {activation} and {form}")


def drawn(
    source: random.Random, sizes: tuple[int, ...], kinds: tuple[str, str], loss: str, parameter: str
) -> networks.Problem:
    """A network of these sizes and activations, its numbers with one decimal."""
    inputs, middle, outputs = sizes
    return networks.Problem(
        inputs=numbers(source, inputs),
        layers=tuple(
            networks.Layer(kind, "0.1", tuple(numbers(source, before) for _ in range(units)), numbers(source, units))
            for kind, before, units in zip(kinds, (inputs, middle), (middle, outputs), strict=True)
        ),
        targets=targets(source, loss, outputs),
        loss=loss,
        loss_parameter=parameter,
        long_way=source.random() < 0.5,
        rate="0.5",
        convention="lecture",
        rounding=networks.Rounding("decimals", PLACES),
    )


def numbers(source: random.Random, count: int) -> tuple[str, ...]:
    """So many numbers with one decimal, none of them 0."""
    return tuple(f"{source.choice((-1, 1)) * source.randint(1, 15) / 10}" for _ in range(count))


def targets(source: random.Random, loss: str, count: int) -> tuple[str, ...]:
    """Targets that a loss is for: probabilities, a distribution, the signs of two classes, or any."""
    if loss == "cross-entropy":
        return tuple(source.sample(source.choice((("1", "0"), ("0.7", "0.3"))), count))
    known = {"binary-cross-entropy": ("0", "1", "0.3"), "hinge": ("1", "-1")}.get(loss)
    return tuple(source.choice(known) for _ in range(count)) if known else numbers(source, count)


def is_smooth(problem: networks.Problem) -> bool:
    """Whether no kink is near, no output saturated, and every weight of the hidden layer has a say."""
    reference = Reference(problem)
    nets, outputs = reference.forward(reference.parameters)
    joint = JOINTS.get(problem.loss)
    distances = [*nets, *([joint(floats(problem.targets), outputs[-1], problem.loss_parameter)] if joint else [])]
    far = min(float(abs(each).min()) for each in distances) > 0.05
    moderate = max(float(abs(each).max()) for each in nets) < 3
    return far and moderate and float(abs(reference.gradients()[0][0]).max()) > 0.01


# -- what must hold of a page ------------------------------------------------------------------------


@cache
def stepped(problem: networks.Problem) -> dict[networks.Place, float]:
    """Every parameter after the step, by central differences."""
    reference = Reference(problem)
    return {
        places[0]: entry(problem, places[0]) - float(problem.rate) * reference.difference(places)
        for places in problem.parameters
    }


def entry(problem: networks.Problem, place: networks.Place) -> float:
    """The number that is given at a place."""
    layer, unit, source = place
    given = problem.layers[layer]
    return float(given.weights[unit][source] if source >= 0 else (given.biases or ())[unit])


def off(problem: networks.Problem, values: dict[Any, float], nearness: float) -> Iterator[str]:
    """Each new parameter that is not where central differences lead to; a threshold is a bias with the other sign."""
    places = {(each.layer - 1, each.unit - 1, each.source - 1): value for each, value in values.items()}
    if places.keys() != stepped(problem).keys():
        yield f"other parameters: {places.keys()}"
        return
    for place, right in stepped(problem).items():
        turned = -1 if place[2] < 0 and problem.convention == "threshold" else 1
        if abs(turned * places[place] - right) > nearness:
            yield f"{place} becomes {places[place]}, expected {right}"


def updated(trace: explainer.Trace) -> list[Any]:
    """The steps that give the new parameters."""
    return [step for step in trace if step.equation.law == "update"]


def untrue(problem: networks.Problem, arithmetic: str, markup: str) -> list[str]:
    """What is wrong with the page of a problem, and with its numbers."""
    trace = explainer.trace(explainer.loads(problem.toml, arithmetic=arithmetic))
    page = explainer.render(explainer.explain(trace), markup)
    ugly = [f"ugly: {formula}" for formula in formulas(page, markup) if UGLY.search(formula)]
    ugly += [f"stated twice: {chain}" for chain in twice(page)]
    if arithmetic == "letters":
        return [*ugly, *wrong_letters(problem, page, markup)]
    values = {step.quantity: float(step.value) for step in updated(trace)}
    found = [*ugly, *off(problem, values, ROUNDED if arithmetic == "decimal" else 1e-6)]
    if arithmetic == "exact":
        rule = Rule("decimals", PLACES)
        reader = ExactReader(page, markup, trace, rule, problem.function_parameters)
        return [*found, *reader.faults(), *nothing(reader.checked)]
    if problem.convention == "matrix":
        entries = MatrixReader(page, problem, arithmetic)
        return [*found, *entries.faults(), *nothing(entries.compared + entries.reader.checked)]
    by_unit = Reader(page, markup, problem, arithmetic)
    return [*found, *by_unit.faults(), *nothing(by_unit.checked)]


def twice(page: str) -> Iterator[str]:
    """Each chain that stands twice in the same display, of those without matrices."""
    for block in DISPLAYED.finditer(page):
        chains = [] if "matrix" in block[2] else list(joined_rows(block[2]))
        yield from {chain for chain in chains if chains.count(chain) > 1}


def nothing(checked: int) -> list[str]:
    """A fault if a page had too few equalities to be the page of a network."""
    return [] if checked > 10 else [f"only {checked} equalities"]


def wrong_letters(problem: networks.Problem, page: str, markup: str) -> Iterator[str]:
    """What is wrong with the equations of a page, once numbers are put in for its letters."""
    calculated = explainer.trace(explainer.loads(problem.toml, arithmetic="float"))
    printer = FORMATS[markup].printer
    given = {printer(quantity, calculated.names): number(calculated.given[quantity]) for quantity in calculated.given}
    in_matrices = problem.convention == "matrix"
    found = (
        MatrixLetters(page, given, problem.function_parameters)
        if in_matrices
        else Letters(page, markup, given, problem.function_parameters)
    )
    worth = dict(found.worked())
    for step in calculated:
        if step.phase == "check" or step.quantity.role == "change":
            continue
        name = array_entry(step.quantity, problem) if in_matrices else printer(step.quantity, calculated.names)
        values = worth.get(name) or worth.get(printer(step.quantity, calculated.names))
        if not values:
            yield f"{name} is not defined"
        elif not all(close(float(value), step.value, 1e-9) for value in values):
            yield f"{name} is {step.value}, on the page {', '.join(str(value)[:12] for value in values)}"
    new = {step.quantity: step.value for step in updated(calculated)}
    yield from off(problem, new, 1e-6)


ARRAYS = {"net": "z", "output": "a", "error": "e", "delta": r"\delta", "weight": "W", "bias": "b"}


def array_entry(quantity: Any, problem: networks.Problem) -> str:
    """A quantity as an entry of an array, with its row and column."""
    if quantity.role == "loss":
        return "L"
    last = quantity.layer == len(problem.layers)
    above = rf"[{quantity.layer}],\mathrm{{new}}" if quantity.iteration else f"[{quantity.layer}]"
    name = f"{ARRAYS[quantity.role]}^{{{above}}}"
    if last and quantity.role in ("output", "error"):
        name = r"\hat{y}" if quantity.role == "output" else "e"
    return f"{name} {quantity.unit} {quantity.source or 1}"


# -- the cases ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", networks.ACTIVATIONS)
def test_every_page_is_true(activation: str, loss: str) -> None:
    """In every convention and arithmetic the page has only true equalities, and leads where differences lead."""
    problem, wrong = case(activation, loss), []
    for turn, (convention, arithmetic) in enumerate((each, kind) for each in CONVENTIONS for kind in ARITHMETICS):
        by_array = convention == "matrix" and arithmetic != "exact"
        markup = MARKUPS[turn % (2 if by_array else 3)]
        try:
            found = untrue(replace(problem, convention=convention), arithmetic, markup)
        except Exception as error:
            error.add_note(f"{convention}, {arithmetic}, {markup}")
            raise
        wrong += [f"{convention}, {arithmetic}, {markup}: {each}" for each in found]
    assert wrong == []


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", [*networks.ACTIVATIONS, "step"])
def test_what_mathematics_rules_out_is_refused(activation: str, loss: str) -> None:
    """Before each loss an activation is taken or refused as mathematics has it, the refusal with reason and remedy."""
    problem = case("sigmoid", loss)
    last = replace(problem.layers[-1], activation=activation)
    if activation == "softmax" and len(last.weights) == 1:
        last = case("softmax", loss).layers[-1]
    changed = replace(problem, layers=(*problem.layers[:-1], last), targets=case("softmax", loss).targets)
    changed = changed if len(last.weights) > 1 else replace(changed, targets=problem.targets)
    reason = ruled_out(activation, problem.loss)
    for convention in CONVENTIONS:
        for arithmetic in ARITHMETICS:
            told = refusal(replace(changed, convention=convention), arithmetic)
            assert bool(told) == bool(reason), (convention, arithmetic, told)
            assert all(words in told for words in REASONS.get(reason or "", ())), told


def refusal(problem: networks.Problem, arithmetic: str) -> str:
    """What is said against a problem; nothing if there is nothing against it."""
    try:
        explainer.loads(problem.toml, arithmetic=arithmetic)
    except explainer.ProblemError as error:
        return str(error)
    return ""


def test_nothing_is_left_out() -> None:
    """The cases are all there are: every activation, loss, convention and arithmetic of the program."""
    assert {*networks.ACTIVATIONS, "step"} == set(REGISTERED)
    assert set(networks.LOSSES) == set(REGISTERED_LOSSES)
    assert set(CONVENTIONS) == set(convention_names())
    assert set(ARITHMETICS) == {"decimal", "float", "exact", "letters"}


WRONG = {
    "lecture": (("+ η δ₅", "− η δ₅"), ("= w₁₃ + η δ₃ x₁", "= w₁₃ + η δ₄ x₁"), ("o₅ < 1", "o₅ > 1")),
    "matrix": (
        (r"- \eta", r"+ \eta"),
        (r"\odot \sigma'(z^{[1]})", r"\odot \sigma'(x)"),
        (r"\hat{y}_1 < 1", r"\hat{y}_1 > 1"),
    ),
}
"""Signs, letters and conditions to exchange on a page in letters."""


@pytest.mark.parametrize("convention", WRONG)
def test_a_wrong_letter_is_found(convention: str) -> None:
    """A page in letters with another sign, letter or condition is found out: these tests can fail."""
    problem = replace(case("sigmoid", "hinge"), convention=convention)
    markup = "latex" if convention == "matrix" else "text"
    page = explainer.render(
        explainer.explain(explainer.trace(explainer.loads(problem.toml, arithmetic="letters"))), markup
    )
    assert list(wrong_letters(problem, page, markup)) == []
    for right, wrong in WRONG[convention]:
        assert right in page
        assert list(wrong_letters(problem, page.replace(right, wrong), markup)) != [], wrong
