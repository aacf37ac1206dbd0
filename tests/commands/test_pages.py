"""What the pages for players tell them to type is there to be typed."""

import argparse
import re
from pathlib import Path

import pytest

from sideslip.cli import parser

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *(ROOT / "docs" / f"{name}.md" for name in ("keyboard", "daw", "silence"))]


def commands() -> dict[str, set[str]]:
    """The options of each command."""
    (choices,) = (action.choices for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return {name: {s for a in command._actions for s in a.option_strings} for name, command in choices.items()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_and_option_on_a_page_exists(page: Path) -> None:
    text, known = page.read_text(encoding="utf-8"), commands()
    code = "\n".join(re.findall(r"```\n.*?```|`[^`\n]+`", text, re.DOTALL)).replace("`", "\n")
    typed = re.findall(r"^sideslip ([a-z]+)([^#\n]*)", code, re.MULTILINE)
    assert typed and {name for name, _ in typed} <= known.keys()
    for name, rest in typed:
        assert set(re.findall(r" (--[a-z-]+)", rest)) <= known[name], (name, rest)
    assert set(re.findall(r"^(--[a-z-]+)", code, re.MULTILINE)) <= set().union(*known.values())
