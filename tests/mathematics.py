"""Mathematics as it is printed, parsed into small trees; what cannot be parsed is an error."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from functools import lru_cache

# -- trees ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Num:
    """A printed number: its value, one unit of its last digit, and whether it is written as a whole number."""

    value: Decimal
    unit: Decimal
    whole: bool


@dataclass(frozen=True)
class Sym:
    """A name."""

    name: str


@dataclass(frozen=True)
class Neg:
    """−inner"""

    inner: "Node"


@dataclass(frozen=True)
class Sum:
    """terms, the signs being inside them"""

    terms: tuple["Node", ...]


@dataclass(frozen=True)
class Product:
    """factors"""

    factors: tuple["Node", ...]


@dataclass(frozen=True)
class Quotient:
    """top / bottom"""

    top: "Node"
    bottom: "Node"


@dataclass(frozen=True)
class Power:
    """base ** exponent"""

    base: "Node"
    exponent: int | Fraction


@dataclass(frozen=True)
class Exp:
    """e ** exponent"""

    exponent: "Node"


@dataclass(frozen=True)
class Call:
    """name(arguments)"""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True)
class Dots:
    """Terms that were left out."""

    count: int


@dataclass(frozen=True)
class Law:
    """A part of a general law that has no number: a sum over an index, a partial derivative."""

    text: str


Node = Num | Sym | Neg | Sum | Product | Quotient | Power | Exp | Call | Dots | Law


def children(node: Node) -> tuple[Node, ...]:
    """What is directly inside a node."""
    match node:
        case Sum(parts) | Product(parts) | Call(_, parts):
            return parts
        case Neg(inner) | Power(inner, _) | Exp(inner):
            return (inner,)
        case Quotient(top, bottom):
            return (top, bottom)
    return ()


def with_children(node: Node, parts: tuple[Node, ...]) -> Node:
    """The same node around other parts."""
    match node:
        case Sum():
            return Sum(parts)
        case Product():
            return Product(parts)
        case Call(name, _):
            return Call(name, parts)
        case Neg():
            return negated(parts[0])
        case Power(_, exponent):
            return Power(parts[0], exponent)
        case Exp():
            return Exp(parts[0])
        case Quotient():
            return Quotient(*parts)
    return node


def leaves(node: Node) -> Iterator[Node]:
    """The numbers, names, dots and laws of a tree, in reading order."""
    inside = children(node)
    if not inside and not isinstance(node, Call):  # a call without arguments is a constant such as √(2π)
        yield node
    for part in inside:
        yield from leaves(part)


def negated(node: Node) -> Node:
    """−node; a number takes the sign itself."""
    return Num(node.value.copy_negate(), node.unit, node.whole) if isinstance(node, Num) else Neg(node)


# -- words ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Token:
    """One word of a formula."""

    kind: str
    text: str
    node: Node | None = None


class UnreadableError(ValueError):
    """A formula that has no single reading."""


WIDE = Context(prec=60, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Holds any power of ten that a page can print."""


def number(digits: str, power: str | None) -> Num:
    """The number of printed digits and a power of ten."""
    _, point, behind = digits.partition(".")
    exponent = int((power or "0").replace("−", "-"))
    value, last = WIDE.scaleb(Decimal(digits), exponent), WIDE.scaleb(Decimal(1), exponent - len(behind))
    return Num(value, last, not point and power is None)


def vulgar_fraction(sign: str) -> Quotient:
    """The fraction that one sign such as ½ stands for."""
    value = Fraction(unicodedata.numeric(sign)).limit_denominator(10)
    return Quotient(number(str(value.numerator), None), number(str(value.denominator), None))


INSIDE = r"\{(?:[^{}]|\{[^{}]*\})*\}"

LATEX_SYMBOL = r"""(?:\\lVert\s\\nabla\s(?:\\mathrm\{\w+\}|[A-Z])\s\\rVert(?:\^\{2\})?|
    (?:\\Delta(?:\s(?!\\cdot|\\times))?)?(?:\\mathrm\{\w+\}|(?:\\bar\{\\sigma\}|\\sigma)\^2(?:\{\})?|\\(?:hat|tilde|bar)\{[^{}]+\}
        |\\(?:delta|eta|alpha|theta|lambda|psi|mu|beta|rho|epsilon|gamma|kappa|tau|xi|varepsilon|ell)(?![a-zA-Z])|(?<=\\Delta)(?![A-Za-z])|[A-Za-z])
    (?:_(?:INSIDE|\w))?(?:\^(?=\{(?:[(\[]|\\mathrm))INSIDE)?)"""
TEXT_SYMBOL = r"""(?:‖∇[A-Za-z]+‖²?|(?:σ\u0304?²|(?:[A-Za-zδηαθλψΔŷμβρεγκτξℓẑõãỹ][\u0302\u0303\u0304]?)+)
    (?:[₀-₉ᵢⱼₖₗₕₘₙₒₚ]+(?:,[₀-₉]+)*|_\w+(?:,\w+)*)?
    (?:(?:⁽[⁰¹²³⁴⁵⁶⁷⁸⁹ˡᴺ⁺⁻ᵖˢ]+⁾|\^\[(?:[\dlN]+(?:[+−]1)?|s|p)\])+(?:[ ](?=ⁿᵉʷ))?)?(?:ⁿᵉʷ)?)"""

LATEX_WORDS = re.compile(
    r"""
      (?P<space>\s+|\\text\{\s\}\s|\\displaystyle\s|\\(?:left|right)(?=[()\[\]]|\s?\\[lr]brace))
    | (?P<dots>\\cdots\s\\text\{\s\((?P<count>\d+)\smore\)\s\}\s\\cdots)
    | (?P<ten>10\^\{(?P<exponent>-?\d+)\})
    | (?P<number>(?P<digits>\d+(?:\.\d+)?)(?:\s\\times\s10\^\{(?P<power>-?\d+)\})?)
    | (?P<times>\\times(?![a-zA-Z])|\\cdot(?![a-zA-Z]))
    | (?P<slope>\\frac\{\\partial\sSYMBOL\}\{\\partial\sSYMBOL\})
    | (?P<fraction>\\t?frac)
    | (?P<sum>\\sum(?:_(?:\w|\{\w\s\\ne\s\w\})|(?![_a-z])))
    | (?P<partial>\\partial\s)
    | (?P<abs>\\lvert)
    | (?P<brace>\\lbrace)
    | (?P<endbrace>\\rbrace)
    | (?P<endabs>\\rvert)
    | (?P<constant>\\sqrt\{2(?:/?\\pi)\})
    | (?P<pi>\\pi(?![a-zA-Z]))
    | (?P<root>\\sqrt)
    | (?P<function>(?:\\sigma|\\mathrm\{(?P<word>L?ReLU|G?ELU|SiLU|softplus|sign|step|swish|th)\}
        |\\(?P<name>tanh|cos|max|min|ln|Phi|varphi)|(?P<letter>[Huf]))
        (?P<prime>'?)(?=(?:\\left)?\(|(?<=\\ln)\s[a-z\\]))
    | (?P<e>e(?=\^))
    | (?P<symbol>SYMBOL)
    | (?P<transposed>\^\{\\top\})
    | (?P<stroke>')
    | (?P<punctuation>[-+^/(){}\[\],])
    """.replace("SYMBOL", LATEX_SYMBOL).replace("INSIDE", INSIDE),
    re.VERBOSE,
)

TEXT_WORDS = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<dots>…\s\((?P<count>\d+)\smore\)\s…)
    | (?P<ten>10(?P<exponent>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻−]+))
    | (?P<number>(?P<digits>\d+(?:\.\d+)?)(?:·10(?P<power>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻−]+))?)
    | (?P<vulgar>[½⅓⅔¼¾⅕⅖⅗⅘])
    | (?P<times>[×·])
    | (?P<bar>\|)
    | (?P<constant>√\(2/?π\))
    | (?P<pi>π)
    | (?P<root>√)
    | (?P<function>(?P<name>σ|tanh|cos|L?ReLU|G?ELU|SiLU|softplus|sign|step|swish|th|Φ|φ|H|u|f|max|min|ln)
        (?P<prime>′?)(?=\(|(?<=ln)\s[a-zŷ]))
    | (?P<e>e(?=\^))
    | (?P<slope>∂SYMBOL/∂SYMBOL)
    | (?P<sum>Σ[ᵢₖₛ])
    | (?P<symbol>SYMBOL)
    | (?P<square>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
    | (?P<any>[ⁿᵏ])
    | (?P<stroke>′)
    | (?P<punctuation>[−+^/(){}\[\],])
    """.replace("SYMBOL", TEXT_SYMBOL),
    re.VERBOSE,
)

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")


def words(formula: str, pattern: re.Pattern[str]) -> Iterator[Token]:
    """The words of a formula."""
    at = 0
    while at < len(formula):
        match = pattern.match(formula, at)
        if match is None:
            raise UnreadableError(f"{formula!r}: nothing known begins at {formula[at:]!r}")
        token = word(match)
        if token.kind != "space":
            yield token
        at = match.end()


GREEK = {"Phi": "Φ", "varphi": "φ"}


def word(match: re.Match[str]) -> Token:
    """The token of a match."""
    groups = match.groupdict()
    kind = next(kind for kind, text in groups.items() if text is not None)
    if kind == "number":
        power = groups["power"]
        return Token("number", match[0], number(groups["digits"], power.translate(RAISED) if power else None))
    if kind == "ten":
        return Token("number", match[0], number("1", groups["exponent"].translate(RAISED)))
    if kind == "vulgar":
        return Token("vulgar", match[0], vulgar_fraction(match[0]))
    if kind == "function":
        name = groups.get("word") or groups.get("letter") or groups["name"] or "σ"
        return Token("function", GREEK.get(name, name) + ("'" if groups["prime"] else ""))
    if kind == "dots":
        return Token("dots", match[0], Dots(int(groups["count"])))
    if kind == "slope":
        return Token("symbol", match[0])
    if kind == "punctuation":
        return Token(match[0].replace("−", "-"), match[0])
    return Token(kind, match[0])


# -- grammar ----------------------------------------------------------------------------------------

CLOSING = {"(": ")", "[": "]", "{": "}", "abs": "endabs", "bar": "bar", "brace": "endbrace"}
STARTS_FACTOR = {
    "number",
    "vulgar",
    "fraction",
    "sum",
    "partial",
    "abs",
    "bar",
    "function",
    "constant",
    "pi",
    "root",
    "e",
    "symbol",
    "(",
    "[",
    "{",
    "brace",
}


class Parser:
    """Recursive descent over the words of one formula: sum, product, fraction bar, power, atom."""

    def __init__(self, formula: str, pattern: re.Pattern[str]) -> None:
        self.formula = formula
        self.tokens = [*words(formula, pattern), Token("end", "")]
        self.at = 0
        self.bars = 0

    @property
    def kind(self) -> str:
        """The kind of the next word."""
        return self.tokens[self.at].kind

    def take(self, kind: str) -> Token:
        """The next word, which must be of this kind."""
        if self.kind != kind:
            raise UnreadableError(f"{self.formula!r}: expected {kind}, found {self.tokens[self.at].text!r}")
        self.at += 1
        return self.tokens[self.at - 1]

    def whole(self) -> Node:
        """The formula, and nothing after it."""
        node = self.sum()
        self.take("end")
        return node

    def sum(self) -> Node:
        """Terms joined by + and −; only the first may have a sign of its own."""
        terms = []
        sign = self.take(self.kind).kind if self.kind in ("+", "-") else "+"
        while True:
            node = Dots(0) if self.kind == "dots" else self.product()
            if isinstance(node, Dots):
                node = self.take("dots").node or node
            terms.append(negated(node) if sign == "-" else node)
            if self.kind not in ("+", "-"):
                return terms[0] if len(terms) == 1 else Sum(tuple(terms))
            sign = self.take(self.kind).kind

    def product(self) -> Node:
        """Factors with × or · between them, or side by side; two bare numbers side by side are no product."""
        factors = [self.ratio()]
        while self.kind == "times" or (self.kind in STARTS_FACTOR and not (self.kind == "bar" and self.bars)):
            if self.kind == "times":
                self.take("times")
            elif self.kind in ("number", "vulgar"):
                raise UnreadableError(f"{self.formula!r}: a number stands right after a factor")
            factors.append(self.ratio())
        return factors[0] if len(factors) == 1 else Product(tuple(factors))

    def ratio(self) -> Node:
        """a/b, as plain text writes a fraction."""
        top = self.power()
        if self.kind != "/":
            return top
        self.take("/")
        return Quotient(top, self.power())

    def power(self) -> Node:
        """An atom, and what it is raised to."""
        if self.kind == "e":
            self.take("e")
            self.take("^")
            return Exp(self.exponent())
        base = self.atom()
        if self.kind == "square":
            return Power(base, int(self.take("square").text.translate(RAISED)))
        if self.kind in ("transposed", "stroke", "any"):  # still to be differentiated: (1 + e^−z)′; any power: βⁿ
            return Law(f"{base}{self.take(self.kind).text}")
        if self.kind != "^":
            return base
        self.take("^")
        exponent = self.exponent()
        if exponent in (Sym("n"), Sym("k")):
            return Law(f"{base}^{exponent.name}")
        if isinstance(exponent, Num) and exponent.whole:
            return Power(base, int(exponent.value))
        match exponent:
            case Neg(Quotient(Num() as top, Num() as bottom)) if top.whole and bottom.whole:
                return Power(base, -Fraction(int(top.value), int(bottom.value)))
        raise UnreadableError(f"{self.formula!r}: neither a whole exponent nor a fraction below 0")

    def exponent(self) -> Node:
        """What stands above."""
        return self.enclosed("{") if self.kind == "{" else self.atom()

    def enclosed(self, opening: str) -> Node:
        """A formula between brackets, braces or bars."""
        self.take(opening)
        node = self.sum()
        self.take(CLOSING[opening])
        return node

    def atom(self) -> Node:
        """A number, a name, a fraction, a call, or something in brackets."""
        rules: dict[str, Callable[[], Node]] = {
            "number": self.number,
            "vulgar": self.vulgar,
            "symbol": lambda: Sym(self.take("symbol").text),
            "fraction": self.fraction,
            "function": self.call,
            "constant": lambda: Call("√(2/π)" if "/" in self.take("constant").text else "√(2π)", ()),
            "pi": self.pi,
            "root": self.root,
            "abs": lambda: Call("abs", (self.enclosed("abs"),)),
            "bar": self.bar,
            "(": lambda: self.enclosed("("),
            "[": lambda: self.enclosed("["),
            "{": lambda: self.enclosed("{"),
            "brace": lambda: self.enclosed("brace"),
            "sum": self.law,
            "partial": self.law,
        }
        if self.kind not in rules:
            raise UnreadableError(f"{self.formula!r}: no formula begins with {self.tokens[self.at].text!r}")
        return rules[self.kind]()

    def number(self) -> Node:
        """A number."""
        node = self.take("number").node
        assert isinstance(node, Num)
        return node

    def vulgar(self) -> Node:
        """½"""
        node = self.take("vulgar").node
        assert isinstance(node, Quotient)
        return node

    def fraction(self) -> Node:
        """A fraction with a bar."""
        self.take("fraction")
        return Quotient(self.enclosed("{"), self.enclosed("{"))

    def call(self) -> Node:
        """A function and its arguments."""
        name = self.take("function").text
        if self.kind == "symbol":
            return Call(name, (Sym(self.take("symbol").text),))
        self.take("(")
        arguments = [self.sum()]
        while self.kind == ",":
            self.take(",")
            arguments.append(self.sum())
        self.take(")")
        return Call(name, tuple(arguments))

    def pi(self) -> Node:
        """π"""
        self.take("pi")
        return Call("π", ())

    def root(self) -> Node:
        """√ of what is in braces or brackets, or of a single number or name"""
        self.take("root")
        return Call("√", (self.enclosed(self.kind) if self.kind in ("{", "(") else self.atom(),))

    def bar(self) -> Node:
        """|inner|, in plain text"""
        self.bars += 1
        node = self.enclosed("bar")
        self.bars -= 1
        return Call("abs", (node,))

    def law(self) -> Node:
        """A sum over an index, or a partial derivative: read over, it has no number."""
        text = self.take(self.kind).text
        return Law(f"{text}{self.ratio()}")


@lru_cache(maxsize=200_000)
def parsed(formula: str, markup: str = "latex") -> Node:
    """The tree of a formula; an UnreadableError where it has none, or more than one."""
    return Parser(formula, TEXT_WORDS if markup == "text" else LATEX_WORDS).whole()
