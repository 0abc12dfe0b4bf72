"""Derivations read back from their pages: what a slope is said to be is what the function's values say."""

import math
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

import explainer
from explainer.maths.losses import LOSSES
from explainer.maths.slopes import SLOPES
from explainer.problem.convention import convention_names
from tests.mathematics import Call, Exp, Neg, Node, Num, Power, Product, Quotient, Sum, Sym, parsed

ROOT = Path(__file__).parent.parent

PROBLEM = """
kind = "derivation"
[derivation]
loss = "{loss}"
output_activation = {output}
hidden_activation = "linear"
"""

# -- what is printed ---------------------------------------------------------------------------------------


@dataclass
class Chain:
    """A chain of a page in Markdown: its sides, its reasons, and what the words before it assume."""

    sides: list[str]
    condition: str


ROW = re.compile(r"^(.*?) ?&(=|\\qquad \{\}) (.*?)(?: &&\\quad .*?)?(?: \\\\)?$")
WHERE = re.compile(r"^Where \$(.*)\$:$")


def chains(page: str) -> Iterator[Chain]:
    """The chains of a page."""
    found: Chain | None = None
    condition = ""
    for line in page.splitlines():
        if where := WHERE.match(line):
            condition = where[1]
        if line == "$$" and found:
            yield found
            found, condition = None, ""
        if row := ROW.match(line):
            if row[1].strip():
                if found:
                    yield found
                found = Chain([row[1].strip()], condition)
            assert found
            found.sides.append(row[3])


def page_of(text: str, markup: str = "markdown") -> str:
    """The page of a problem."""
    return explainer.render(explainer.explain(explainer.trace(explainer.loads(text))), markup)


# -- what it is worth --------------------------------------------------------------------------------------

ROOT_TWO_OVER_PI = math.sqrt(2 / math.pi)


def normal(z: float) -> float:
    """Φ(z)"""
    return (1 + math.erf(z / math.sqrt(2))) / 2


def cubic(z: float) -> float:
    """The u(z) within the tanh form of GELU."""
    return ROOT_TWO_OVER_PI * (z + 0.044715 * z**3)


FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "σ": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "ln": math.log,
    "abs": abs,
    "max": max,
    "sign": lambda r: math.copysign(1, r) if r else 0,
    "Φ": normal,
    "φ": lambda z: math.exp(-z * z / 2) / math.sqrt(2 * math.pi),
    "u": cubic,
    "u'": lambda z: ROOT_TWO_OVER_PI * (1 + 3 * 0.044715 * z**2),
    "√(2/π)": lambda: ROOT_TWO_OVER_PI,
    "ReLU": lambda z: max(z, 0),
    "LReLU": lambda z: max(z, 0.01 * z),
    "ELU": lambda z: z if z > 0 else 2 * math.expm1(z),
    "softplus": lambda z: math.log1p(math.exp(z)),
    "SiLU": lambda z: z / (1 + math.exp(-z)),
    "H": lambda r: r * r / 2 if abs(r) <= 1 else abs(r) - 0.5,
    "H'": lambda r: max(-1, min(1, r)),
}

GELU: Mapping[str, Callable[[float], float]] = {
    "gelu": lambda z: z * normal(z),
    "gelu-tanh": lambda z: z / 2 * (1 + math.tanh(cubic(z))),
}
"""What GELU stands for, by the name of the activation."""


def worth(node: Node, numbers: Mapping[str, float], functions: Mapping[str, Callable[..., float]]) -> float:
    """What a printed side is worth."""
    match node:
        case Num(value):
            return float(value)
        case Sym(name):
            return numbers[name]
        case Neg(inner):
            return -worth(inner, numbers, functions)
        case Sum(terms):
            return sum(worth(term, numbers, functions) for term in terms)
        case Product(factors):
            return math.prod(worth(factor, numbers, functions) for factor in factors)
        case Quotient(top, bottom):
            return worth(top, numbers, functions) / worth(bottom, numbers, functions)
        case Power(base, exponent):
            return worth(base, numbers, functions) ** exponent
        case Exp(exponent):
            return math.exp(worth(exponent, numbers, functions))
        case Call(name, arguments):
            return float(functions[name](*(worth(each, numbers, functions) for each in arguments)))
    raise TypeError(f"no number: {node!r}")


COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
    r"\le": lambda left, right: left <= right,
    r"\ge": lambda left, right: left >= right,
}


def holds(condition: str, numbers: Mapping[str, float]) -> bool:
    """Whether what a case assumes holds for these numbers."""
    if not condition:
        return True
    left, sign, right = re.split(r" (>|<|\\le|\\ge) ", condition)
    return COMPARED[sign](*(worth(parsed(side), numbers, FUNCTIONS) for side in (left, right)))


def points(condition: str, names: list[str]) -> Iterator[dict[str, float]]:
    """Some random numbers for names, where a condition holds."""
    drawn = random.Random(condition)
    found = 0
    while found < 5:
        numbers = {name: drawn.uniform(-2, 2) for name in names}
        if holds(condition, numbers):
            found += 1
            yield numbers


def worked(chain: Chain) -> list[str]:
    """The sides of a chain with no derivative left in them, nor a sum."""
    return [
        side for side in chain.sides if r"\partial" not in side and r"\mathrm{d}" not in side and r"\sum" not in side
    ]


# -- the tests -----------------------------------------------------------------------------------------------

SLOPE = r"\frac{\mathrm{d}}{\mathrm{d} z} "
STEP = 1e-6


@pytest.mark.parametrize("activation", SLOPES)
def test_a_printed_slope_is_that_of_its_function(activation: str) -> None:
    """Each printed side of a slope is how fast the function's values change, wherever its condition holds."""
    output = '{ name = "elu", alpha = 2 }' if activation == "elu" else f'"{activation}"'
    functions = {**FUNCTIONS, "GELU": GELU.get(activation, math.sin)}
    compared = 0
    for chain in chains(page_of(PROBLEM.format(loss="half-squared-error", output=output))):
        if not chain.sides[0].startswith(SLOPE):
            continue
        function = parsed(chain.sides[0].removeprefix(SLOPE))
        for numbers in points(chain.condition, ["z"]):
            ends = (worth(function, {"z": numbers["z"] + step}, functions) for step in (STEP, -STEP))
            rise = next(ends) - next(ends)
            for side in worked(chain):
                assert math.isclose(worth(parsed(side), numbers, functions), rise / (2 * STEP), abs_tol=1e-7), side
                compared += 1
    assert compared >= 5


OF_ONE: Mapping[str, Callable[[float, float], float]] = {
    "half-squared-error": lambda t, o: (t - o) ** 2 / 2,
    "sum-squared-error": lambda t, o: (t - o) ** 2,
    "mean-squared-error": lambda t, o: (t - o) ** 2 / 3,
    "absolute-error": lambda t, o: abs(t - o),
    "binary-cross-entropy": lambda t, o: -(t * math.log(o) + (1 - t) * math.log(1 - o)),
    "cross-entropy": lambda t, o: -t * math.log(o),
    "huber": lambda t, o: FUNCTIONS["H"](t - o),
    "hinge": lambda t, o: max(0, 1 - t * o),
}
"""What one output adds to each loss, of three outputs."""


@pytest.mark.parametrize("loss", LOSSES)
def test_a_printed_slope_is_that_of_its_loss(loss: str) -> None:
    """Each printed side of ∂E/∂o is how fast the loss changes with one output, wherever its condition holds."""
    compared, entropy = 0, "entropy" in loss
    output = '"softmax"' if loss == "cross-entropy" else '"sigmoid"'
    for chain in chains(page_of(PROBLEM.format(loss=loss, output=output))):
        if chain.sides[0] != r"\frac{\partial E}{\partial o_k}":
            continue
        for numbers in points(chain.condition, ["t_k", "o_k"]):
            t, o = ((each + 2) / 4 if entropy else each for each in (numbers["t_k"], numbers["o_k"]))
            rise = OF_ONE[loss](t, o + STEP) - OF_ONE[loss](t, o - STEP)
            for side in worked(chain):
                if "for" not in side:
                    found = worth(parsed(side), {"t_k": t, "o_k": o, "n": 3}, FUNCTIONS)
                    assert math.isclose(found, rise / (2 * STEP), rel_tol=1e-5, abs_tol=1e-7), side
                    compared += 1
    assert compared >= 5


@pytest.mark.parametrize("name", convention_names())
@pytest.mark.parametrize(
    "given",
    [
        PROBLEM.format(loss="huber", output='"gelu-tanh"'),
        PROBLEM.format(loss="hinge", output='"z / (1 + abs(z))"').replace('"linear"', '["relu", "softmax", "elu"]'),
        *(path.read_text(encoding="utf-8") for path in sorted((ROOT / "problems").glob("*derivation*.toml"))),
    ],
)
def test_every_derivation_prints_in_every_convention(given: str, name: str) -> None:
    """No line says that something is equal to itself, nor repeats the line before it, whatever δ is called."""
    trace = explainer.trace(explainer.loads(given, settings={"presentation.convention": name}))
    page = explainer.render(explainer.explain(trace), "markdown")
    found = [chain.sides for chain in chains(page)]
    assert len(found) > 10
    assert [sides for sides in found if any(one == other for one, other in pairwise(sides))] == []
    assert r"definition of } \frac" not in page
