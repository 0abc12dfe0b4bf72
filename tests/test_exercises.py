"""Small exercises: the published figures, the truth of every page, and what their pages tell."""

import math
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from command import run

import explainer
from explainer.check.report import findings
from explainer.problem.kinds import KINDS
from tests import exercises
from tests.mathematics import Node
from tests.reading import Chain
from tests.test_truth import UGLY, shown
from tests.untruths import Place, Reader

PROBLEMS = Path(__file__).parent.parent / "problems"
SEEDS = range(30)

# -- the published figures --------------------------------------------------------------------------

# What the lecture prints, typed from sections 3.2, 3.3, 4.2, 6.1.3, 6.1.4, 9.2 and 12.
PUBLISHED = [
    ("exercise-error", {"E_1": "0.125", "E_2": "0.065", "E": "0.190"}),
    ("exercise-neuron", {"net_j": "-0.12", "o_j": "0.4700"}),
    ("exercise-neuron-no-bias", {"net_j": "0.55"}),
    ("exercise-sigmoid", {"σ(0)": "0.5", "σ(2)": "0.8808", "σ(-1.5)": "0.1824"}),
    ("exercise-sigmoid", {"σ'(0)": "0.25", "σ'(2)": "0.1050", "σ'(-1.5)": "0.1491"}),
    ("exercise-deltas", {"delta_k": "0.032", "delta_h": "0.00384"}),
    ("exercise-update", {"dw_ji": "0.012", "w_ji_new": "0.312"}),
    ("exercise-learning-rates", {"dw_1": "0.0016", "dw_2": "0.016", "dw_3": "0.16"}),
    ("exercise-learning-rates", {"w_1_new": "0.5016", "w_2_new": "0.516", "w_3_new": "0.66"}),
    ("exercise-question-6", {"σ(0.5)": "0.622", "σ'(0.5)": "0.235"}),
    ("exercise-question-7", {"delta_k": "0.032"}),
    ("exercise-question-8", {"delta_h": "0.0312"}),
    ("exercise-question-9", {"w_ji_new": "0.312"}),
]


@pytest.mark.parametrize(("name", "figures"), PUBLISHED)
def test_the_published_figures_come_out(name: str, figures: dict[str, str]) -> None:
    """Each result that the lecture prints is what the exercise gives."""
    trace = explainer.trace(explainer.load(PROBLEMS / f"{name}.toml"))
    assert {name: trace[name].value for name in figures} == {name: Decimal(value) for name, value in figures.items()}


# Negnevitsky, section 6.3, table 6.3: the first epoch of a perceptron that learns AND.
PERCEPTRON = [(0, 0, "0.3", "-0.1"), (0, 0, "0.3", "-0.1"), (1, -1, "0.2", "-0.1"), (0, 1, "0.3", "0.0")]


def test_the_perceptron_learns_as_published() -> None:
    """Output, error and weights after each sample are those of the book."""
    trace = explainer.trace(explainer.load(PROBLEMS / "exercise-perceptron.toml"))
    for sample, row in enumerate(PERCEPTRON, 1):
        names = ("y^({})", "delta^({})", "w_1^({})", "w_2^({})")
        assert [trace[name.format(sample)].value for name in names] == list(map(Decimal, row))


# The lines that the lecture displays, in its order, as our pages write them.
LINES = {
    "exercise-error": "½[(1 − 0.7)² + (0 − 0.4)²] ½[(0.3)² + (−0.4)²] ½(0.09 + 0.16) ½ × 0.25 0.125 "
    "½[(0 − 0.3)² + (1 − 0.8)²] ½[(−0.3)² + (0.2)²] ½(0.09 + 0.04) ½ × 0.13 0.065 0.125 + 0.065 = 0.19",
    "exercise-neuron": "0.2 − 0.24 + 0.12 − 0.2 −0.12 1/(1 + e^(−(−0.12))) 1/(1 + e^0.12) 1/2.1275 0.47",
    "exercise-neuron-no-bias": "0.15 − 0.08 + 0.48 0.55",
    "exercise-sigmoid": "1/(1 + e^0) 1/(1 + 1) 0.5 0.5 × 0.5 0.25 1/(1 + e^(−2)) 1/(1 + 0.1353) 1/1.1353 0.8808 "
    "0.8808(1 − 0.8808) 0.8808 × 0.1192 0.105 1/(1 + e^1.5) 1/(1 + 4.4817) 1/5.4817 0.1824 "
    "0.1824(1 − 0.1824) 0.1824 × 0.8176 0.1491",
    "exercise-deltas": "0.8(1 − 0.8)(1 − 0.8) 0.8 × 0.2 × 0.2 0.032 "
    "0.6(1 − 0.6)(0.5)(0.032) 0.6 × 0.4 × 0.016 0.24 × 0.016 0.00384",
    "exercise-update": "(0.1)(0.15)(0.8) 0.012 0.3 + 0.012 0.312",
    "exercise-learning-rates": "(0.01)(0.2)(0.8) 0.0016 0.5 + 0.0016 0.5016 (0.1)(0.2)(0.8) 0.016 0.5 + 0.016 0.516 "
    "(1.0)(0.2)(0.8) 0.16 0.5 + 0.16 0.66",
    "exercise-question-8": "(0.5)(0.2) + (−0.3)(−0.1) 0.1 + 0.03 0.24 × 0.13 0.0312",
}


@pytest.mark.parametrize("name", LINES)
def test_the_lines_of_the_lecture_are_on_the_page(name: str) -> None:
    """What the lecture displays on the way to each result stands on the page, in its order."""
    page = explainer.render(explainer.explain(explainer.trace(explainer.load(PROBLEMS / f"{name}.toml"))), "text")
    page, at = re.sub(r"\s+", " ", page), 0
    for line in re.findall(r"(?:\S+ [+−×=] )*\S+", LINES[name]):
        at = page.find(line, at)
        assert at >= 0, line


def test_a_missing_figure_of_a_working_is_found() -> None:
    """A list of figures is looked for in the working, and its last one in the value."""
    for figures, wrong in (([0.3, 0.125], 0), ([0.31, 0.125], 1), ([0.3, 0.126], 1)):
        problem = explainer.load(PROBLEMS / "exercise-error.toml", settings={"published.E_1": figures})
        assert sum(len(each.wrong) for each in findings(explainer.trace(problem))) == wrong


# -- every kind, every arithmetic, every format -----------------------------------------------------


def test_exercises_of_every_kind_are_drawn() -> None:
    """The tests below know all kinds but those about a whole network."""
    assert {"step", "training", "derivation", *exercises.KINDS} == set(KINDS)


class PageReader(Reader):
    """Reads the page of an exercise; its tables are compared elsewhere."""

    def untrue_row(self, row):  # type: ignore[no-untyped-def]
        """Nothing: the rows are not those of a table of changes."""
        return iter(())

    def place(self, subject: Node) -> Place:
        """The same; a weight with the number of a sample is a new one."""
        found = super().place(subject)
        return Place(found.role, "update") if found.role in ("weight", "bias") else found

    def misplaced(self, chain: Chain) -> Iterator[str]:
        """The same of what follows the symbol: a function's value at a point has the numbers put in at once."""
        return super().misplaced(chain[1:])


NAMED_FUNCTION = (
    r"((?:\\mathrm\{)?(?:L?ReLU|G?ELU|SiLU|softplus|step|swish)\}?|σ|\\sigma|\\?tanh|(?:\\mathrm\{)?\bth\}?|\bf)"
)
"""The sign of a function, as its values are called by it."""


def named_plainly(page: str) -> str:
    """The page with the values of a function named as other quantities are: o₁ for σ(2), and z₁ for σ′(2)."""
    names: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        letter = "z" if match[2] else "o"
        return names.setdefault(match[0], f"{letter}_{{{len(names) + 10}}}")

    page = re.sub(r"^.*\bAt \$?\S+\s=\s.*$", "", page, flags=re.MULTILINE)  # the headings of the points
    page = re.sub(NAMED_FUNCTION + r"(['′]?)\((−?-?[\d.]+)\)", name, page)
    return (
        re.sub(r"_\{(\d+)\}", lambda match: match[1].translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")), page)
        if "$" not in page
        else page
    )


@pytest.mark.parametrize("markup", ["markdown", "latex", "text"])
@pytest.mark.parametrize("arithmetic", ["decimal", "float"])
@pytest.mark.parametrize("kind", exercises.KINDS)
def test_every_equality_is_true(kind: str, arithmetic: str, markup: str) -> None:
    """Each side of each chain follows from the digits printed before it, and no formula is ugly."""
    for seed in SEEDS:
        exercise = exercises.exercise(kind, seed)
        trace = explainer.trace(explainer.loads(exercise.toml), arithmetic=arithmetic)
        for detail in ("brief", "standard", "full"):
            page = explainer.render(explainer.explain(trace, detail=detail), markup)
            assert [formula for formula in shown(page, markup) if UGLY.search(formula)] == []
            if kind == "function":
                page = named_plainly(page)
            reader = PageReader(page, markup, exercise, arithmetic)  # type: ignore[arg-type]
            assert reader.faults(signs=kind != "function") == [], exercise.toml


@pytest.mark.parametrize("arithmetic", ["decimal", "float", "letters", "exact"])
@pytest.mark.parametrize("kind", exercises.KINDS)
def test_every_exercise_checks(kind: str, arithmetic: str) -> None:
    """Equalities hold, and every δ and derivative is the one that central differences give."""
    for seed in SEEDS:
        exercise = exercises.exercise(kind, seed)
        trace = explainer.trace(explainer.loads(exercise.toml), arithmetic=arithmetic)
        assert [wrong for each in findings(trace) for wrong in each.wrong] == [], exercise.toml


@pytest.mark.parametrize("kind", exercises.KINDS)
def test_every_quantity_has_a_name_and_a_page(kind: str) -> None:
    """Each quantity is found by its name, in letters and in Unicode, and has a page of its own."""
    for seed in SEEDS[::5]:
        trace = explainer.trace(explainer.loads(exercises.exercise(kind, seed).toml))
        names = [step.name for step in trace]
        assert len(set(names)) == len(names)
        for name in names:
            assert trace[name].quantity == trace.only(name).wanted[0]
            assert "So " in explainer.render(explainer.explain(trace, only=name), "text")


# -- against another way to work it out -------------------------------------------------------------


HIDDEN = """
kind = "hidden-delta"
[unit]
net = 0.3
downstream = [{ weight = 2, delta = 0.1 }, { weight = -1, output = 0.5, target = 1 }]
"""


def test_the_values_are_those_of_the_mathematics() -> None:
    """In full precision every kind gives what Python's own mathematics gives."""
    sigmoid = 1 / (1 + math.exp(-0.3))
    cases = [
        ('kind = "output-delta"\n[unit]\nnet = 0.3\ntarget = 1', "delta_k", sigmoid * (1 - sigmoid) * (1 - sigmoid)),
        (
            HIDDEN,
            "delta_h",
            sigmoid * (1 - sigmoid) * (2 * 0.1 - 0.5**3),
        ),
        ('kind = "neuron"\n[unit]\ninputs = [1, 2]\nweights = [0.1, 0.1]\nactivation = "tanh"', "o_j", math.tanh(0.3)),
        ('kind = "function"\n[function]\nactivation = "tanh"\npoints = [0.3]', "tanh'(0.3)", 1 - math.tanh(0.3) ** 2),
        ('kind = "error"\nloss = "mean-squared-error"\n[[samples]]\noutputs = [1, 2]\ntargets = [0, 0]', "E", 2.5),
    ]
    for text, name, value in cases:
        assert math.isclose(explainer.trace(explainer.loads(text), arithmetic="float")[name].value, value), text


def page_of(text: str, convention: str = "lecture") -> str:
    """The page of an exercise, without its line breaks."""
    trace = explainer.trace(explainer.loads(text, convention=convention))
    return re.sub(r"\s+", " ", explainer.render(explainer.explain(trace), "text"))


def test_a_curve_is_rounded_once() -> None:
    """The data for a curve are those of Python's own mathematics, whatever is rounded in the working."""
    page = explainer.render(explainer.explain(explainer.trace(explainer.load(PROBLEMS / "exercise-sigmoid.toml"))))
    rows = re.findall(r"^\| *\$?(-?[\d.]+)\$? *\| *\$?([\d.]+)\$? *\| *\$?([\d.]+)\$? *\|", page, flags=re.MULTILINE)
    curve = [tuple(map(float, row)) for row in rows[3:]]
    assert len(curve) == 25
    for point, value, slope in curve:
        exact = 1 / (1 + math.exp(-point))
        assert (value, slope) == (round(exact, 4), round(exact * (1 - exact), 4))


def test_a_derivative_at_a_kink_is_told() -> None:
    """Where a function has no derivative, the page says which number is taken; elsewhere it says nothing."""
    relu = 'kind = "function"\n[function]\nactivation = "relu"\npoints = '
    assert "At 0 the function has no derivative; 0 is taken." in page_of(f"{relu}[0, 1]")
    assert "has no derivative" not in page_of(f"{relu}[-1, 1]")


@pytest.mark.parametrize(
    ("convention", "told"),
    [
        ("lecture", "The bias is changed in the same way, with the input 1."),
        ("threshold", "The threshold is changed in the same way, with the input −1."),
        ("aima", "Fixed signal: a₀ = 1"),
        ("layered", "wᵢ⁽ⁿ⁾ weight from input i to the neuron after n samples, n being 0 at the start"),
    ],
)
def test_an_epoch_speaks_in_the_words_of_its_convention(convention: str, told: str) -> None:
    """A bias, a threshold and a weight on the fixed signal are each told as what they are."""
    assert told in page_of(EPOCH.replace("{activation}", "sigmoid"), convention)


@pytest.mark.parametrize(
    ("convention", "row"),
    [
        ("lecture", "δⱼ −∂E/∂netⱼ: how fast E, the loss, falls as netⱼ, the net input, grows"),
        ("layered", "δⱼ⁽ˡ⁾ ∂L/∂zⱼ⁽ˡ⁾: how fast L, the loss, grows with zⱼ⁽ˡ⁾, the net input"),
        ("flat", "∂E/∂netⱼ how fast the loss grows with the net input of unit j"),
    ],
)
def test_a_given_delta_says_what_it_stands_for(convention: str, row: str) -> None:
    """The table of notation tells its sign."""
    page = page_of((PROBLEMS / "exercise-update.toml").read_text(encoding="utf-8"), convention)
    assert row in page


EPOCH = """
kind = "epoch"
[unit]
activation = "{activation}"
weights = [0.3, -0.1]
bias = 0.2
[[samples]]
inputs = [0.5, 1]
target = 0
[[samples]]
inputs = [-1, 2]
target = 1
[[samples]]
inputs = [1, 1]
target = 1
[training]
learning_rate = 0.5
"""


@pytest.mark.parametrize(
    ("activation", "function"), [("sigmoid", lambda z: 1 / (1 + math.exp(-z))), ("linear", lambda z: z)]
)
def test_an_epoch_is_that_of_the_rule(activation: str, function: Callable[[float], float]) -> None:
    """The weights after each sample are those of w + η (t − o) x, worked in a loop."""
    trace = explainer.trace(explainer.loads(EPOCH.replace("{activation}", activation)), arithmetic="float")
    weights, bias = [0.3, -0.1], 0.2
    for number, (inputs, target) in enumerate((([0.5, 1], 0), ([-1, 2], 1), ([1, 1], 1)), 1):
        step = 0.5 * (target - function(sum(w * x for w, x in zip(weights, inputs, strict=True)) + bias))
        weights, bias = [w + step * x for w, x in zip(weights, inputs, strict=True)], bias + step
        assert math.isclose(trace[f"w_1^({number})"].value, weights[0])
        assert math.isclose(trace[f"w_2^({number})"].value, weights[1])
        assert math.isclose(trace[f"b^({number})"].value, bias)


def test_the_words_for_a_step_are_those_of_its_size() -> None:
    """What a learning rate does is said by the size of the change beside that of the weight."""
    text = (
        'kind = "rates"\n[update]\nweight = -0.5\ndelta = 1\ninput = 1\nlearning_rates = [0.001, 0.01, 0.05, 0.2, 0.6]'
    )
    page = explainer.render(explainer.explain(explainer.trace(explainer.loads(text))), "text")
    rows = [line for line in page.splitlines() if re.match(r"    0\.\d+ ", line)]
    words = ("small step", "medium step", "large step", "large step", "changes its sign")
    assert [word in row for row, word in zip(rows, words, strict=True)] == [True, True, True, True, True]


# -- names, values put in, and what is told ---------------------------------------------------------


def test_an_unknown_quantity_is_suggested_by_its_point() -> None:
    """The names of a function's values are typed as the page prints them."""
    done = run("explain", "exercise-sigmoid", "--only", "σ'(2.1)")
    assert done.status == 2
    assert "sigma'(2)" in done.err[0]


@pytest.mark.parametrize("kind", exercises.KINDS)
def test_a_value_put_in_is_told(kind: str) -> None:
    """Follow-through: what follows from a value put in is worked with it, and the page says that it was put in."""
    problem = explainer.loads(exercises.exercise(kind, 2).toml)
    first = next(iter(explainer.trace(problem)))
    trace = explainer.trace(problem, overrides={first.name: "0.123"})
    assert trace[first.name].value == Decimal("0.123")
    page = explainer.render(explainer.explain(trace), "text")
    assert "Put in by hand, not worked out:" in page
    assert "0.123" in page


def test_each_unit_is_told_with_its_activation() -> None:
    """Where hidden and output units have different activations, the page says which is whose; else one is named."""
    fed = '{ weight = 1, activation = "linear", output = 0.5, target = 1 }'
    text = f'kind = "hidden-delta"\n[unit]\nactivation = "max(0, z)"\nnet = 0.4\ndownstream = [{fed}, {fed}]'
    page = page_of(text)
    assert "Activation function of the hidden unit: f(z) = max(0, z)" in page
    assert "Activation function of unit 1 and unit 2: linear, with the derivative 1" in page
    assert "Here ReLU′(u) = 1 for u > 0, otherwise 0." in page
    assert "Activation function: linear" in page_of(text.replace('"max(0, z)"\nnet', '"linear"\noutput'))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('loss = "hinge"\n[unit]\nactivation = "linear"\nnet = 1.5\ntarget = 1', "At oₖ = 1.5 the loss has no slope"),
        (
            'loss = "absolute-error"\n[unit]\nactivation = "linear"\nnet = 1\ntarget = 1',
            "At oₖ = 1 the loss has a kink",
        ),
        ('[unit]\nactivation = "relu"\nnet = 0\ntarget = 1', "netₖ = 0 lies exactly at the kink"),
        ('[unit]\nactivation = "max(z, 2 z)"\nnet = 0\ntarget = 1', "netₖ = 0 lies where two branches"),
    ],
)
def test_what_lies_at_a_kink_is_told(text: str, told: str) -> None:
    """Where a derivative does not exist, or a loss is flat, the page of a δ says which slope it takes."""
    assert told in page_of(f'kind = "output-delta"\n{text}')
    assert told not in page_of(
        f'kind = "output-delta"\n{text}'.replace("target = 1", "target = -1").replace("net = ", "net = -3")
    )
