"""Escaping: words as each markup needs them, so that no text can break or inject any."""

import re
import unicodedata
from collections.abc import Callable

MARKDOWN = {
    **{letter: f"\\{letter}" for letter in "\\`*_[]#|~"},
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    "$": "&#36;",
}

LATEX = {
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "-": r"-{}",
    "–": "--",
    "—": "---",
    "…": r"\ldots{}",
    "’": "'",
    "“": "``",
    "”": "''",
    "×": r"$\times$",
    "±": r"$\pm$",
    "½": r"$\frac{1}{2}$",
    "·": r"$\cdot$",
    "−": "$-$",
    "≈": r"$\approx$",
    "→": r"$\to$",
    "′": "$'$",
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


def visible(text: str) -> str:
    """The text on one line: control characters out, any white space a single space."""
    kept = "".join(" " if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp", "Cs") else letter for letter in text)
    return re.sub(r"[ \t]+", " ", kept)


def markdown(text: str) -> str:
    """Words in Markdown."""
    return "".join(MARKDOWN.get(letter, letter) for letter in visible(text))


def latex(text: str) -> str:
    """Words in LaTeX; a letter that not every LaTeX can set goes through the macro \\explainerchar."""
    return "".join(latex_letter(letter) for letter in visible(text))


def latex_letter(letter: str) -> str:
    """One letter in LaTeX."""
    found = LATEX.get(letter)
    if found is not None:
        return found
    if letter.isascii() or ord(letter) in LATIN:
        return letter
    return rf'\explainerchar{{"{ord(letter):X}}}'


def plain(text: str) -> str:
    """Words in plain text."""
    return visible(text)


Escape = Callable[[str], str]
