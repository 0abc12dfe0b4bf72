"""The gallery: output/ holds the page of every problem in every format, as the program writes it now."""

from pathlib import Path

import pytest

import explainer
from explainer.publish.formats import FORMATS

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("path", sorted((ROOT / "problems").glob("*.toml")), ids=lambda path: path.stem)
def test_the_gallery_is_up_to_date(path: Path) -> None:
    """What a visitor sees in output/ is what `explainer explain` writes (`make gallery` renews it)."""
    page = explainer.explain(explainer.solve(explainer.load(path)))
    for kind in FORMATS.values():
        kept = ROOT / "output" / f"{path.stem}{kind.suffixes[0]}"
        assert kept.read_text(encoding="utf-8") == explainer.render(page, kind.name), f"{kept.name}: run make gallery"


def test_the_gallery_holds_nothing_else() -> None:
    """No page of a problem that is gone stays behind."""
    stems = {path.stem for path in (ROOT / "problems").glob("*.toml")}
    assert {path.stem for path in (ROOT / "output").iterdir()} == stems
