"""The grammar of a formula as it is typed: from text to a tree, or to the place where it cannot be read.

    sum      = product { (+ | −) product }
    product  = factor { (* | /) factor | factor }
    factor   = − factor | power
    power    = atom [ ^ exponent ] | e ^ exponent
    exponent = − exponent | power
    atom     = number | letter | function ( sum [ , sum ] ) | ( sum )

Factors side by side are multiplied, as in 2 z exp(−b z). Where people would read two things into that, as in
1 / 2 z or e^−2 z, the formula is refused. Nothing is ever executed: a name is a letter, a function or a mistake.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from math import gcd
from unicodedata import numeric

from msgspec import Struct

from explainer.maths.formula import (
    ONE,
    Call,
    Constant,
    Exponential,
    Formula,
    Letter,
    Negation,
    Power,
    Product,
    Quotient,
    total,
)

DEEPEST = 20
"""Brackets, signs and exponents may lie within each other so deep."""

MOST_DIGITS = 20
LARGEST_EXPONENT = 20

FUNCTIONS: Mapping[str, tuple[str, int]] = {
    "sqrt": ("sqrt", 1),
    "√": ("sqrt", 1),
    "ln": ("ln", 1),
    "log": ("ln", 1),
    "tanh": ("tanh", 1),
    "sigmoid": ("sigmoid", 1),
    "σ": ("sigmoid", 1),
    "relu": ("relu", 1),
    "abs": ("abs", 1),
    "max": ("max", 2),
    "min": ("min", 2),
}
"""The functions that a formula may use, as they are typed: the name that each has here, and how many arguments."""

NAMES = ("exp", *FUNCTIONS)
BRACKETS = {"(": ")", "[": "]", "{": "}"}
SAME = str.maketrans("−–·×⋅∗÷", "--****/")
"""Signs that mean the same as the one on the keyboard."""

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

WORDS = re.compile(
    r"""
      (?P<number>\d+(?:\.\d+)?|\.\d+)
    | (?P<vulgar>[½⅓⅔¼¾⅕⅖⅗⅘])
    | (?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
    | (?P<name>√|[^\W\d_⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:_[0-9A-Za-z])?)
    | (?P<sign>\*\*|[-+*/^(){}\[\],])
    """,
    re.VERBOSE,
)


class UnreadableError(ValueError):
    """A formula that cannot be read: why, and at which letter; with the name it stumbled on, and the names known."""

    def __init__(self, message: str, at: int, found: str = "", known: Collection[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.found = found
        self.known = tuple(known)


class Word(Struct, frozen=True):
    """One word of a formula: its kind, its text, where it starts, and whether a space stands before it."""

    kind: str
    text: str
    at: int
    spaced: bool = False


def words(text: str) -> Iterator[Word]:
    """The words of a formula, and its end."""
    typed, at = text.translate(SAME), 0
    while at < len(typed):
        start = at
        while at < len(typed) and typed[at].isspace():
            at += 1
        if at == len(typed):
            break
        match = WORDS.match(typed, at)
        if match is None or match.lastgroup is None:
            remedy = "; the size of z is abs(z)" if text[at] == "|" else ""
            raise UnreadableError(f'found "{text[at]}", which has no place in a formula{remedy}', at)
        sign = "^" if match[0] == "**" else match[0]
        yield Word(sign if match.lastgroup == "sign" else match.lastgroup, match[0], at, at > start)
        at = match.end()
    yield Word("end", "", len(text))


def parsed(text: str, letters: Collection[str]) -> Formula:
    """The tree of a formula over these letters, its layout as it is typed.

    Raises:
        UnreadableError: it is not a formula, or one that could be read in two ways.
    """
    return Parser(text, letters).whole()


class Parser:
    """Recursive descent over the words of one formula, one method for each rule of the grammar."""

    def __init__(self, text: str, letters: Collection[str]) -> None:
        self.words = list(words(text))
        self.letters = tuple(letters)
        self.place = 0
        self.depth = 0

    @property
    def word(self) -> Word:
        """The next word."""
        return self.words[self.place]

    def take(self) -> Word:
        """The next word, gone past."""
        self.place += 1
        return self.words[self.place - 1]

    def error(self, message: str, word: Word | None = None) -> UnreadableError:
        """The error at a word."""
        return UnreadableError(message, (word or self.word).at)

    def found(self) -> str:
        """The next word as it is spoken of."""
        return f'"{self.word.text}"' if self.word.text else "the end"

    def deeper(self, rule: Callable[[], Formula]) -> Formula:
        """What a rule reads one level further inside."""
        if self.depth == DEEPEST:
            raise self.error(f"parts of the formula lie within each other more than {DEEPEST} deep")
        self.depth += 1
        formula = rule()
        self.depth -= 1
        return formula

    def whole(self) -> Formula:
        """The formula, and nothing after it."""
        formula = self.sum()
        if self.word.kind in BRACKETS.values():
            raise self.error(f"found {self.found()}, which nothing before it opens")
        if self.word.kind == ",":
            raise self.error('found ","; decimals are written with a point')
        if self.word.kind != "end":
            raise self.error(f"found {self.found()} where an operator was expected")
        return formula

    def sum(self) -> Formula:
        """Terms joined by + and −."""
        terms = [self.product()]
        while self.word.kind in ("+", "-"):
            minus = self.take().kind == "-"
            term = self.product()
            terms.append(Negation(term) if minus else term)
        return total(tuple(terms))

    def product(self) -> Formula:
        """Factors joined by * and /, or side by side; the sign of the first is that of the whole."""
        if self.word.kind == "-":
            self.take()
            return Negation(self.deeper(self.product))
        factors, divided = [self.factor()], False
        while (sign := self.joint()) is not None:
            if sign == "/":
                self.take()
                factors, divided = [quotient(multiplied(factors), self.factor())], True
                continue
            if sign == "*":
                self.take()
            elif divided:
                raise self.error("is this factor above or below the fraction bar? set brackets")
            factors.append(self.factor())
        return multiplied(factors)

    def joint(self) -> str | None:
        """How the next factor is joined on: by * or /, side by side (""), or None where there is none."""
        if self.word.kind in ("*", "/"):
            return self.word.kind
        if self.word.kind in ("number", "vulgar", "raised"):
            raise self.error(f"found {self.found()} right after a factor; put * or ^ between them")
        return "" if self.word.kind == "name" or self.word.kind in BRACKETS else None

    def factor(self) -> Formula:
        """A power, or one taken negative."""
        if self.word.kind == "-":
            self.take()
            return Negation(self.deeper(self.factor))
        return self.power()

    def power(self) -> Formula:
        """An atom and what it is raised to; a power of e."""
        if self.word.kind == "name" and self.word.text == "e" and "e" not in self.letters:
            return self.power_of_e()
        base = self.atom()
        start = self.word
        if self.word.kind == "raised":
            return self.raised(base, Constant(int(self.take().text.translate(RAISED))), start)
        if self.word.kind != "^":
            return base
        self.take()
        bracketed = self.word.kind in BRACKETS
        formula = self.raised(base, self.deeper(self.exponent), start)
        if not bracketed and self.word.kind == "name" and not self.word.spaced:
            raise self.error("does this belong to the exponent? set brackets, or a space")
        return formula

    def power_of_e(self) -> Formula:
        """e ^ exponent"""
        start = self.take()
        if self.word.kind == "raised":
            return Exponential(Constant(int(self.take().text.translate(RAISED))))
        if self.word.kind != "^":
            raise self.error('found "e" without an exponent; write e^z or exp(z), and 0.001 for 1e-3', start)
        self.take()
        bracketed = self.word.kind in BRACKETS
        exponent = self.deeper(self.exponent)
        if not bracketed and (self.word.kind == "name" or self.word.kind in BRACKETS):
            raise self.error("does this belong to the exponent of e? set brackets, or *")
        return Exponential(exponent)

    def exponent(self) -> Formula:
        """What a power is raised to; e^−z^2 is e^(−(z^2))."""
        if self.word.kind == "-":
            self.take()
            return Negation(self.deeper(self.exponent))
        return self.power()

    def raised(self, base: Formula, exponent: Formula, start: Word) -> Formula:
        """A power with a whole exponent; with one half, a root; below 0, the power in a denominator."""
        match exponent:
            case Constant(int(whole)) if 0 < whole <= LARGEST_EXPONENT:
                return Power(base, whole)
            case Constant(value) if value == Fraction(1, 2):
                return Call("sqrt", (base,))
            case Negation(Constant(int(1))):
                return Quotient(ONE, base)
            case Negation(inner):
                return Quotient(ONE, self.raised(base, inner, start))
        raise self.error(
            f"an exponent is a whole number from 1 to {LARGEST_EXPONENT}, or 1/2; for others write exp(… ln(…))", start
        )

    def atom(self) -> Formula:
        """A number, a letter, a function of its arguments, or a formula in brackets."""
        if self.word.kind == "number":
            return self.number()
        if self.word.kind == "vulgar":
            return Constant(Fraction(numeric(self.take().text)).limit_denominator(10))
        if self.word.kind == "name":
            return Letter(self.take().text) if self.word.text in self.letters else self.call()
        if self.word.kind in BRACKETS:
            return self.enclosed()[0]
        raise self.error(f"found {self.found()} where a number, {', '.join(self.letters)} or a function was expected")

    def number(self) -> Formula:
        """A number, its digits as they are typed."""
        text = self.word.text
        if len(text) > MOST_DIGITS:
            raise self.error(f"found a number of {len(text)} digits, expected at most {MOST_DIGITS}")
        self.take()
        return Constant(Decimal(text) if "." in text else int(text))

    def call(self) -> Formula:
        """A function of its arguments."""
        name = self.take()
        if name.text not in NAMES:
            raise self.unknown(name)
        if self.word.kind not in BRACKETS:
            raise self.error(f'found {self.found()} where the "(" of {name.text} was expected')
        arguments = self.enclosed(many=True)
        if name.text == "exp":
            function, wanted = "exp", 1
        else:
            function, wanted = FUNCTIONS[name.text]
        if len(arguments) != wanted:
            given = "1 argument" if len(arguments) == 1 else f"{len(arguments)} arguments"
            raise self.error(f"found {given} of {name.text}, expected {wanted}", name)
        return Exponential(arguments[0]) if function == "exp" else Call(function, arguments)

    def unknown(self, name: Word) -> UnreadableError:
        """The error of a name that is neither a letter nor a function; a product may have been meant."""
        if all(letter in self.letters for letter in name.text):
            return UnreadableError(f'found "{name.text}"; a product is written {" ".join(name.text)}', name.at)
        known = (*self.letters, *NAMES)
        return UnreadableError(f'unknown name "{name.text}"', name.at, name.text, known)

    def enclosed(self, *, many: bool = False) -> tuple[Formula, ...]:
        """What stands in brackets: a formula, or several with commas between them."""
        closing = BRACKETS[self.take().kind]
        inside = [self.deeper(self.sum)]
        while many and self.word.kind == ",":
            self.take()
            inside.append(self.deeper(self.sum))
        if self.word.kind != closing:
            raise self.error(f'found {self.found()} where "{closing}" was expected')
        self.take()
        return tuple(inside)


def multiplied(factors: list[Formula]) -> Formula:
    """The product of the factors, or the factor itself where there is only one."""
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def quotient(above: Formula, below: Formula) -> Formula:
    """above / below; two whole numbers in lowest terms are one number, such as ½."""
    match above, below:
        case Constant(int(top)), Constant(int(bottom)) if bottom > 1 and gcd(top, bottom) == 1:
            return Constant(Fraction(top, bottom))
    return Quotient(above, below)
