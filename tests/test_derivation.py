"""Derivations: every line is true, wrong ones are found, and the page says what the lecture says."""

import math
import random
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
import sympy
from command import PROBLEM, faults_of, run

import explainer
from explainer.check.proof import LAST, World, compared, proof
from explainer.maths.activations import ACTIVATIONS
from explainer.maths.chain import Case, Line
from explainer.maths.formula import Constant, IndexedSum, Product
from explainer.maths.loss_slopes import LOSS_SLOPES
from explainer.maths.losses import LOSSES
from explainer.maths.quantity import Quantity
from explainer.maths.slopes import SLOPES
from explainer.maths.symbolic import expression
from explainer.problem.convention import convention, convention_names
from explainer.problem.model import Function
from explainer.trace.claims import Claim, SlopeClaim
from explainer.trace.names import Names
from explainer.trace.principles import Principles
from tests.mathematics import Call, Exp, Neg, Node, Num, Power, Quotient, Sum, Sym, parsed
from tests.mathematics import Product as Factors

ROOT = Path(__file__).parent.parent
PROSE = tomllib.loads((ROOT / "templates" / "prose" / "en.toml").read_text(encoding="utf-8"))


def function(name: str) -> Function:
    """An activation function with its usual parameters."""
    return Function(name, dict(ACTIVATIONS[name].defaults) if name in ACTIVATIONS else {})


def principles(name: str, loss: str, output: str, hidden: str | None, *, biased: bool = True) -> Principles:
    """A derivation."""
    return Principles(convention(name), loss, function(output), function(hidden) if hidden else None, biased=biased)


@pytest.mark.parametrize("name", convention_names())
@pytest.mark.parametrize("loss", LOSS_SLOPES)
@pytest.mark.parametrize("hidden", SLOPES)
def test_every_line_is_true(hidden: str, loss: str, name: str) -> None:
    """For every activation, loss and convention each line equals the line before it, by SymPy."""
    output = "softmax" if loss == "cross-entropy" else "sigmoid"
    found = proof(principles(name, loss, output, hidden), Names(convention(name), ()))
    assert found.wrong == ()
    assert found.held > 30


@pytest.mark.parametrize("output", SLOPES)
def test_every_line_is_true_of_a_single_layer(output: str) -> None:
    """Without hidden units, and without biases, the derivation is true as well."""
    found = proof(
        principles("lecture", "half-squared-error", output, None, biased=False), Names(convention("lecture"), ())
    )
    assert found.wrong == ()
    assert found.held > 20


@pytest.mark.parametrize("loss", sorted(LOSSES.keys() & LOSS_SLOPES.keys()))
def test_the_losses_are_those_of_the_pages(loss: str) -> None:
    """A derivation starts from the loss that the pages work with."""
    pairs = tuple((Quantity("target", 1, unit), Quantity("output", 1, unit)) for unit in (1, 2, 3))
    ours, theirs = (
        expression(each.value(pairs), lambda it: sympy.Symbol(f"{it.role}{it.unit}"))
        for each in (LOSS_SLOPES[loss], LOSSES[loss].make(**LOSSES[loss].defaults))
    )
    assert sympy.simplify(ours - theirs) == 0


@pytest.mark.parametrize(
    ("loss", "output", "name", "result"),
    [
        ("cross-entropy", "softmax", "layered", "δₖ⁽ᴺ⁾ = aₖ⁽ᴺ⁾ − y_true,k"),
        ("cross-entropy", "softmax", "lecture", "δₖ = tₖ − oₖ"),
        ("binary-cross-entropy", "sigmoid", "mitchell", "δₖ = tₖ − oₖ"),
        ("half-squared-error", "linear", "lecture", "δₖ = tₖ − oₖ"),
        ("mean-squared-error", "linear", "lecture", "δₖ = 2/n · (tₖ − oₖ)"),
    ],
)
def test_what_fits_together_comes_to_the_error(loss: str, output: str, name: str, result: str) -> None:
    """Softmax with cross-entropy, and sigmoid with that of two classes, end at output and target alone: p − t."""
    text = problem("tanh", loss, name).replace('output_activation = "sigmoid"', f'output_activation = "{output}"')
    assert f"This is the error term of an output unit: {result}." in re.sub(r"\s+", " ", page_of(text))


def chains(claim: Claim | SlopeClaim) -> Iterator[tuple[Line, ...]]:
    """The chains of a claim."""
    yield from ([claim.chain] if isinstance(claim, Claim) else [case.chain for case in claim.cases])


def doubled(claim: Claim | SlopeClaim, which: int, at: int) -> Claim | SlopeClaim:
    """The claim with a factor 2 before one line of one chain."""
    changed = [list(each) for each in chains(claim)]
    line = changed[which][at]
    changed[which][at] = Line(Product((Constant(2), line.formula)), line.rule, line.about)
    if isinstance(claim, Claim):
        return Claim(claim.place, tuple(changed[0]))
    cases = tuple(Case(tuple(lines), case.condition) for lines, case in zip(changed, claim.cases, strict=True))
    return SlopeClaim(claim.place, claim.function, claim.unit, cases)


@pytest.mark.parametrize(
    ("name", "loss", "output"),
    [("mitchell", "mean-squared-error", "sigmoid"), ("layered", "cross-entropy", "softmax")],
)
def test_a_wrong_line_is_found(name: str, loss: str, output: str) -> None:
    """Whichever line is multiplied by 2, the proof fails: it can fail."""
    asked = principles(name, loss, output, "tanh")
    worlds = {layer: World(asked, layer) for layer in range(1, LAST + 1)}
    tried = 0
    for key, claim in asked.claims():
        for which, lines in enumerate(chains(claim)):
            for at, line in enumerate(lines):
                if line.formula != Constant(0):
                    equal = [held for _, _, held in compared(doubled(claim, which, at), worlds)]
                    assert not all(equal), f"{key}: line {at}"
                    tried += 1
    assert tried > 50


def test_one_path_for_all_is_found() -> None:
    """A hidden unit that feeds several units gets something back from each: one term is not the sum."""
    asked = principles("lecture", "half-squared-error", "sigmoid", "sigmoid")
    worlds = {layer: World(asked, layer) for layer in range(1, LAST + 1)}
    chain = asked.paths()
    whole = chain[1].formula
    assert isinstance(whole, IndexedSum)
    wrong = Claim("hidden", (chain[0], Line(whole.body, "paths")))
    assert [held for _, _, held in compared(Claim("hidden", chain[:2]), worlds)] == [True]
    assert [held for _, _, held in compared(wrong, worlds)] == [False]


@pytest.mark.parametrize("name", convention_names())
def test_every_rule_has_a_name(name: str) -> None:
    """Each line names its rule, but where it is a definition; every rule can be said."""
    for activation in SLOPES:
        for key, claim in principles(name, "half-squared-error", "sigmoid", activation).claims():
            for chain in chains(claim):
                rules = {line.rule for line in chain[1:]}
                assert rules - {""} <= PROSE["rules"].keys()
                assert "" not in rules or key in ("descent", "meaning", "update", "slope_by_bias")


LECTURE = """
Δwⱼᵢ = −η ∂E/∂wⱼᵢ
E = ½ Σₖ (tₖ − oₖ)²
∂E/∂wⱼᵢ = ∂E/∂netⱼ · ∂netⱼ/∂wⱼᵢ
δⱼ = −∂E/∂netⱼ
Δwⱼᵢ = η δⱼ xᵢ
δₖ = −∂E/∂netₖ
∂E/∂netₖ = ∂E/∂oₖ · ∂oₖ/∂netₖ
= ½ · 2(tₖ − oₖ) ∂/∂oₖ (tₖ − oₖ)
= (tₖ − oₖ)(−1)
= −(tₖ − oₖ)
σ(netⱼ) = 1/(1 + e^(−netⱼ))
= σ(z) · [1 − σ(z)]
∂oⱼ/∂netⱼ = oⱼ(1 − oⱼ)
= −∂E/∂oₖ · ∂oₖ/∂netₖ
= −[−(tₖ − oₖ)] oₖ(1 − oₖ)
= (tₖ − oₖ) oₖ(1 − oₖ)
δₖ = oₖ(1 − oₖ)(tₖ − oₖ)
δₕ = −∂E/∂netₕ
∂E/∂netₕ = Σₖ ∂E/∂netₖ · ∂netₖ/∂netₕ
∂netₖ/∂netₕ = ∂netₖ/∂oₕ · ∂oₕ/∂netₕ
= wₖₕ oₕ(1 − oₕ)
= Σₖ ∂E/∂netₖ · wₖₕ oₕ(1 − oₕ)
= oₕ(1 − oₕ) Σₖ wₖₕ ∂E/∂netₖ
= oₕ(1 − oₕ) Σₖ wₖₕ(−δₖ)
= −oₕ(1 − oₕ) Σₖ wₖₕ δₖ
δₕ = oₕ(1 − oₕ) Σₖ wₖₕ δₖ
local derivative × error signal
"""
"""What section 8 of the lecture displays, in its order."""


def page_of(text: str, markup: str = "text") -> str:
    """The page of a problem."""
    return explainer.render(explainer.explain(explainer.trace(explainer.loads(text))), markup)


def problem(hidden: str = "sigmoid", loss: str = "half-squared-error", name: str = "lecture") -> str:
    """A problem of kind derivation."""
    return f"""
kind = "derivation"
[derivation]
loss = "{loss}"
output_activation = "sigmoid"
hidden_activation = "{hidden}"
[presentation]
convention = "{name}"
"""


def test_the_page_has_every_line_of_the_lecture() -> None:
    """Nothing that the lecture displays in its derivation is missing."""
    page = page_of((ROOT / "problems" / "lecture-derivation.toml").read_text(encoding="utf-8"))
    words = re.sub(r"\s+", " ", page)
    assert [line for line in LECTURE.strip().splitlines() if line not in words] == []


FUNCTIONS = {
    "σ": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
}


def worth(node: Node, numbers: dict[str, float]) -> float:
    """What a printed side is worth."""
    match node:
        case Num(value):
            return float(value)
        case Sym(name):
            return numbers.setdefault(name, random.Random(name).uniform(0.1, 0.9))
        case Neg(inner):
            return -worth(inner, numbers)
        case Sum(terms):
            return sum(worth(term, numbers) for term in terms)
        case Factors(factors):
            return math.prod(worth(factor, numbers) for factor in factors)
        case Quotient(top, bottom):
            return worth(top, numbers) / worth(bottom, numbers)
        case Power(base, exponent):
            return worth(base, numbers) ** exponent
        case Exp(exponent):
            return math.exp(worth(exponent, numbers))
        case Call(name, (argument,)):
            return float(FUNCTIONS[name](worth(argument, numbers)))
    raise TypeError(f"no number: {node!r}")


@dataclass
class Displayed:
    """The sides of a chain on a plain page that are formulas without derivatives and sums."""

    sides: list[str]


def displayed(page: str) -> Iterator[Displayed]:
    """The chains of a plain page."""
    found: Displayed | None = None
    for line in page.splitlines():
        match = re.match(r" {4}(.*?) = (.*?)(?: {3}.*)?$", line)
        if not match:
            continue
        if match[1].strip():
            if found:
                yield found
            found = Displayed([match[1].strip()])
        assert found
        found.sides.append(match[2].strip())
    if found:
        yield found


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh"])
def test_what_is_printed_is_true(hidden: str) -> None:
    """Read back from the page, the sides of the slope of a function are worth the same, brackets and all."""
    compared_sides = 0
    for chain in displayed(page_of(problem(hidden))):
        if chain.sides[0].startswith("d/dz"):
            nodes = [parsed(side, "text") for side in chain.sides if "d/dz" not in side]
            values = [worth(node, {"z": 0.37}) for node in nodes]
            assert max(values) - min(values) < 1e-12, chain.sides
            compared_sides += len(values)
    assert compared_sides > 5


SHIPPED = sorted(
    path.stem
    for path in (ROOT / "problems").glob("*.toml")
    if 'kind = "derivation"' in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", convention_names())
@pytest.mark.parametrize("shipped", SHIPPED)
def test_every_derivation_prints_in_every_convention(shipped: str, name: str) -> None:
    """No line says that something is equal to itself, nor repeats the line before it, whatever δ is called."""
    text = (ROOT / "problems" / f"{shipped}.toml").read_text(encoding="utf-8")
    trace = explainer.trace(explainer.loads(text, settings={"presentation.convention": name}))
    page = explainer.render(explainer.explain(trace), "text")
    chains = [chain.sides for chain in displayed(page)]
    assert len(chains) > 10
    assert [sides for sides in chains if any(one == other for one, other in pairwise(sides))] == []
    assert "definition of ∂" not in page


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        ("aima", ["a₀ = 1", "since ∂inⱼ/∂w₀ⱼ = a₀ = 1:", "= α a₀ Δⱼ"]),
        ("flat", ["∂E/∂netⱼ is called the error term of unit j", "is minus learning rate × error term"]),
        ("threshold", ["A threshold is changed like a weight whose signal is always −1", "= −α δⱼ", "eₖ = y_d,k − yₖ"]),
        ("lecture", ["A bias is changed like a weight whose signal is always 1", "Its negative is called", "= η δⱼ"]),
    ],
)
def test_the_words_are_those_of_the_convention(name: str, sentences: list[str]) -> None:
    """A bias is called what the convention calls it, with its fixed signal; uphill a weight moves by minus η δ x."""
    page = re.sub(r"\s+", " ", page_of(problem(name=name)))
    assert [sentence for sentence in sentences if sentence not in page] == []
    assert ("minus learning rate" in page) == (convention(name).delta == "uphill")


def test_a_step_may_end_with_its_derivation() -> None:
    """The section stands at the end of the page, for the network's own functions; a slice has none."""
    text = PROBLEM.replace('"half-squared-error"', '"mean-squared-error"')
    trace = explainer.trace(explainer.loads(text, settings={"presentation.derivation": True}))
    page = explainer.render(explainer.explain(trace), "markdown")
    assert page.index("## Where the rules come from") > page.index("## Remarks")
    assert "d/dz" in explainer.render(explainer.explain(trace), "text")
    assert "Where the rules" not in explainer.render(explainer.explain(trace, only="o_4"), "markdown")
    assert "Where the rules" not in page_of(PROBLEM, "markdown")


def test_a_derivation_is_checked(tmp_path: Path) -> None:
    """The check proves the lines of a derivation, and those of a page that ends with one."""
    file = tmp_path / "x.toml"
    file.write_text(problem("tanh"), encoding="utf-8")
    assert re.search(r"derivation +\d\d held +ok", run("check", str(file)).out)
    file.write_text(PROBLEM, encoding="utf-8")
    done = run("check", str(file), "--set", "presentation.derivation=true")
    assert re.search(r"derivation +\d\d held +ok", done.out)
    assert "derivation  " not in run("check", str(file)).out


SECOND_HIDDEN = '[[network.layers]]\nactivation = "tanh"\nweights = [[0.1, 0.2]]\n[[network.layers]]\nweights = [[1]]\n'
SEVERAL = PROBLEM[: PROBLEM.rindex("[[network.layers]]")] + SECOND_HIDDEN + PROBLEM[PROBLEM.index("[[samples]]") :]

FAULTS = [
    (problem("sigmod"), 'derivation.hidden_activation: unknown hidden activation "sigmod" (did you mean "sigmoid"?)'),
    (problem(loss="half"), 'derivation.loss: unknown loss "half" ('),
    (problem().replace("loss", "los"), 'derivation.los: unknown key (did you mean "loss"?)'),
    ('kind = "derivation"\n', "derivation: missing; expected a table"),
    (f"{problem()}derivation = true\n", "presentation.derivation: found true, but the page is the derivation already"),
    (
        problem().replace('"sigmoid"', '{ name = "tanh", slope = 0.5 }'),
        "derivation.output_activation.slope: tanh has no parameter of this name",
    ),
    (problem(loss="cross-entropy"), "derivation.loss: found cross-entropy, but cross-entropy and softmax are derived"),
    (
        problem().replace('"sigmoid"', '"softmax"', 1),
        "derivation.output_activation: found softmax, but cross-entropy and softmax are derived together",
    ),
    (
        f"{SEVERAL}[presentation]\nderivation = true\n",
        "presentation.derivation: found true, but the hidden layers have different activation functions",
    ),
]


@pytest.mark.parametrize(("text", "fault"), FAULTS)
def test_bad_input_is_named(text: str, fault: str, tmp_path: Path) -> None:
    """Each fault names its place and what is wrong there."""
    found = faults_of(text, tmp_path)
    assert any(line.startswith(fault) for line in found), found


def test_a_page_needs_no_sympy() -> None:
    """Only the proof imports SymPy, so that the page itself is written at once."""
    command = (
        "import sys, explainer; page = explainer.explain(explainer.trace(explainer.load(sys.argv[1]))); "
        "explainer.render(page, 'text'); print('sympy' in sys.modules)"
    )
    file = ROOT / "problems" / "lecture-derivation.toml"
    done = subprocess.run([sys.executable, "-c", command, file], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "False"
