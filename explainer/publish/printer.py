"""Printing mathematics: one walker over formulas, and for each markup a table of how things are written."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from explainer.explain.document import Lens
from explainer.maths.formula import (
    AnyPower,
    Call,
    Cases,
    Comparison,
    Constant,
    Elision,
    Exponential,
    Formula,
    Hadamard,
    IndexedSum,
    Inline,
    Letter,
    MatrixProduct,
    Named,
    Negation,
    Number,
    Partial,
    Power,
    Prime,
    Product,
    Quotient,
    Signed,
    Sum,
    is_atom,
)
from explainer.maths.functions import FUNCTIONS
from explainer.maths.numerals import Numeral
from explainer.maths.quantity import Quantity
from explainer.publish.looks import (
    LOOKS,
    NAME,
    WIDEST,
    Look,
    is_number,
    is_plain,
    is_single,
    is_zero,
    look_apart,
    look_of,
    needs_dot,
    nesting,
    opens_bracket,
    stands_bare,
)
from explainer.publish.markup import Markup
from explainer.publish.matrices import BREAK, MatrixRules
from explainer.trace.names import Applied, Slope, Symbol

SUM, PRODUCT, POWER = 1, 2, 3
"""How tightly what stands around a formula binds; 0 where nothing does."""


class Printer(Markup, MatrixRules):
    """Prints formulas, each read through a lens. Subclasses say how one markup writes things."""

    def __init__(self) -> None:
        self.rules: dict[type, Callable[[Formula, Lens, int], str]] = {
            Quantity: self.atom,
            Constant: self.atom,
            Letter: self.atom,
            Number: self.atom,
            Sum: self.sum,
            Product: self.product,
            Negation: self.negation,
            Quotient: self.quotient,
            Power: self.power,
            AnyPower: self.power,
            Exponential: self.exponential,
            Call: self.call,
            Cases: self.cases,
            IndexedSum: self.indexed_sum,
            Inline: self.inline,
            Elision: self.elision,
            Signed: self.signed,
            Partial: self.partial,
            Named: self.named,
            Prime: self.prime,
            **self.matrix_rules,
        }
        self.looks: dict[type[Look], Callable[[Any, int], str]] = {
            Numeral: self.numeral,
            Symbol: lambda symbol, _: self.symbol(symbol),
            Applied: lambda value, _: f"{self.function(value.base)}({self.signed_digits(value.argument)})",
            Slope: lambda slope, _: self.slope(self.symbol(slope.of), self.symbol(slope.by), straight=False),
            Fraction: lambda fraction, _: self.constant(fraction),
        }

    def __call__(self, formula: Formula, lens: Lens, around: int = 0) -> str:
        """A formula as it stands inside something that binds so tightly."""
        return self.rules[type(formula)](formula, lens, around)

    def small(self, formula: Formula, lens: Lens) -> str:
        """A formula as it stands in an exponent."""
        return self.unbroken(formula, lens)

    def unbroken(self, formula: Formula, lens: Lens, around: int = 0) -> str:
        """A formula that stays on one line: within a text, a fraction, an exponent or a term."""
        text = self.rules[type(formula)](formula, lens, around)
        return text.replace(BREAK, "") if BREAK in text else text

    def whole(self, text: str) -> str:
        """What stays on one line if it fits there beside a name."""
        bare = text.replace(BREAK, "") if BREAK in text else text
        return text if self.is_long(bare) else bare

    def is_long(self, text: str) -> bool:
        """Whether a text leaves no room for a name on its line."""
        return len(text) > WIDEST - NAME and self.measured(text) > WIDEST - NAME

    # -- the walk -------------------------------------------------------------------------------

    def atom(self, formula: Formula, lens: Lens, around: int) -> str:
        """A name or a number."""
        look = look_of(formula, lens)
        return self.looks[type(look)](look, around)

    def looking(self, look: Look, around: int) -> str:
        """What looks so: a name or a number."""
        return self.looks[type(look)](look, around)

    def numeral(self, numeral: Numeral, around: int) -> str:
        """The digits of a numeral, a negative one in brackets inside anything that binds."""
        if not numeral.negative:
            return self.unsigned(numeral, around)
        text = self.signed_digits(numeral)
        return self.bracketed(text) if around else text

    def signed_digits(self, numeral: Numeral) -> str:
        """The digits of a numeral, with a minus sign before those of a negative one."""
        return (self.minus if numeral.negative else "") + self.unsigned(numeral)

    def unsigned(self, numeral: Numeral, around: int = 0) -> str:
        """The digits of a numeral, or its fraction, without its sign."""
        if numeral.ratio is not None and numeral.ratio.denominator > 1:
            return self.ratio(str(abs(numeral.ratio.numerator)), str(numeral.ratio.denominator), around)
        digits, power = numeral.parts()
        return self.scientific(digits, power) if power else digits

    def sum(self, formula: Formula, lens: Lens, around: int) -> str:
        """Terms joined by their signs; of numbers worked out before, and where all are plain, by the numbers' own."""
        assert isinstance(formula, Sum)
        plain = all(map(is_plain, formula.terms))
        printed = ""
        for place, term in enumerate(formula.terms):
            sign, body = self.term(term, lens, plain=plain, first=not place)
            if place:
                printed += f"{BREAK} {sign} {body}"
            else:
                printed = sign + body if sign == self.minus and body != "0" else body
        return self.bracketed(printed) if around > SUM - 1 else printed

    def term(self, term: Formula, lens: Lens, *, plain: bool, first: bool) -> tuple[str, str]:
        """The sign that joins a term, and the term without it."""
        if type(term) in LOOKS:
            look = look_of(term, lens)
            if (plain or first or type(term) is Number) and type(look) is Numeral and look.negative:
                return self.minus, self.unsigned(look)
            return "+", self.looks[type(look)](look, SUM)
        match term:
            case Inline(_, formula):
                return self.term(formula, lens, plain=False, first=first)
            case Negation(taken):
                return self.minus, self.breakable(taken, lens, PRODUCT)
            case Product((Negation(taken), *others)) | MatrixProduct((Negation(taken), *others)):
                return self.minus, self(type(term)((taken, *others)), lens, SUM)
        return "+", self.breakable(term, lens, SUM)

    def breakable(self, term: Formula, lens: Lens, around: int) -> str:
        """A term, which stays on one line if it fits there, unless matrices are multiplied in it entry by entry."""
        text = self(term, lens, around)
        return text if isinstance(term, Hadamard) else self.whole(text)

    def product(self, formula: Formula, lens: Lens, around: int) -> str:
        """Factors side by side as symbols or as bracketed numbers; once worked on, joined by ×."""
        assert isinstance(formula, Product)
        factors = formula.factors
        if type(factors[0]) is Negation and around != PRODUCT:
            rest = Product((factors[0].term, *factors[1:]))
            return self.negation(Negation(rest), lens, around)
        if any(type(factor) is Number and factor.numeral.ratio is None for factor in factors):
            printed = f"{BREAK} {self.times} ".join(
                self(factor, lens, self.around(factor, first=not place)) for place, factor in enumerate(factors)
            )
        else:
            printed = self.side_by_side(factors, lens)
        return self.bracketed(printed) if around > PRODUCT else printed

    @staticmethod
    def around(factor: Formula, *, first: bool) -> int:
        """How tightly a product binds a factor; a product that comes first in it needs no brackets."""
        return PRODUCT if first and type(factor) is Product else POWER

    def side_by_side(self, factors: tuple[Formula, ...], lens: Lens) -> str:
        """Factors without a sign between them: x_1 w_14, (1)(0.2), 0.474(1 − 0.474)."""
        looks = [look_of(factor, lens) if is_atom(factor) else None for factor in factors]
        printed, last = "", len(factors) - 1
        for place, (factor, look) in enumerate(zip(factors, looks, strict=True)):
            numeral = is_number(look)
            around = self.around(factor, first=not place) if numeral or place < last else PRODUCT
            text = self(factor, lens, around) if look is None else self.looks[type(look)](look, around)
            if type(factor) is Sum and len(factor.terms) < 3:
                text = text.replace(BREAK, "")
            could = place and BREAK not in text and (opens_bracket(text) or type(factor) is Call)
            long = could and len(printed) + len(text) > WIDEST and self.measured(printed + text) > WIDEST
            apart = place and (look_apart(looks[place - 1], look) or needs_dot(factors[place - 1], factor))
            dotted = long or apart
            bare = not place and last and stands_bare(factor, look, factors[1], looks[1])
            if numeral and not (dotted or bare or opens_bracket(text)):
                text = self.bracketed(text)
            if dotted:
                printed += f"{BREAK if long else ''} {self.dot} "
            elif place and not opens_bracket(text):
                printed += self.gap(text, after_number=is_number(looks[place - 1]))
            printed += text
        return printed

    def negation(self, formula: Formula, lens: Lens, around: int) -> str:
        """−term"""
        assert isinstance(formula, Negation)
        if is_atom(formula.term) and is_zero(look_of(formula.term, lens)):
            return self(formula.term, lens, around)
        printed = self.minus + self(formula.term, lens, PRODUCT)
        return self.bracketed(printed) if around else printed

    def quotient(self, formula: Formula, lens: Lens, around: int) -> str:
        """A fraction."""
        assert isinstance(formula, Quotient)
        return self.fraction(self.unbroken(formula.numerator, lens), self.unbroken(formula.denominator, lens))

    def power(self, formula: Formula, lens: Lens, around: int) -> str:
        """A power; a number in its base stands in brackets."""
        assert isinstance(formula, Power | AnyPower)
        base = self(formula.base, lens, POWER)
        look = look_of(formula.base, lens) if is_atom(formula.base) else None
        bare = isinstance(look, Symbol) and is_single(look)
        number = look is not None and not bare and not opens_bracket(base)
        if number or isinstance(formula.base, Quotient | Power | Exponential):
            base = self.bracketed(base)
        return self.raised(base, str(formula.exponent).replace("-", self.minus))

    def exponential(self, formula: Formula, lens: Lens, around: int) -> str:
        """A power of e."""
        assert isinstance(formula, Exponential)
        return self.raised("e", self.small(formula.exponent, lens))

    def call(self, formula: Formula, lens: Lens, around: int) -> str:
        """A function of its arguments."""
        assert isinstance(formula, Call)
        function = FUNCTIONS[formula.function]
        shown = formula.arguments[: function.shown]
        arguments = ", ".join(self.unbroken(argument, lens) for argument in shown)
        if formula.function == "abs":
            return self.magnitude(arguments)
        if formula.function == "sqrt":
            return self.root(arguments)
        if formula.function == "cos":
            arguments = f"{self.function('π')} {self.dot} {arguments}"
        if not shown:
            return self.function(function.sign)
        if function.bare and all(isinstance(each, Quantity) and isinstance(lens(each), Symbol) for each in shown):
            return f"{self.function(function.sign)} {arguments}"
        return f"{self.function(function.sign)}{self.enclosed(arguments)}"

    def cases(self, formula: Formula, lens: Lens, around: int) -> str:
        """Each arm with its condition, within a line: z for z > 0, otherwise 0."""
        assert isinstance(formula, Cases)
        printed = f",{BREAK} ".join(self.arm(*each) for each in self.printed_arms(formula, lens))
        return self.bracketed(printed) if around else printed

    def printed_arms(self, formula: Cases, lens: Lens) -> list[tuple[str, str]]:
        """Each arm and its condition, nothing for the condition of the last."""
        conditions = [self.comparison(each, lens) for each in formula.conditions]
        return list(zip((self.unbroken(arm, lens) for arm in formula.arms), [*conditions, ""], strict=True))

    def comparison(self, comparison: Comparison, lens: Lens) -> str:
        """left > right"""
        left, right = (self.unbroken(side, lens) for side in (comparison.left, comparison.right))
        return f"{left} {self.comparisons[comparison.sign]} {right}"

    def arm(self, formula: str, condition: str) -> str:
        """One of several cases within a line: "z for z > 0", and the last "otherwise 0"."""
        raise NotImplementedError

    def displayed(self, formula: Formula, lens: Lens) -> str:
        """A formula that stands by itself."""
        return self(formula, lens)

    def indexed_sum(self, formula: Formula, lens: Lens, around: int) -> str:
        """Σ over an index."""
        assert isinstance(formula, IndexedSum)
        printed = f"{self.big_sum(formula.index, formula.without)} {self(formula.body, lens, SUM)}"
        return self.bracketed(printed) if around > PRODUCT else printed

    def inline(self, formula: Formula, lens: Lens, around: int) -> str:
        """A quantity written out."""
        assert isinstance(formula, Inline)
        return self(formula.formula, lens, around)

    def elision(self, formula: Formula, lens: Lens, around: int) -> str:
        """The dots of a long sum, and how many terms they stand for."""
        assert isinstance(formula, Elision)
        return self.left_out(len(formula.terms))

    def signed(self, formula: Formula, lens: Lens, around: int) -> str:
        """A number with its sign; zero has none."""
        assert isinstance(formula, Signed)
        printed = self(formula.number, lens)
        look = look_of(formula.number, lens)
        return f"+{printed}" if isinstance(look, Numeral) and look.digits > 0 else printed

    def partial(self, formula: Formula, lens: Lens, around: int) -> str:
        """A derivative: of a quantity as a fraction, of a formula with the formula after it."""
        assert isinstance(formula, Partial)
        by, straight = self.unbroken(formula.by, lens), isinstance(formula.by, Letter)
        if isinstance(formula.of, Quantity) and not straight:
            return self.slope(self.unbroken(formula.of, lens), by, straight=straight)
        of = self.unbroken(formula.of, lens, POWER)
        if isinstance(formula.of, Quotient):
            of = self.bracketed(of)
        return f"{self.slope('', by, straight=straight)} {of}"

    def named(self, formula: Formula, lens: Lens, around: int) -> str:
        """A function that the problem defines, of its first argument."""
        assert isinstance(formula, Named)
        sign = formula.sign.removesuffix("′")
        base, _, below = sign.partition("_")
        printed = self.symbol(Symbol(base, below)) + self.stroke * (sign != formula.sign)
        return printed + self.enclosed(self.unbroken(formula.arguments[0], lens))

    def prime(self, formula: Formula, lens: Lens, around: int) -> str:
        """What is still to be differentiated, in brackets."""
        assert isinstance(formula, Prime)
        return self.bracketed(self.unbroken(formula.formula, lens)) + self.stroke

    def enclosed(self, arguments: str) -> str:
        """The arguments of a function in their brackets."""
        return f"({arguments})"

    def bracketed(self, text: str) -> str:
        """The text in brackets."""
        opening, closing = self.brackets(text)
        return f"{opening}{text}{closing}"

    def brackets(self, text: str) -> tuple[str, str]:
        """The brackets for a text: round ones, square ones around those, braces around these."""
        return (("(", ")"), ("[", "]"), self.braces)[nesting(text)]
