"""Formulas as they are typed: read as mathematics has them, or refused with the place."""

import re

import pytest
import sympy
from formulas import POINTS, Z, formulas, near, symbolic, value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explainer.maths.formula import (
    Call,
    Constant,
    Exponential,
    Formula,
    Letter,
    Negation,
    Power,
    Product,
    Quotient,
    Sum,
)
from explainer.maths.grammar import UnreadableError, parsed
from explainer.publish.text import TextPrinter

PRINTER = TextPrinter()
LETTERS = ("z", "b")
z, b, one = Letter("z"), Letter("b"), Constant(1)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("z", z),
        ("1 + z", Sum((one, z))),
        ("1 - z - b", Sum((one, Negation(z), Negation(b)))),
        ("1 - (z - b)", Sum((one, Negation(Sum((z, Negation(b))))))),
        ("-b z", Negation(Product((b, z)))),
        ("-z^2", Negation(Power(z, 2))),
        ("2 * -z", Product((Constant(2), Negation(z)))),
        ("z / b / 2", Quotient(Quotient(z, b), Constant(2))),
        ("z * b / 2", Quotient(Product((z, b)), Constant(2))),
        ("2 z (1 - z)", Product((Constant(2), z, Sum((one, Negation(z)))))),
        ("e^-z^2", Exponential(Negation(Power(z, 2)))),
        ("e^{-b z}", Exponential(Negation(Product((b, z))))),
        ("exp(z) tanh(z)", Product((Exponential(z), Call("tanh", (z,))))),
        ("z^-2", Quotient(one, Power(z, 2))),
        ("z^(1/2)", Call("sqrt", (z,))),
        ("√(z)", Call("sqrt", (z,))),
        ("max(0, z)", Call("max", (Constant(0), z))),
        ("z² − 2·z × b", Sum((Power(z, 2), Negation(Product((Constant(2), z, b)))))),
        ("σ(−z)", Call("sigmoid", (Negation(z),))),
        ("z**3", Power(z, 3)),
    ],
)
def test_a_formula_is_read_as_mathematics_has_it(text: str, formula: Formula) -> None:
    """Signs bind loosest, then products and quotients from the left, then powers from the right."""
    assert parsed(text, LETTERS) == formula


def test_digits_stay_as_they_are_typed() -> None:
    """0.20 is 0.20, and 1/2 a half."""
    assert repr(parsed("0.20 z", LETTERS)) == repr(Product((Constant(parsed("0.20", ()).value), z)))  # type: ignore[union-attr]
    assert str(parsed("0.20", ()).value) == "0.20"  # type: ignore[union-attr]
    assert parsed("1/2", ()) == parsed("½", ())


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("z / (1 + )", 9, 'found ")" where a number, z, b or a function was expected'),
        ("z +", 3, "found the end where a number, z, b or a function was expected"),
        ("", 0, "found the end where a number, z, b or a function was expected"),
        ("(z + 1", 6, 'found the end where ")" was expected'),
        ("{z + 1)", 6, 'found ")" where "}" was expected'),
        ("z + 1)", 5, 'found ")", which nothing before it opens'),
        ("0,5 z", 1, 'found ","; decimals are written with a point'),
        ("z = 1", 2, 'found "=", which has no place in a formula'),
        ("1 + |z|", 4, 'found "|", which has no place in a formula; the size of z is abs(z)'),
        ("z; import os", 1, 'found ";", which has no place in a formula'),
        ("z 2", 2, 'found "2" right after a factor; put * or ^ between them'),
        ("2 bz", 2, 'found "bz"; a product is written b z'),
        ("tanh z", 5, 'found "z" where the "(" of tanh was expected'),
        ("max(z)", 0, "found 1 argument of max, expected 2"),
        ("tanh(z, 1)", 0, "found 2 arguments of tanh, expected 1"),
        ("sin(z)", 0, 'unknown name "sin"'),
        ("__import__(z)", 0, 'found "_", which has no place in a formula'),
        ("1e-3 z", 1, 'found "e" without an exponent; write e^z or exp(z), and 0.001 for 1e-3'),
        ("2^z", 1, "an exponent is a whole number from 1 to 20, or 1/2; for others write exp(… ln(…))"),
        ("z^1000000", 1, "an exponent is a whole number from 1 to 20, or 1/2; for others write exp(… ln(…))"),
        ("1/2 z", 4, "is this factor above or below the fraction bar? set brackets"),
        ("e^-2 z", 5, "does this belong to the exponent of e? set brackets, or *"),
        ("z^2b", 3, "does this belong to the exponent? set brackets, or a space"),
        ("(" * 21 + "z", 21, "parts of the formula lie within each other more than 20 deep"),
        ("-" * 500 + "z", 21, "parts of the formula lie within each other more than 20 deep"),
        ("0.1234567890123456789012", 0, "found a number of 24 digits, expected at most 20"),
    ],
)
def test_what_is_no_formula_is_refused_at_its_place(text: str, at: int, message: str) -> None:
    """The error names what was found, what was expected, and the letter where it stands."""
    with pytest.raises(UnreadableError) as caught:
        parsed(text, LETTERS)
    assert (caught.value.at, caught.value.message) == (at, message)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="zbe0123.+-*/^(){}[], −·²σ√½_expln\n\u0301", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but a formula or an error with its place comes of any text."""
    assert 0 <= place(text) <= len(text)


def place(text: str) -> int:
    """Where a text cannot be read; its end, where it can."""
    try:
        parsed(text, LETTERS)
    except UnreadableError as error:
        return error.at
    return len(text)


SIGNS = st.sampled_from([" + ", " - ", "*", "/"])
TYPED = st.recursive(
    st.sampled_from(["z", "1", "2", "0.5", "3.25"]),
    lambda inner: st.one_of(
        st.tuples(inner, SIGNS, inner).map("".join),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"-({text})"),
        inner.map(lambda text: f"({text})^2"),
        inner.map(lambda text: f"exp({text})"),
        inner.map(lambda text: f"tanh({text})"),
    ),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(TYPED)
def test_a_formula_means_what_sympy_takes_it_for(text: str) -> None:
    """Another reader of the same text comes to the same value."""
    other = sympy.sympify(text.replace("^", "**"), locals={"z": Z}, rational=True)
    ours = symbolic(parsed(text, ("z",)))
    for point in POINTS[:2]:
        wanted, found = value(sympy.sympify(other), point), value(sympy.sympify(ours), point)
        assert wanted is None or found is None or near(wanted, found)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(formulas)
def test_what_is_printed_can_be_typed(formula: Formula) -> None:
    """A formula printed as plain text, typed in again, is the same formula, or refused as ambiguous."""
    printed = PRINTER.unbroken(formula, lambda _: None)  # type: ignore[arg-type,return-value]
    try:
        again = parsed(printed.replace("ReLU", "relu"), LETTERS)
    except UnreadableError as error:
        assert re.search(r"\?|exponent|right after", error.message)  # noqa: PT017
        return
    ours, theirs = symbolic(formula), symbolic(again)
    for point in POINTS[:2]:
        wanted, found = value(ours, point), value(theirs, point)
        assert wanted is None or found is None or near(wanted, found), printed
