"""Prose: the sentences of a language, filled in with words and mathematics."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from explainer.explain.document import Inline, Inlines, Math, Text
from explainer.resources import TEMPLATES

Filling = str | int | Math | Inlines


class Sections(dict[str, dict[str, str]]):
    """The sentences of each section of a file, which is read when it is first asked for: no page needs them all."""

    def __init__(self, text: str) -> None:
        super().__init__()
        pieces = re.split(r"^\[(\w+)\]\n", text, flags=re.MULTILINE)
        self.unread = dict(zip(pieces[1::2], pieces[2::2], strict=True))

    def __missing__(self, section: str) -> dict[str, str]:
        found = self[section] = tomllib.loads(self.unread[section])
        return found


class Prose(Struct, frozen=True):
    """The sentences of one language, by section and key; `standing` fillings need not be given each time."""

    language: str
    sentences: Sections
    standing: Mapping[str, Inlines] = {}

    def __call__(self, key: str, **fillings: Filling) -> Inlines:
        """The sentence "section.key" with its {names} filled in."""
        pieces: list[Inline] = []
        for piece in pieces_of(self.text(key)):
            if isinstance(piece, str):
                pieces.extend(inlines(fillings[piece]) if piece in fillings else self.standing[piece])
            else:
                pieces.append(piece)
        return merged(pieces)

    def text(self, key: str) -> str:
        """The sentence as it stands in the file."""
        section, _, name = key.partition(".")
        return self.sentences[section][name]

    def counted(self, one: str, many: str, count: int, **fillings: Filling) -> Inlines:
        """The sentence for one, or the sentence for so many."""
        return self(one, **fillings) if count == 1 else self(many, count=count, **fillings)

    def every(self, count: int) -> Inlines:
        """All of so many: "both", "all 3"."""
        return self("words.both") if count == 2 else self("words.all_of", count=count)

    def enumerated(self, items: list[Inlines]) -> Inlines:
        """The items in a sentence: "a", "a and b", "a, b and c"."""
        if len(items) < 2:
            return listed(items)
        return listed([listed(items[:-1]), items[-1]], f" {self.text('words.and')} ")


@cache
def pieces_of(sentence: str) -> list[Text | str]:
    """A sentence as its words and the names of what is to be filled in between them."""
    split = re.split(r"\{(\w+)\}", sentence)
    return [piece if place % 2 else Text(piece) for place, piece in enumerate(split) if piece]


def inlines(filling: Filling) -> Inlines:
    """A filling as inlines."""
    if type(filling) is Math:
        return (filling,)
    if isinstance(filling, tuple):
        return filling
    return (Text(str(filling)),)


def merged(pieces: list[Inline]) -> Inlines:
    """The pieces with neighboring texts joined."""
    joined: list[Inline] = []
    for piece in pieces:
        if type(piece) is Text and joined and type(joined[-1]) is Text:
            joined[-1] = Text(joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return tuple(joined)


def listed(items: list[Inlines], separator: str = ", ") -> Inlines:
    """The items one after the other, separated."""
    pieces: list[Inline] = []
    for index, item in enumerate(items):
        if index:
            pieces.append(Text(separator))
        pieces.extend(item)
    return merged(pieces)


@cache
def prose(language: str) -> Prose:
    """The prose of a language."""
    path = TEMPLATES / "prose" / f"{language}.toml"
    return Prose(language, Sections(path.read_text(encoding="utf-8")))
