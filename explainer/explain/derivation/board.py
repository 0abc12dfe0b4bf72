"""What every section of a derivation is written with: chains with their rules, letters, and sentences."""

from collections.abc import Iterable

from msgspec import Struct

from explainer.explain.document import Block, Derivation, Inlines, Math, Paragraph, Section, Term, Text
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.maths.chain import Chain, Line, last
from explainer.maths.formula import Comparison, Formula, Letter
from explainer.trace.principles.setting import Setting, Units
from explainer.trace.principles.whole import ALL, Part


class Board(Struct, frozen=True):
    """A derivation as it is written on the board, in these parts; `level` is that of its headings."""

    reading: Reading
    own: Setting
    level: int
    parts: tuple[Part, ...] = ALL

    def say(self, key: str, **fillings: str | int | Math | Inlines) -> Paragraph:
        """A paragraph of one sentence."""
        return self.reading.say(f"derivation.{key}", **fillings)

    def told(self, key: str, **fillings: str | int | Math | Inlines) -> Inlines:
        """A sentence."""
        return self.reading.prose(f"derivation.{key}", **fillings)

    def letters(self, *formulas: Formula) -> Math:
        """Formulas in letters, joined by equality signs."""
        return self.reading.letters(*formulas)

    def letter(self, letter: str) -> Math:
        """A letter by itself."""
        return self.letters(Letter(letter))

    def heading(self, key: str, blocks: Iterable[Block], deeper: int = 0) -> Section:
        """A section of the derivation."""
        return self.reading.heading(key, self.level + deeper, blocks)

    def chain(self, lines: Chain) -> Derivation:
        """A chain with the rule of each line beside it."""
        return Derivation(tuple(map(self.term, lines)))

    def term(self, line: Line) -> Term:
        """One side of a chain, and the name of its rule."""
        about = dict(zip(("first", "second", "third"), map(self.letters, line.about), strict=False))
        prose, equation = self.reading.prose, self.letters(*line.about)
        rules = [prose(f"rules.{rule}", **about, equation=equation) for rule in (line.rule, *line.also) if rule]
        return Term("=", line.formula, self.reading.trace.names, prose.enumerated(rules))

    def result(self, key: str, lines: Chain, **fillings: Inlines) -> Paragraph:
        """What a chain has shown, in a sentence."""
        return self.say(key, result=self.letters(lines[0].formula, last(lines)), **fillings)

    def condition(self, condition: Comparison) -> Math:
        """What a case assumes."""
        names = self.reading.trace.names
        return Math((Term("", condition.left, names), Term(condition.sign, condition.right, names)))

    def where(self, units: Units) -> Inlines:
        """The hidden layers that some units make up, where any is named: hidden layers 1 and 3."""
        numbers: list[Inlines] = [(Text(str(layer)),) for layer in units.layers]
        key = "one_layer" if len(numbers) == 1 else "some_layers"
        return self.told(key, layers=self.reading.prose.enumerated(numbers))

    def kind(self, units: Units) -> Inlines:
        """What a hidden unit is called: a hidden unit, or a unit of certain hidden layers."""
        return self.told("unit_of", layers=self.where(units)) if units.layers else self.told("hidden_unit")


def joined(sentences: Iterable[Inlines]) -> Paragraph:
    """A paragraph of several sentences."""
    return Paragraph(listed(list(sentences), " "))
