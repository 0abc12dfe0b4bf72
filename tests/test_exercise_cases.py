"""Small exercises case by case: every kind in every convention with every activation and every loss that it takes."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import pytest

import explainer
from explainer.check.report import findings
from explainer.problem.convention import convention_names
from explainer.trace.names import Slope
from tests import exercises, networks
from tests.test_exercises import PageReader, named_plainly
from tests.test_truth import UGLY, shown

CONVENTIONS = exercises.CONVENTIONS
Real = Callable[[Any], Any]


def cases(kind: str, convention: str) -> list[exercises.Exercise]:
    """An exercise of the kind for each activation and each loss, each drawn from a seed of its own."""
    place = CONVENTIONS.index(convention)
    return [
        exercises.exercise(kind, 100 * place + seed, activation, loss, convention)
        for seed, (activation, loss) in enumerate(exercises.each_case(kind))
    ]


def test_every_convention_has_its_cases() -> None:
    """The conventions below are all that ship."""
    assert set(CONVENTIONS) == set(convention_names())


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("kind", exercises.KINDS)
def test_every_case_is_true(kind: str, convention: str) -> None:
    """Each page renders, each of its equalities follows from the digits before it, and the check finds nothing."""
    for number, exercise in enumerate(cases(kind, convention)):
        trace = explainer.trace(explainer.loads(exercise.toml))
        assert [wrong for each in findings(trace) for wrong in each.wrong] == [], exercise.toml
        for markup in ("text", ("markdown", "latex")[number % 2]):
            page = explainer.render(explainer.explain(trace), markup)
            assert [formula for formula in shown(page, markup) if UGLY.search(formula)] == [], exercise.toml
            read = named_plainly(page) if kind == "function" else page
            reader = PageReader(read, markup, exercise, "decimal")  # type: ignore[arg-type]
            assert reader.faults(signs=kind != "function") == [], exercise.toml


# -- the table of notation --------------------------------------------------------------------------


def names_of(symbol: str) -> str:
    """What a symbol begins with, before its indices; of a derivative, all of it but the indices."""
    return re.sub(r"[₀-₉ᵢⱼₖₗₕₘₙₒ,]|⁽[^⁾]*⁾|\^\[[^]]*\]|_[\w,]+|ⁿᵉʷ", "", symbol)


def table_of(page: str) -> list[str]:
    """The symbols of the table of notation of a page of plain text."""
    table = page.partition("Notation\n========\n")[2].partition("\n\n\n")[0].partition("Given data")[0]
    rows = [line for line in table.splitlines() if line.startswith("    ")]
    return [re.split(r" {2,}", line.strip(" "))[0] for line in rows[1:]]


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("kind", exercises.KINDS)
def test_the_notation_has_the_symbols_of_the_page_and_no_others(kind: str, convention: str) -> None:
    """A page opens with its notation: a row for each kind of quantity that it calls by name, and each row is used."""
    for exercise in cases(kind, convention)[:6]:
        trace = explainer.trace(explainer.loads(exercise.toml))
        page = explainer.render(explainer.explain(trace), "text")
        assert page.index("Notation\n") < page.index("Given data\n")
        symbols = table_of(page)
        rest = page.partition("Given data")[2]
        assert len(set(symbols)) == len(symbols)
        for symbol in symbols:
            assert names_of(symbol) in names_of(rest), f"{symbol} is not on the page:\n{exercise.toml}"
        if kind == "function":
            continue
        listed = {names_of(symbol) for symbol in symbols}
        for quantity in (*trace.given, *trace.index):
            name = trace.names(quantity)
            base = f"∂{name.of.base}/∂{name.by.base}" if isinstance(name, Slope) else name.base
            called = re.search(rf"(?<!\w){re.escape(base)}(?!\w)", names_of(rest))
            assert not called or base in listed, f"{base} has no row:\n{exercise.toml}"


# -- against mathematics that knows nothing of the program ------------------------------------------


def swish(z: Any) -> Any:
    """z σ(1.5 z)"""
    return z / (1 + mpmath.exp(-1.5 * z))


def gelu_tanh(z: Any) -> Any:
    """½ z (1 + tanh u)"""
    return z / 2 * (1 + mpmath.tanh(mpmath.sqrt(2 / mpmath.pi) * (z + mpmath.mpf("0.044715") * z**3)))


VALUES: dict[str, Real] = {
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "tanh": mpmath.tanh,
    "relu": lambda z: max(z, mpmath.mpf(0)),
    "leaky-relu": lambda z: z if z > 0 else z / 100,
    "elu": lambda z: z if z > 0 else mpmath.expm1(z),
    "softplus": lambda z: mpmath.log(1 + mpmath.exp(z)),
    "gelu": lambda z: z * mpmath.ncdf(z),
    "gelu-tanh": gelu_tanh,
    "silu": lambda z: z / (1 + mpmath.exp(-z)),
    "linear": lambda z: z,
    "swish": swish,
    "softsign": lambda z: z / (1 + abs(z)),
    "th": mpmath.tanh,
}
"""Each activation, with its usual parameters."""

Pairs = Sequence[tuple[Any, Any]]

LOSSES: dict[str, Callable[[Pairs], Any]] = {
    "half-squared-error": lambda pairs: sum((t - o) ** 2 for t, o in pairs) / 2,
    "sum-squared-error": lambda pairs: sum((t - o) ** 2 for t, o in pairs),
    "mean-squared-error": lambda pairs: sum((t - o) ** 2 for t, o in pairs) / len(pairs),
    "absolute-error": lambda pairs: sum(abs(t - o) for t, o in pairs),
    "huber": lambda pairs: sum(
        (t - o) ** 2 / 2 if abs(t - o) <= 1 else abs(t - o) - mpmath.mpf("0.5") for t, o in pairs
    ),
    "hinge": lambda pairs: sum(max(mpmath.mpf(0), 1 - t * o) for t, o in pairs),
    "binary-cross-entropy": lambda pairs: -sum(t * mpmath.log(o) + (1 - t) * mpmath.log(1 - o) for t, o in pairs),
    "cross-entropy": lambda pairs: -sum(t * mpmath.log(o) for t, o in pairs),
}
"""Each loss over (target, output) pairs, with its usual parameters."""

NETS = ("0.37", "-0.62")


def written(name: str) -> tuple[str, str]:
    """An activation as a file has it, and the table that it needs."""
    own = exercises.OWN.get(name)
    return (own.activation, own.table) if own else (f'"{name}"', "")


def value_of(text: str, name: str, convention: str = "lecture") -> float:
    """What a quantity of an exercise is worth, in double precision."""
    return float(explainer.trace(explainer.loads(text, arithmetic="float", convention=convention))[name].value)


def near(value: float, wanted: Any) -> bool:
    """Whether two values agree to nine digits."""
    return bool(abs(value - wanted) <= 1e-9 * max(1, abs(wanted)))


def test_every_function_and_loss_is_compared() -> None:
    """The mathematics below has every activation and every loss that exercises take."""
    assert set(VALUES) == set(exercises.ACTIVATIONS)
    assert set(LOSSES) == set(networks.LOSSES)


@pytest.mark.parametrize("name", VALUES)
def test_values_and_derivatives_are_those_of_mathematics(name: str) -> None:
    """A function at its points, and a neuron with it, give what numerical mathematics gives."""
    activation, table = written(name)
    for net in NETS:
        text = f'kind = "function"\n{table}[function]\nactivation = {activation}\npoints = [{net}]'
        steps = list(explainer.trace(explainer.loads(text, arithmetic="float")))
        value, slope = (float(step.value) for step in steps)
        assert near(value, VALUES[name](mpmath.mpf(net)))
        assert near(slope, mpmath.diff(VALUES[name], mpmath.mpf(net)))
        neuron = (
            f'kind = "neuron"\n{table}[unit]\ninputs = [2]\nweights = [0.5]\nbias = {net}\nactivation = {activation}'
        )
        assert near(value_of(neuron, "o_j"), VALUES[name](1 + mpmath.mpf(net)))


@pytest.mark.parametrize(("convention", "sign"), [("lecture", -1), ("layered", 1)])
@pytest.mark.parametrize("name", VALUES)
def test_every_output_delta_is_the_slope_of_its_loss(name: str, convention: str, sign: int) -> None:
    """δ of an output is the derivative of the loss by its net input, for every activation and every loss."""
    activation, table = written(name)
    delta = {"lecture": "delta_k", "layered": "delta_k^(N)"}[convention]
    for loss, measured in LOSSES.items():
        if loss == "cross-entropy" or (loss == "binary-cross-entropy" and name != "sigmoid"):
            continue
        for net in NETS:
            text = f'kind = "output-delta"\nloss = "{loss}"\n{table}[unit]\nactivation = {activation}\n'
            text += f"net = {net}\ntarget = 1"
            slope = mpmath.diff(lambda z, measured=measured: measured([(1, VALUES[name](z))]), mpmath.mpf(net))
            assert near(value_of(text, delta, convention), sign * slope), text


@pytest.mark.parametrize("loss", [name for name in LOSSES if name != "hinge"])
def test_every_delta_of_a_softmax_layer_is_the_slope_of_its_loss(loss: str) -> None:
    """Through the whole layer, the short way or the long one, δ is the derivative of the loss by each net input."""
    nets, targets = [mpmath.mpf("0.4"), mpmath.mpf("-0.3"), mpmath.mpf("1.1")], [0, 1, 0]

    def measured(place: int, z: Any) -> Any:
        """The loss with one net input moved."""
        powers = [mpmath.exp(z if place == index else net) for index, net in enumerate(nets)]
        return LOSSES[loss]([(t, power / sum(powers)) for t, power in zip(targets, powers, strict=True)])

    for way in ("short", "long"):
        text = f'kind = "output-delta"\nloss = "{loss}"\n[unit]\nactivation = "softmax"\nnet = [0.4, -0.3, 1.1]\n'
        text += f'target = [0, 1, 0]\n[presentation]\noutput_delta = "{way}"'
        for place, net in enumerate(nets):
            slope = mpmath.diff(lambda z, place=place: measured(place, z), net)
            assert near(value_of(text, f"delta_{place + 1}"), -slope), text


@pytest.mark.parametrize("name", VALUES)
def test_every_hidden_delta_is_the_slope_of_what_comes_back(name: str) -> None:
    """δ of a hidden unit is the derivative of its activation times what the units after it report."""
    activation, table = written(name)
    for net in NETS:
        text = f'kind = "hidden-delta"\n{table}[unit]\nactivation = {activation}\nnet = {net}\n'
        text += "downstream = [{ weight = 2, delta = 0.1 }, { weight = -1, output = 0.5, target = 1 }]"
        back = 2 * mpmath.mpf("0.1") - mpmath.mpf("0.125")
        assert near(value_of(text, "delta_h"), back * mpmath.diff(VALUES[name], mpmath.mpf(net))), text


@pytest.mark.parametrize("loss", LOSSES)
def test_every_error_is_that_of_mathematics(loss: str) -> None:
    """The loss of each sample, and their sum, are those of the formula in the textbook."""
    outputs, targets = ([["0.7", "0.2", "0.1"], ["0.3", "0.5", "0.2"]], [[1, 0, 0], [0, 1, 0]])
    if loss == "hinge":
        targets = [[1, -1, -1], [-1, 1, -1]]
    tables = (f"[[samples]]\noutputs = [{', '.join(o)}]\ntargets = {t}" for o, t in zip(outputs, targets, strict=True))
    text = "\n".join([f'kind = "error"\nloss = "{loss}"', *tables])
    wanted = [
        LOSSES[loss](list(zip(wished, map(mpmath.mpf, came), strict=True)))
        for came, wished in zip(outputs, targets, strict=True)
    ]
    assert all(near(value_of(text, f"E_{number}"), each) for number, each in enumerate(wanted, 1))
    assert near(value_of(text, "E"), sum(wanted))


@pytest.mark.parametrize(("over", "shares"), [("outputs", (2, 1)), ("samples", (1, 2)), ("both", (2, 2))])
def test_a_mean_is_over_what_it_says(over: str, shares: tuple[int, int]) -> None:
    """A mean squared error of several samples is divided by the outputs, by the samples, or by both."""
    text = f'kind = "error"\nloss = {{ name = "mean-squared-error", over = "{over}" }}\n'
    text += "[[samples]]\noutputs = [1, 2]\ntargets = [0, 0]\n[[samples]]\noutputs = [3, 4]\ntargets = [0, 0]\n"
    assert value_of(text, "E_1") == 5 / shares[0]
    assert value_of(text, "E") == 30 / (shares[0] * shares[1])


def test_one_softmax_output_is_enough_for_the_short_way() -> None:
    """With cross-entropy the δ of one output of a softmax layer is its target less its output."""
    text = 'kind = "output-delta"\nloss = "cross-entropy"\n[unit]\nactivation = "softmax"\noutput = 0.7\ntarget = 1'
    assert near(value_of(text, "delta_k"), mpmath.mpf("0.3"))
    assert near(value_of(text, "delta_k^[N]", "matrix"), mpmath.mpf("-0.3"))
