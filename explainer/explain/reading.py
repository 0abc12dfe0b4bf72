"""What every section of a page draws on: a trace, the sentences of a language, and small pieces of mathematics."""

from collections.abc import Iterable

from msgspec import Struct

from explainer.explain.document import Block, Derivations, Inlines, Lens, Math, Paragraph, Relation, Section, Term, Text
from explainer.explain.prose import Prose, listed
from explainer.explain.working import Working
from explainer.maths.formula import Formula, Number, Signed, difference
from explainer.maths.functions import ACTIVATIONS
from explainer.maths.numerals import Numeral
from explainer.maths.quantity import Phase, Quantity
from explainer.problem.model import Layer
from explainer.trace.names import Symbol
from explainer.trace.trace import Step, Trace


class Reading(Struct, frozen=True):
    """A trace as it is read in one language."""

    trace: Trace
    prose: Prose
    working: Working

    def letters(self, *formulas: Formula) -> Math:
        """Formulas in letters, joined by equality signs."""
        return Math(
            tuple(Term("=" if index else "", formula, self.trace.names) for index, formula in enumerate(formulas))
        )

    def value(self, quantity: Quantity) -> Math:
        """symbol = value"""
        return self.chain(quantity, (quantity, self.trace.numeral))

    def chain(self, subject: Formula, *sides: tuple[Formula, Lens]) -> Math:
        """A formula in letters, and what it equals through other lenses."""
        terms = [Term("", subject, self.trace.names)]
        for formula, lens in sides:
            terms.append(Term(self.sign(formula), formula, lens))
        return Math(tuple(terms))

    def sign(self, formula: Formula) -> Relation:
        """The sign before a value: "=" unless the numeral is not all that is carried."""
        numeral = formula.numeral if isinstance(formula, Number) else None
        if isinstance(formula, Quantity):
            numeral = self.trace.numeral(formula)
        exact = numeral is None or numeral.exact
        return "=" if exact else self.trace.problem.presentation.rounding_sign

    def number(self, quantity: Quantity) -> Math:
        """The value alone."""
        return Math((Term("", quantity, self.trace.numeral),))

    def in_column(self, quantity: Quantity) -> Symbol | Numeral:
        """The lens of a table: values with their trailing zeros, so that a column lines up."""
        numeral = self.trace.numeral(quantity)
        phase = "update" if quantity.role in ("weight", "bias") else "check"
        rounding = self.trace.arithmetic.places(quantity.role, phase)
        return numeral.padded(rounding.places) if rounding.kind == "decimals" else numeral

    def gap(self, new: Formula, old: Formula, quantity: Quantity, phase: Phase, *, column: bool = False) -> Number:
        """new − old, worked out and rounded as the quantity is."""
        arithmetic = self.trace.arithmetic
        rounding = arithmetic.places(quantity.role, phase)
        value = arithmetic.settle(arithmetic.evaluate(difference(new, old), self.trace.value, phase), rounding)
        numeral = arithmetic.numeral(value, rounding)
        return Number(value, numeral.padded(rounding.places) if column and rounding.kind == "decimals" else numeral)

    def signed(self, number: Formula) -> Math:
        """A number with its sign, + included."""
        return Math((Term("", Signed(number), self.trace.numeral),))

    def listing(self, quantities: Iterable[Quantity], *, values: bool = True) -> Inlines:
        """x_1 = 1, x_2 = 0, x_3 = 1; a long list by its first and last items."""
        items = list(quantities)
        show = self.value if values else self.letters
        if len(items) <= self.trace.problem.presentation.longest_sum:
            return listed([(show(item),) for item in items])
        first = listed([(show(item),) for item in items[:3]])
        return self.prose("given.elided", first=first, last=show(items[-1]), count=len(items))

    def heading(self, key: str, level: int, blocks: Iterable[Block], **fillings: str | Inlines) -> Section:
        """A section under one of the headings of the language."""
        return Section(level, self.prose(f"headings.{key}", **fillings), tuple(blocks))

    def say(self, key: str, **fillings: str | int | Math | Inlines) -> Paragraph:
        """A paragraph of one sentence of the language."""
        return Paragraph(self.prose(key, **fillings))

    def together(self, steps: Iterable[Step]) -> Derivations:
        """The derivations of several steps, aligned."""
        return Derivations(tuple(map(self.working.derivation, steps)))

    def steps(self, phase: Phase, *roles: str, layer: int | None = None) -> list[Step]:
        """The steps of a phase, of certain roles and one layer where they are named."""
        return [
            step
            for step in self.trace.phases[phase]
            if (not roles or step.quantity.role in roles) and layer in (None, step.quantity.layer)
        ]

    def node(self, quantity: Quantity) -> str:
        """The number of the unit that a quantity belongs to."""
        return self.trace.names.node(quantity.layer, quantity.unit)

    def place(self, quantity: Quantity) -> Inlines:
        """The unit that a quantity belongs to, with its layer where numbers start anew in each."""
        node = self.node(quantity)
        if self.trace.names.convention.nodes == "through":
            return (Text(node),)
        return self.prose("given.node_of", node=node, layer=int(quantity.layer))

    def letter(self, letter: str) -> Math:
        """An index letter."""
        return Math((Term("", Quantity("net"), lambda _: Symbol(letter)),))

    def layer(self, index: int) -> Layer:
        """A layer of the network, from 1."""
        return self.trace.problem.network.layers[index - 1]

    def activation(self, index: int) -> str:
        """What the activation of a layer is called."""
        return ACTIVATIONS[self.layer(index).activation].label

    @property
    def last(self) -> int:
        """The output layer."""
        return len(self.trace.problem.network.layers)
