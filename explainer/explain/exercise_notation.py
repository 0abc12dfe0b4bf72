"""The notation of a small exercise: each symbol of its page, those alike by one with a letter."""

from collections.abc import Callable, Hashable, Iterator, Sequence

from msgspec.structs import replace

from explainer.explain.document import Inlines
from explainer.explain.notation import BIAS, definition
from explainer.explain.reading import Reading
from explainer.maths.formula import Constant, Formula, Letter, Sum, difference
from explainer.maths.quantity import FIXED_SIGNAL, Quantity, Role

Symbols = Callable[[Reading], Iterator[tuple[Formula, Inlines]]]
"""The symbols of a page, each with its meaning, in the order of the table."""

Key = Callable[[Reading, Quantity], str]
"""The key of the sentence that says what a symbol stands for."""

Called = Callable[[Reading, Quantity], bool]
"""Whether the page calls a quantity by its name."""

Alike = Callable[[Quantity], Hashable]
"""What quantities have in common that are told by one symbol."""


LOSS = Quantity("loss")


def alike(quantity: Quantity) -> Hashable:
    """The same role in the same layer, of samples or not, before the update or after it; the fixed signal is alone."""
    return quantity.role, quantity == FIXED_SIGNAL, quantity.layer, bool(quantity.sample), quantity.iteration


def key_of(reading: Reading, symbol: Quantity) -> str:
    """The usual key: that of the role, and of what the convention means by it."""
    convention = reading.trace.names.convention
    match symbol.role:
        case "input" if symbol == FIXED_SIGNAL:
            return "fixed_signal"
        case "bias":
            return BIAS.get(convention.bias, "bias")
        case "net" if is_given(reading, "net"):
            return "network_net"
        case "net" if convention.bias == "subtracted" and is_given(reading, "bias"):
            return "net_threshold"
        case "delta" if not reading.laws.delta_named:
            return "slope"
        case "delta":
            return (BESIDE_LOSS if is_given(reading, "target") else ALONE)[convention.delta]
        case "weight" if symbol.iteration:
            return "after"
    return symbol.role


BESIDE_LOSS = {"downhill": "delta_downhill", "uphill": "delta_uphill"}
ALONE = {"downhill": "alone_downhill", "uphill": "alone_uphill"}
"""What δ stands for, on a page that states the loss, and on one that does not."""


def is_given(reading: Reading, role: Role) -> bool:
    """Whether anything of this role is given."""
    return any(quantity.role == role for quantity in reading.trace.given)


def everything(_reading: Reading, _quantity: Quantity) -> bool:
    """That the page calls a quantity by its name."""
    return True


def symbols(key: Key = key_of, alike: Alike = alike, unit: str = "", calls: Called = everything) -> Symbols:
    """The symbols of what is given and worked out and that the page `calls` by their names.

    `unit` is the key of what its only unit is called.
    """

    def found(reading: Reading) -> Iterator[tuple[Formula, Inlines]]:
        """Each of them with its meaning, by its role."""
        groups: dict[Hashable, list[Quantity]] = {}
        for quantity in (each for each in named(reading) if calls(reading, each)):
            groups.setdefault(alike(quantity), []).append(quantity)
        for symbol in map(general, groups.values()):
            yield symbol, reading.prose(f"notation.{key(reading, symbol)}", **fillings(reading, symbol, unit))

    return found


def named(reading: Reading) -> Iterator[Quantity]:
    """Every quantity that the page calls by its name, in the order in which they come."""
    trace = reading.trace
    yield from trace.given
    yield from (step.quantity for step in trace if step.phase == "forward")
    if any(step.equation.law in OF_OUTPUTS for step in trace):
        yield LOSS
    for step in trace:
        is_change = step.quantity.role == "change"
        if step.phase != "forward" and not (is_change and trace.names.convention.update != "by-change"):
            yield step.quantity


OF_OUTPUTS = ("output_delta", "matched_delta", "layer_delta")
"""The laws by which δ comes from a loss, which the page then states."""


def general(members: Sequence[Quantity]) -> Quantity:
    """One symbol for all of them, with a letter in place of every number in which they differ."""
    first = members[0]
    letters = {"unit": "i" if first.role == "input" else "k", "source": "i", "sample": "n"}
    differing = {index: letter for index, letter in letters.items() if len({getattr(it, index) for it in members}) > 1}
    if len({each.iteration for each in members}) > 1:
        differing["sample"] = letters["sample"]
    return replace(first, **differing, iteration=first.iteration)


def fillings(reading: Reading, symbol: Quantity, unit: str) -> dict[str, Inlines]:
    """How the meaning of a symbol speaks of its unit, of the unit that sends to it, and of its sample."""
    names = reading.trace.names
    letter = (reading.letter(names.node(symbol.layer, symbol.unit)),)
    net = Quantity("net", symbol.layer, symbol.unit)
    own = reading.prose(f"notation.{unit}") if unit else place(reading, symbol)
    is_output = symbol.layer == names.last and not unit
    return {
        "i": letter if symbol.role == "input" else (reading.letter(names.node(symbol.layer, symbol.source)),),
        "k": letter,
        "n": (reading.letter(str(symbol.sample)),),
        "unit": own,
        "output_unit": reading.prose("notation.output_unit", k=letter) if is_output else own,
        "loss": (reading.letters(LOSS),),
        "net": (reading.letters(net),),
        "definition": (definition(reading, LOSS, net),),
    }


def place(reading: Reading, symbol: Quantity) -> Inlines:
    """Which unit a symbol belongs to: unit j, or unit j of layer l; the output layer goes without saying."""
    names = reading.trace.names
    letter = (reading.letter(names.node(symbol.layer, symbol.unit)),)
    if names.convention.nodes == "by-layer" and symbol.layer != names.last:
        return reading.prose("notation.unit_of_layer", j=letter, l=(reading.letters(layer(str(symbol.layer))),))
    return reading.prose("notation.unit", j=letter)


def layer(letter: str) -> Formula:
    """The letter of a layer, or what is added to it: l, l + 1, l − 1, or its number."""
    any_layer, sign, one = Letter(letter[:1]), letter[1:2], Constant(1)
    return {"+": Sum((any_layer, one)), "−": difference(any_layer, one)}.get(sign, any_layer)
