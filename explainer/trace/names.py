"""Names: what a convention calls a quantity, on the page and typed."""

import re
import unicodedata
from collections.abc import Collection, Hashable, Iterator, Mapping
from itertools import accumulate
from operator import mul

from msgspec import Struct

from explainer.maths.numerals import Numeral
from explainer.maths.quantity import ALL, CORRECTED, FIXED_SIGNAL, OUTPUT, STATES, Index, Quantity, Role
from explainer.problem.convention import Convention
from explainer.problem.faults import Fault

ASCII = {
    **{
        chr(code): unicodedata.name(chr(code)).split()[-1].lower()
        for code in (*range(0x3B1, 0x3C2), *range(0x3C3, 0x3CA))
    },
    "λ": "lambda",
    "Δ": "d",
    "∂": "d",
    "\N{COMBINING CIRCUMFLEX ACCENT}": "hat",
    "\N{COMBINING TILDE}": "tilde",
    "\N{COMBINING MACRON}": "bar",
    "²": "2",
    "ℓ": "l",
    "′": "'",
    "−": "-",
    "∇": "grad",
    "‖": "|",
}
"""How a letter or sign of a name is typed plainly."""

NEW = "new"


class Symbol(Struct, frozen=True, gc=False):
    """A name as it is set: `base` with what stands below and above it, such as net, 4 and new.

    What stands below may be a name itself, such as w_35 at v.
    """

    base: str
    below: str = ""
    above: tuple[str, ...] = ()

    @property
    def typed(self) -> str:
        """The name in plain letters: delta_5, dw_14, w_14_new, z_1^(2)."""
        base = in_plain_letters(self.base)
        marks = "".join(f"_{mark}" if mark == NEW else f"^{mark}" for mark in self.above)
        return base + (f"_{self.below.replace('_', '')}" if self.below else "") + marks


class Applied(Symbol, frozen=True, gc=False, kw_only=True):
    """The name of a function's value at a point, such as σ(2); its base is the sign of the function."""

    argument: Numeral

    @property
    def typed(self) -> str:
        """The name in plain letters: sigma(2), tanh'(-1.5)."""
        point = self.argument.digits
        return f"{in_plain_letters(self.base)}({point:f})"


def in_plain_letters(base: str) -> str:
    """A base as it is typed: yhat for ŷ, dw for Δw."""
    spelled = "".join(ASCII.get(letter, letter) for letter in unicodedata.normalize("NFD", base))
    return unicodedata.normalize("NFC", spelled)


class Slope(Struct, frozen=True, gc=False):
    """A name that is a partial derivative: ∂E/∂w_5."""

    of: Symbol
    by: Symbol

    @property
    def typed(self) -> str:
        """The name in plain letters: dE/dw_5."""
        return f"d{self.of.typed}/d{self.by.typed}"


Name = Symbol | Slope

HAT, TILDE = "\N{COMBINING CIRCUMFLEX ACCENT}", "\N{COMBINING TILDE}"

CORRECTIONS: Mapping[Role, Role] = {"first_corrected": "first_moment", "second_corrected": "second_moment"}
"""What is corrected in each of these roles: it has the same letter, with a hat."""

NAMED = ("weight", "bias", "gradient", "change", "ahead")
"""The roles whose quantities may be called by a name of their own."""

OF_PARAMETER = (*STATES, *CORRECTED, "clipped")
"""The roles that have a letter with the parameter below it."""

PARTS_OF_LOSS = {"data_loss": "data", "penalty": "reg"}
"""What stands below the symbol of the loss where it is a part of it."""


OF_LOSS: Mapping[Role, Role] = {"gradient": "loss", "data_gradient": "data_loss"}
"""What each derivative by a parameter is one of."""

BY: Mapping[Role, Role] = {
    "by_scaled": "scaled",
    "by_normalized": "normalized",
    "by_variance": "variance",
    "by_mean": "mean",
}
"""What each derivative of the loss is one by."""


class Names:
    """The names that one convention gives to the quantities of a network of these sizes.

    It is a lens: called with a quantity, it gives the name that prints it. That of all units of a layer
    is called as one of them, without the index; the matrix of all weights has the capital letter.
    """

    def __init__(
        self,
        convention: Convention,
        sizes: tuple[int, ...],
        own: Mapping[Quantity, str] | None = None,
        last: Index | None = None,
        *,
        ahead: bool = False,
        measured: Quantity | None = None,
        of_several: frozenset[str] = frozenset(),
    ) -> None:
        self.convention = convention
        self.ahead = ahead
        """Whether gradients are taken where the velocities take the parameters: ∂E/∂w̃."""
        self.sizes = sizes
        self.own = own or {}
        """The names that parameters have been given, whatever the convention."""
        self.last: Index = len(sizes) - 1 if last is None else last
        """The output layer; where layers have letters, the letter of that one."""
        self.offsets = offsets(convention, sizes)
        self.weights_before = [0, *accumulate(map(mul, sizes, sizes[1:]), initial=0)]
        self.wide = (sum(sizes) if convention.nodes == "through" else max(sizes, default=0)) > 9
        self.names: dict[Quantity, Name] = {}
        self.measured = measured
        """What error signals are derivatives of, where that is not the loss of a single sample."""
        self.of_several = of_several
        """The signs of numbers that are set in several places, so that they take the number of the layer."""
        self.patterns = {role: Pattern.parsed(text) for role, text in convention.symbols.items()}
        self.output_patterns = {role: Pattern.parsed(text) for role, text in convention.output_symbols.items()}

    def __call__(self, quantity: Quantity) -> Name:
        """The name of a quantity."""
        found = self.names.get(quantity)
        if found is None:
            found = self.names[quantity] = self.new_name(quantity)
        return found

    def new_name(self, quantity: Quantity) -> Name:
        """The name of a quantity, made for the first time."""
        if quantity.role == "change":
            changed = self.symbol(quantity.parameter())
            return Symbol(f"Δ{changed.base}", changed.below, changed.above)
        if quantity.role == "setting":
            base, _, below = str(quantity.unit).partition("_")
            base = self.patterns["rate"].base if base == "η" else base
            return Symbol(base, str(quantity.layer) if base in self.of_several else below)
        if quantity.role in ("norm", "norm_square"):
            loss = self.symbol(Quantity("loss", self.last))
            return Symbol(f"‖∇{loss.base}‖", loss.below, ("2",) if quantity.role == "norm_square" else ())
        if quantity.role in OF_LOSS or self.convention.symbols.get(quantity.role, "").startswith("∂"):
            return self.slope(quantity)
        return self.symbol(quantity)

    def slope(self, quantity: Quantity) -> Slope:
        """The name of a derivative: of the loss of the sample, of all of them, or of their sum where one is named."""
        loss = self.measured or Quantity("loss", self.last, 0, 0, quantity.sample)
        if quantity.role in OF_LOSS:
            loss, by = Quantity(OF_LOSS[quantity.role], self.last), self.differentiated(quantity)
        else:
            role: Role = "net" if quantity.role == "delta" else BY[quantity.role]
            by = Quantity(role, quantity.layer, quantity.unit, 0, quantity.sample)
        return Slope(self.symbol(loss), self.symbol(by))

    def symbol(self, quantity: Quantity) -> Symbol:
        """The symbol of a quantity whose name is one."""
        if quantity.role == "ahead":
            found = self.symbol(quantity.parameter())
            return Symbol(found.base + TILDE, found.below, found.above)
        if name := self.own_name(quantity):
            base, _, below = name.partition("_")
            return Symbol(base, below, (NEW,) if quantity.iteration else ())
        if quantity.role in OF_PARAMETER:
            return self.of_parameter(quantity)
        if quantity.role in PARTS_OF_LOSS:
            return self.part_of_loss(quantity)
        patterns = self.output_patterns if quantity.layer in (self.last, OUTPUT) else {}
        pattern = patterns.get(quantity.role) or self.patterns[quantity.role]
        indices = {letter: self.index(letter, quantity) for letter in pattern.letters}
        symbol = pattern.filled(indices, wide=self.wide)
        if quantity.layer == OUTPUT and quantity.unit and not pattern.tells_unit:
            symbol = Symbol(symbol.base, f"{symbol.below}{quantity.unit}", symbol.above)
        if quantity.unit == ALL and (quantity.role == "weight" or quantity.sample == ALL):
            symbol = Symbol(self.capital(symbol.base), symbol.below, symbol.above)
        if quantity.sample:
            symbol = self.of_sample(symbol, str(quantity.sample))
        if not quantity.iteration:
            return symbol
        return Symbol(symbol.base, symbol.below, (*symbol.above, NEW))

    def capital(self, base: str) -> str:
        """The name of a matrix by that of its entries: a capital letter, where nothing else is called so."""
        return base if base.upper() in {pattern.base for pattern in self.patterns.values()} else base.upper()

    def differentiated(self, quantity: Quantity) -> Quantity:
        """What a gradient is the derivative by: the parameter, or where it is ahead."""
        return quantity.ahead() if self.ahead else quantity.parameter()

    def of_parameter(self, quantity: Quantity) -> Symbol:
        """The symbol of what is kept of a parameter: its letter, with the parameter below; a hat if it is corrected."""
        parameter = self.symbol(quantity.parameter())
        role = CORRECTIONS.get(quantity.role, quantity.role)
        base = self.patterns[role].base
        below = f"{parameter.base}_{parameter.below}" if parameter.below else parameter.base
        return Symbol(base if role == quantity.role else base + HAT, below, parameter.above)

    def part_of_loss(self, quantity: Quantity) -> Symbol:
        """The symbol of a part of the loss: that of the loss, with a word below."""
        whole = self.symbol(Quantity("loss", quantity.layer, 0, 0, 0, quantity.iteration))
        below = ",".join(filter(None, (whole.below, PARTS_OF_LOSS[quantity.role])))
        return Symbol(whole.base, below, whole.above)

    def index(self, letter: str, quantity: Quantity) -> str:
        """What stands for an index of a pattern: sending or receiving unit, layer, unit's name, running number."""
        layer, unit, source = quantity.layer, quantity.unit, quantity.source
        match letter:
            case "i":
                return self.node(self.layer_before(layer), source) if source else ""
            case "j":
                return self.node(layer, unit) if self.is_numbered(quantity) else ""
            case "l":
                return str(layer)
            case "u":
                return self.unit(layer, unit) if unit else ""
            case "n":
                return self.running_number(quantity)
        raise ValueError(f"not an index: {letter}")

    def is_numbered(self, quantity: Quantity) -> bool:
        """Whether a quantity's unit is told by its number; not that of a loss, nor of an output without an index."""
        if quantity.role in ("target", "output", "error") and self.is_bare(quantity.layer):
            return False
        return bool(quantity.unit) or quantity == FIXED_SIGNAL

    def is_bare(self, layer: Index) -> bool:
        """Whether the only unit of this layer goes without an index."""
        return layer == self.last and self.sizes[-1:] == (1,) and self.convention.single_output == "bare"

    def running_number(self, quantity: Quantity) -> str:
        """The number of a parameter among all of its kind: weights row by row, biases unit by unit."""
        layer, unit, source = quantity.layer, quantity.unit, quantity.source
        if (layer, unit) == (1, 1) and isinstance(source, str):  # any weight of the first unit
            return source
        if isinstance(layer, str) or isinstance(unit, str) or isinstance(source, str):
            return f"{source or ''}{self.unit(layer, unit)}"
        if source:
            return str(self.weights_before[layer] + (max(unit, 1) - 1) * self.sizes[layer - 1] + source)
        return str(sum(self.sizes[1:layer]) + unit)

    def of_sample(self, symbol: Symbol, sample: str) -> Symbol:
        """A symbol with the number of its sample below: o_12 for output 1 of sample 2, o_1,10 of sample 10."""
        comma = "," if symbol.below and len(symbol.below + sample) > 2 else ""
        return Symbol(symbol.base, symbol.below + comma + sample, symbol.above)

    @staticmethod
    def layer_before(layer: Index) -> Index:
        """The layer that sends to this one."""
        return layer - 1 if isinstance(layer, int) else layer

    def node(self, layer: Index, unit: Index) -> str:
        """The number of a unit, or the letter that stands for any."""
        if isinstance(unit, str) or isinstance(layer, str):
            return str(unit)
        return str(self.offsets[layer] + unit)

    def unit(self, layer: Index, unit: Index) -> str:
        """What a unit is called: its number, or by kind h2 or o1, and o where it is the only output."""
        node = self.node(layer, unit)
        if self.convention.nodes != "by-kind" or isinstance(layer, str):
            return node
        kind = "o" if layer == self.last else "h" if layer else ""
        return kind + ("" if self.is_bare(layer) else node)

    def own_name(self, quantity: Quantity) -> str | None:
        """The name of its own that a parameter has; its new value and its change are called after it."""
        if not self.own or quantity.role not in NAMED:
            return None
        return self.own.get(quantity.parameter().original())

    def kind(self, quantity: Quantity) -> Hashable:
        """What quantities have in common whose names begin alike."""
        return quantity.role, quantity.source == 0, quantity.layer == self.last, self.own_name(quantity)

    def typed(self, quantity: Quantity) -> str:
        """The name of a quantity in plain letters, as the command takes it."""
        return self(quantity).typed


class BatchNames(Names):
    """Names with the number of the sample raised, in brackets of another kind than those of a layer: o_6^(2)."""

    def of_sample(self, symbol: Symbol, sample: str) -> Symbol:
        """Such as h_1^(2), or a_1^(1)[2] where the layer is raised in brackets itself."""
        rounded = any("(" in pattern.above for pattern in self.patterns.values())
        return Symbol(symbol.base, symbol.below, (*symbol.above, f"[{sample}]" if rounded else f"({sample})"))


def offsets(convention: Convention, sizes: tuple[int, ...]) -> list[int]:
    """How many units are numbered before those of each layer; of the inputs, also where there are no sizes."""
    match convention.nodes:
        case "through":
            return [0, *accumulate(sizes)]
        case "by-layer":
            return [0, *(0 for _ in sizes)]
        case "by-kind":
            return [*(sum(sizes[1:layer]) for layer in range(len(sizes) - 1)), 0]


def clashes(names: Names, quantities: Collection[Quantity]) -> Iterator[Fault]:
    """Every name of its own that a parameter has and that another of the quantities is called by too.

    So too every symbol of a convention of one's own that is also that of a number which the training is set to.
    """
    if names.convention.is_own:
        yield from clashing_settings(names, quantities)
    others = {names.typed(quantity) for quantity in quantities if quantity not in names.own} if names.own else set()
    for parameter, name in names.own.items():
        if names.typed(parameter) in others:
            told = f'in the convention "{names.convention.name}" another quantity is called so; expected another name'
            yield Fault(f"network.parameters.{name}", told)


def clashing_settings(names: Names, quantities: Collection[Quantity]) -> Iterator[Fault]:
    """Every role of which a quantity is called as one of the numbers is that the training, or a layer, is set to."""
    settings = {names.typed(each): each for each in quantities if each.role == "setting"}
    for role in dict.fromkeys(each.role for each in quantities if each.role != "setting" and settings):
        called = {names.typed(each) for each in quantities if each.role == role}
        for name in sorted(called & settings.keys()):
            word = role.replace("_", " ")
            told = f"{word} and the number {settings[name].unit} of this training are both called {name}"
            place = f"{names.convention.name}: symbols.{role}"
            yield Fault("presentation.convention", f"{place}: {told}; expected another symbol for the {word}")


class Pattern(Struct, frozen=True):
    """How a role's symbol is made: a base, and what stands below and above it."""

    base: str
    below: tuple[str, ...]
    above: str
    letters: frozenset[str]
    """The indices that it has."""

    @classmethod
    def parsed(cls, text: str) -> "Pattern":
        """The pattern of a text such as "w_{i}{j}^({l})"."""
        stem, _, above = text.partition("^")
        base, _, below = stem.partition("_")
        parts = re.findall(r"\{(\w)\}|([^{}]+)", below)
        letters = frozenset(re.findall(r"\{(\w)\}", text))
        return cls(base, tuple(index or word for index, word in parts), above, letters)

    @property
    def tells_unit(self) -> bool:
        """Whether symbols of different units differ."""
        return not {"j", "u", "n"}.isdisjoint(self.below) or "{j}" in self.above

    def filled(self, indices: dict[str, str], *, wide: bool) -> Symbol:
        """The symbol for these indices; wide ones are set apart by commas."""
        below = [indices.get(part, part) for part in self.below]
        comma = wide and all(part.isdigit() for part in below)
        above = self.above.format(**indices)
        return Symbol(self.base, ("," if comma else "").join(below).strip(","), (above,) if above else ())
