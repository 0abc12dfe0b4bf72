"""Words from a problem file: whatever they hold, they are read as they are and set no markup."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from explainer.publish.escape import latex, markdown, plain, visible

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False, "html": True})

AWKWARD = (
    "x^2^ {.hidden} {-} @smith www.evil.com a@b.de https://e.vil :+1: $a$ and $b$ ~~s~~ <b>x</b> "
    "[l](http://x) ![i](y) `c` # h | p *e* _e_ **s** \\(z\\) &amp; <!-- c --> 1. - + > end"
)

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.text(
    st.sampled_from("$`*_[]{}()<>#&|~^@:!\\-+=.\"' \n\tab1δ"), max_size=40
)


def read(text: str) -> str:
    """What a reader of Markdown sees of a paragraph that begins with a word of ours."""
    tokens = MARKDOWN.parse(f"Source: {markdown(text)}.")
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"], text
    seen = []
    for piece in tokens[1].children or []:
        assert piece.type in ("text", "text_special", "html_inline"), (piece.type, text)
        if piece.type == "html_inline":
            assert piece.content in ("<span>", "</span>"), text
        else:
            seen.append(piece.content)
    return "".join(seen)


def spelled(text: str) -> str:
    """Mathematics that stands for a Greek letter, as the letter."""
    return re.sub(rf"\$\\({'|'.join(NAMES)})\$", lambda found: NAMES[found[1]], text)


NAMES = {"alpha": "α", "delta": "δ", "Delta": "Δ", "eta": "η", "theta": "θ", "lambda": "λ", "sigma": "σ"}


@settings(max_examples=400, deadline=None)
@given(WORDS)
def test_markdown_shows_the_words_and_nothing_else(text: str) -> None:
    """Read as Markdown, the words are there as they were written: no emphasis, link, code, heading or HTML."""
    expected = f"Source: {visible(text)}."
    assert re.sub(r"\s+", " ", spelled(read(text))) == re.sub(r"\s+", " ", spelled(expected))


def test_the_most_awkward_words_are_read_as_written() -> None:
    """Superscripts, attributes, citations, bare links, emoji and mathematics of other Markdowns are broken up."""
    assert read(AWKWARD) == f"Source: {AWKWARD}."
    written = markdown(AWKWARD)
    for markup in ("@", "www.", "://", ":+1:", "$a$", "x^2^", "{.hidden}"):
        assert markup not in written


@settings(max_examples=300, deadline=None)
@given(WORDS)
def test_latex_has_no_live_specials(text: str) -> None:
    """In LaTeX every special letter stands behind a backslash or in a macro of ours, and braces are balanced."""
    bare = re.sub(r"\\[&%$#_{}]", "", latex(text))
    bare = re.sub(r'\\explainerchar\{"[0-9A-F]+\}', "", bare)
    bare = re.sub(r"\$(?:\\\w+(?:\{1\}\{2\})?|-|')\$", "", bare)
    bare = re.sub(r"\\text\w+\{\}|\\ldots\{\}|-\{\}-|,\{\},|(?<=-)\{\}(?=-)|(?<=,)\{\}(?=,)", "", bare)
    assert not re.search(r"[\\{}$%#&_^~]", bare.replace("~", "")), (text, bare)


@pytest.mark.parametrize("text", ["a\nb", "a\x00b", "a\u202eb", "a\tb", "a\u2028b"])
def test_words_stay_on_one_line(text: str) -> None:
    """Control letters, line ends and marks that turn text around become a space."""
    assert plain(text) == "a b"
