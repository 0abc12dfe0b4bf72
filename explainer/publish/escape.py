"""Escaping: words as each markup needs them, so that no text can break or inject any."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

MARKDOWN = {
    **{letter: f"\\{letter}" for letter in "\\`*_[]{}^#|~"},
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    "$": "<span>&#36;</span>",
    "@": "&#64;",
}

LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ᵢⱼₖₕₗₘₙₒₚᵣₛ", "0123456789+-()ijkhlmnoprs", strict=True))
RAISED = dict(zip("⁰⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿᵉʷˡᵖˢ", "0456789+-()newlps", strict=True))

LATEX = {
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
    **{letter: rf"\textsubscript{{{plain}}}" for letter, plain in LOWERED.items()},
    **{letter: rf"\textsuperscript{{{plain}}}" for letter, plain in RAISED.items()},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "–": r"\textendash{}",
    "—": r"\textemdash{}",
    "…": r"\ldots{}",
    "’": "'",
    "“": r"\textquotedblleft{}",
    "”": r"\textquotedblright{}",
    "×": r"$\times$",
    "±": r"$\pm$",
    "½": r"$\frac{1}{2}$",
    "·": r"$\cdot$",
    "−": "$-$",
    "≈": r"$\approx$",
    "→": r"$\to$",
    "′": "$'$",
    "⊙": r"$\odot$",
    "\u00a0": "~",
    "α": r"$\alpha$",
    "δ": r"$\delta$",
    "Δ": r"$\Delta$",
    "η": r"$\eta$",
    "θ": r"$\theta$",
    "λ": r"$\lambda$",
    "σ": r"$\sigma$",
    "Σ": r"$\Sigma$",
    "π": r"$\pi$",
}

LATIN = range(0xA1, 0x180)
"""Letters that every LaTeX sets as they are."""


class Letters(dict[int, str]):
    """A table for `str.translate`, which asks it for each letter; `other` writes those it does not have."""

    def __init__(self, table: Mapping[str, str], other: Callable[[str], str]) -> None:
        super().__init__({ord(letter): written for letter, written in table.items()})
        self.other = other

    def __missing__(self, code: int) -> str:
        written = self[code] = self.other(chr(code))
        return written


def visible(text: str) -> str:
    """The text on one line: control characters out, any white space a single space."""
    if text.isprintable():
        return text
    return re.sub(" +", " ", text.translate(VISIBLE))


def visible_letter(letter: str) -> str:
    """A letter that can be seen, or a space."""
    return " " if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") else letter


def latex_letter(letter: str) -> str:
    """A letter in LaTeX; one that not every LaTeX can set goes through a macro of the page."""
    if letter.isascii() or ord(letter) in LATIN:
        return letter
    return rf'\explainerchar{{"{ord(letter):X}}}'


VISIBLE = Letters({}, visible_letter)
AS_MARKDOWN = Letters(MARKDOWN, lambda letter: letter)
AS_LATEX = Letters(LATEX, latex_letter)


GREEK = re.compile(r"(?<!\w)[αδΔηθλσ](?!\w)")
"""A Greek letter that stands alone: a word of mathematics, and not every way from Markdown to paper has it as text."""

KEPT = 1024
"""So many pieces of text are kept at hand: a page repeats most of its words, the comma of a list above all."""


@lru_cache(KEPT)
def markdown(text: str) -> str:
    """Words in Markdown."""
    escaped = visible(text).translate(AS_MARKDOWN)
    escaped = re.sub(r"\b(www)\.", r"\1&#46;", re.sub(r":(?=\S)", "&#58;", escaped))  # no links, no emoji
    return GREEK.sub(lambda letter: LATEX[letter.group()], escaped)


@lru_cache(KEPT)
def latex(text: str) -> str:
    """Words in LaTeX, its ligatures of hyphens and commas taken apart."""
    return visible(text).translate(AS_LATEX).replace("--", "-{}-").replace(",,", ",{},")


def plain(text: str) -> str:
    """Words in plain text."""
    return visible(text)


Escape = Callable[[str], str]
