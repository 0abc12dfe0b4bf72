"""Where the data that ships with the program is."""

from pathlib import Path

PACKAGE = Path(__file__).parent
CONVENTIONS = PACKAGE / "problem" / "conventions"


def shipped(name: str) -> Path:
    """A folder that stands at the top of the repository and inside the installed package."""
    installed = PACKAGE / name
    return installed if installed.is_dir() else PACKAGE.parent / name


TEMPLATES = shipped("templates")
PROBLEMS = shipped("problems")
