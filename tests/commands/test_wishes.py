"""What a player wishes for, as it is typed: read in every way a player writes it, and taken to the proposer."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sideslip.commands import values
from sideslip.commands.ensemble import Ensemble
from sideslip.errors import SettingError
from sideslip.music.dialogue import STYLES, Wish
from sideslip.testing import ScriptedProposer

Run = Callable[..., tuple[int, str, str]]

OPTIONS = ("--density", "2.5", "--register", "Bb3", "--style", "bebop")
WISH = Wish(density=2.5, register=58.0, style="BEBOP")


@pytest.fixture
def proposer(monkeypatch: pytest.MonkeyPatch) -> ScriptedProposer:
    scripted = ScriptedProposer()
    monkeypatch.setattr(Ensemble, "proposer", lambda ensemble: scripted)
    return scripted


def wished(proposer: ScriptedProposer) -> set[Wish]:
    """What was wished for in all turns but for what the dial asks."""
    assert proposer.turns and all(turn.wish.outside is not None for turn in proposer.turns)
    return {replace(turn.wish, outside=None) for turn in proposer.turns}


@pytest.mark.parametrize(("options", "wish"), [(OPTIONS, WISH), ((), Wish())])
def test_a_wish_reaches_the_proposer(
    run: Run, call: Path, proposer: ScriptedProposer, options: tuple[str, ...], wish: Wish
) -> None:
    assert run("rehearse", call, "--chart", "blues-in-f", "--out", "o.mid", *options)[0] == 0
    assert wished(proposer) == {wish}
    proposer.turns.clear()
    assert run("demo", "--out", "d", "--choruses", 1, *options)[0] == 0
    assert wished(proposer) == {wish}


@pytest.mark.parametrize("command", [("demo",), ("rehearse", "call.mid", "--chart", "blues-in-f", "--out", "o.mid")])
@pytest.mark.parametrize(
    ("option", "says"),
    [
        (("--density", "0"), "--density takes a number from 0.2 to 6, found '0'"),
        (("--register", "low"), "--register takes a MIDI pitch from 36 to 96, or a note from C2 to C7"),
        (("--style", "bop"), "found 'bop', which may be bebop, hardbop, postbop"),
    ],
)
def test_a_wish_that_cannot_be_is_one_clear_line_and_writes_nothing(
    run: Run, command: tuple[str, ...], option: tuple[str, str], says: str
) -> None:
    code, said, told = run(*command, *option)
    assert (code, said, told.count("\n")) == (2, "", 1) and says in told and told.startswith("sideslip: ")
    assert not list(Path.cwd().iterdir())


@pytest.mark.parametrize(
    ("typed", "pitch"), [("60", 60), ("C4", 60), ("Bb3", 58), ("62.5", 62.5), (36, 36), ("C7", 96)]
)
def test_a_register_is_a_number_or_a_note(typed: Any, pitch: float) -> None:
    assert values.wish(None, typed, None) == Wish(register=pitch)


@pytest.mark.parametrize("typed", ["35", "C8", "nan", "c4", "", True, [60]])
def test_what_is_no_register_is_refused(typed: Any) -> None:
    with pytest.raises(SettingError, match="--register takes a MIDI pitch from 36 to 96"):
        values.wish(None, typed, None)


@given(st.sampled_from(STYLES), st.data())
def test_any_part_that_only_one_style_has_names_it(style: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(style) - 1))
    part = style[begin : data.draw(st.integers(begin + 1, len(style)))]
    typed = "".join(data.draw(st.sampled_from((letter, letter.lower()))) for letter in part)
    others = [other for other in STYLES if part in other]
    if others == [style]:
        assert values.wish(None, None, typed) == Wish(style=style)
    else:
        with pytest.raises(SettingError, match=f"which may be {', '.join(others).lower()}$"):
            values.wish(None, None, typed)


@pytest.mark.parametrize("style", STYLES)
def test_a_whole_name_names_its_style_and_no_other(style: str) -> None:
    assert values.wish(None, None, style.title()) == Wish(style=style)


@pytest.mark.parametrize("typed", ["any", "ANY", None])
def test_any_style_is_none_in_particular(typed: str | None) -> None:
    assert values.wish(None, None, typed) == Wish()
