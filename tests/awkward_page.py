"""Prints the LaTeX page of a problem whose words are as awkward as words can be."""

from pathlib import Path

import explainer

TITLE = "50% of #1 & $x_1$ {curly} \\input{/etc/passwd} ~^ <b> \"quoted\" 'single' ` δ → ∂ 中文 🎉 ́é ß \x07 \u202e end"


def awkward_page() -> str:
    """The page, in LaTeX."""
    problem = Path(__file__).parent.parent / "problems" / "lecture-3-2-1.toml"
    trace = explainer.trace(explainer.load(problem, settings={"title": TITLE, "source": TITLE}))
    return explainer.render(explainer.explain(trace), "latex")


if __name__ == "__main__":
    print(awkward_page())
