"""Names: what a convention calls a quantity, on the page and typed."""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from explainer.maths.quantity import Index, Quantity
from explainer.problem.convention import Convention
from explainer.problem.faults import Fault, fault, suggestion

ASCII = {"δ": "delta", "η": "eta", "α": "alpha", "Δ": "d"}
"""How a Greek letter of a name is typed plainly."""

SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


class Symbol(Struct, frozen=True, gc=False):
    """A name as it is set: `base` with what stands below and above, such as net, 4 and new."""

    base: str
    below: str = ""
    above: tuple[str, ...] = ()

    @property
    def typed(self) -> str:
        """The name in plain letters: delta_5, dw_14, w_14_new, z_1^(2)."""
        base = "".join(ASCII.get(letter, letter) for letter in self.base)
        marks = "".join(f"_{mark}" if mark == NEW else f"^{mark}" for mark in self.above)
        return base + (f"_{self.below}" if self.below else "") + marks


NEW = "new"

PARAMETERS = ("weight", "bias", "change")
"""The roles whose quantities may be called by a name of their own."""


class Names:
    """The names that one convention gives to the quantities of a network of these sizes.

    It is a lens: called with a quantity, it gives the symbol that prints it.
    """

    def __init__(
        self, convention: Convention, sizes: tuple[int, ...], own: Mapping[Quantity, str] | None = None
    ) -> None:
        self.convention = convention
        self.sizes = sizes
        self.own = own or {}
        """The names that parameters have been given, whatever the convention."""
        through = convention.nodes == "through"
        self.offsets = [sum(sizes[:layer]) if through else 0 for layer in range(len(sizes))]
        self.wide = (sum(sizes) if through else max(sizes, default=0)) > 9
        self.symbols: dict[Quantity, Symbol] = {}
        self.patterns = {role: Pattern.parsed(text) for role, text in convention.symbols.items()}

    def __call__(self, quantity: Quantity) -> Symbol:
        """The symbol of a quantity."""
        found = self.symbols.get(quantity)
        if found is None:
            found = self.symbols[quantity] = self.new_symbol(quantity)
        return found

    def new_symbol(self, quantity: Quantity) -> Symbol:
        """The symbol of a quantity, made for the first time."""
        if quantity.role == "change":
            changed = self(quantity.parameter())
            return Symbol(f"Δ{changed.base}", changed.below, changed.above)
        if name := self.own_name(quantity):
            base, _, below = name.partition("_")
            return Symbol(base, below, (NEW,) if quantity.iteration else ())
        pattern = self.patterns[quantity.role]
        sent = self.node(self.layer_before(quantity.layer), quantity.source) if quantity.source else ""
        received = self.node(quantity.layer, quantity.unit) if quantity.unit else ""
        symbol = pattern.filled({"i": sent, "j": received, "l": str(quantity.layer)}, wide=self.wide)
        if not quantity.iteration:
            return symbol
        return Symbol(symbol.base, symbol.below, (*symbol.above, NEW))

    @staticmethod
    def layer_before(layer: Index) -> Index:
        """The layer that sends to this one."""
        return layer - 1 if isinstance(layer, int) else layer

    def node(self, layer: Index, unit: Index) -> str:
        """The number of a unit, or the letter that stands for any."""
        if isinstance(unit, str) or isinstance(layer, str):
            return str(unit)
        return str(self.offsets[layer] + unit)

    def own_name(self, quantity: Quantity) -> str | None:
        """The name of its own that a parameter has; its new value and its change are called after it."""
        if not self.own or quantity.role not in PARAMETERS:
            return None
        return self.own.get(quantity.parameter().original())

    def kind(self, quantity: Quantity) -> Hashable:
        """What quantities have in common whose names begin alike."""
        return quantity.role, quantity.source == 0, self.own_name(quantity)

    def typed(self, quantity: Quantity) -> str:
        """The name of a quantity in plain letters, as the command takes it."""
        return self(quantity).typed


def clashes(names: Names, quantities: Iterable[Quantity]) -> Iterator[Fault]:
    """Every name of its own that a parameter has and that another of the quantities is called by too."""
    others = {names.typed(quantity) for quantity in quantities if quantity not in names.own} if names.own else set()
    for parameter, name in names.own.items():
        if names.typed(parameter) in others:
            told = f'in the convention "{names.convention.name}" another quantity is called so; expected another name'
            yield Fault(f"network.parameters.{name}", told)


class Pattern(Struct, frozen=True):
    """How a role's symbol is made: a base, and what stands below and above it."""

    base: str
    below: tuple[str, ...]
    above: str

    @classmethod
    def parsed(cls, text: str) -> "Pattern":
        """The pattern of a text such as "w_{i}{j}^({l})"."""
        stem, _, above = text.partition("^")
        base, _, below = stem.partition("_")
        parts = re.findall(r"\{(\w)\}|([^{},]+)", below)
        return cls(base, tuple(index or word for index, word in parts), above)

    def filled(self, indices: dict[str, str], *, wide: bool) -> Symbol:
        """The symbol for these indices; wide ones are set apart by commas."""
        below = [indices.get(part, part) for part in self.below]
        comma = wide and not any(part.isalpha() for part in below)
        above = self.above.format(**indices)
        return Symbol(self.base, ("," if comma else "").join(below), (above,) if above else ())


class Finder:
    """Finds quantities by name, however it is typed.

    A large network has many names, most of them of weights, so only those that begin as the name asked for are made.
    """

    def __init__(self, names: Names, quantities: Iterable[Quantity]) -> None:
        self.names = names
        self.quantities = quantities
        self.known: dict[str, dict[str, Quantity]] = {}

    @cached_property
    def kinds(self) -> dict[str, list[Quantity]]:
        """The quantities whose names begin alike: with delta, dw, w, …"""
        stems: dict[Hashable, str] = {}
        kinds: dict[str, list[Quantity]] = {}
        for quantity in self.quantities:
            key = self.names.kind(quantity)
            if key not in stems:
                stems[key] = stem(self.names.typed(quantity))
            kinds.setdefault(stems[key], []).append(quantity)
        return kinds

    def alike(self, name: str) -> dict[str, Quantity]:
        """The quantities that begin like a name, by their names in plain letters."""
        kind = stem(name)
        if kind not in self.known:
            self.known[kind] = {self.names.typed(quantity): quantity for quantity in self.kinds.get(kind, ())}
        return self.known[kind]

    def __call__(self, name: str) -> Quantity:
        """The quantity of this name, such as delta_5, δ_5, δ₅, Δw_14 or w_14^new.

        Raises:
            ProblemError: there is none; near names are given.
        """
        typed = plain(name)
        found = self.alike(typed).get(typed)
        if found is None:
            raise fault("", f'no quantity is called "{name}"{suggestion(typed, self.near(typed))}')
        return found

    def near(self, name: str) -> list[str]:
        """Names to suggest: the same one with its underscores, those of the same kind, else one of each kind."""
        bare = name.replace("_", "")
        kinds = [kind for kind in self.kinds if name.startswith(kind)]
        same = [typed for kind in kinds for typed in self.alike(kind) if typed.replace("_", "") == bare]
        if same:
            return same
        return list(self.alike(name))[:12] or [self.names.typed(first) for first, *_ in self.kinds.values()]


def stem(typed: str) -> str:
    """What a name begins with, before the indices: delta of delta_5."""
    return re.split(r"[_^]", typed, maxsplit=1)[0]


def plain(name: str) -> str:
    """A name as `Names.typed` writes it."""
    spelled = unicodedata.normalize("NFC", name).strip()
    for letter in "₀₁₂₃₄₅₆₇₈₉":
        at = spelled.find(letter)
        if at > 0 and spelled[at - 1] not in "₀₁₂₃₄₅₆₇₈₉_":
            spelled = f"{spelled[:at]}_{spelled[at:]}"
            break
    spelled = spelled.translate(SUBSCRIPTS)
    spelled = spelled.replace("{", "").replace("}", "").replace(" ", "").replace("\\", "")
    spelled = spelled.replace("ⁿᵉʷ", "_new").replace("^new", "_new")
    for letter, word in ASCII.items():
        spelled = spelled.replace(letter, word)
    return spelled.replace("Delta", "d")
