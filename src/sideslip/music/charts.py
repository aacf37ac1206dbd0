"""Charts kept as texts in a folder: a name is a file's stem, as blues-in-f for blues-in-f.txt."""

from difflib import get_close_matches
from pathlib import Path

from sideslip.errors import ChartError
from sideslip.music.leadsheet import LeadSheet, parse_chart

SUFFIX = ".txt"


def names(folder: Path) -> tuple[str, ...]:
    """The names of all charts in a folder, sorted."""
    return tuple(sorted(path.stem for path in folder.glob("*" + SUFFIX)))


def load(folder: Path, name: str) -> LeadSheet:
    """The chart of this name. Raises ChartError, which lists near names, if there is none."""
    known = names(folder)
    if name not in known:
        shown = name if len(name) <= 80 else name[:80] + "..."
        near = get_close_matches(shown.lower().replace(" ", "-"), known, n=4, cutoff=0.5)
        hint = f"near: {', '.join(near)}; " if near else ""
        raise ChartError(f"{shown!r} is no chart file and no built-in chart; {hint}'sideslip charts' lists them all")
    return parse_chart((folder / (name + SUFFIX)).read_text(encoding="utf-8"))
