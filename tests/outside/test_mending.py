"""A wrong note is answered; by which move depends on the dial and on how well the answer resolves."""

from dataclasses import replace

import numpy as np
import pytest

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.dialogue import Idea, Mending, Move, Turn, WrongNote
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.controller import Choice, Controller
from sideslip.outside.hearing import hear
from sideslip.outside.lines import Lines
from sideslip.outside.mending import RESOLVABLE, TILTS, WEIGHTS, mended, mending
from sideslip.outside.tables import ListeningTables

F7 = parse_chord("F7")
OVER_F = Changes((0,), (F7,), 192)
WRONG = WrongNote(Note(120, 66, 24), F7, 0.5, (65,), False)
TURN = Turn(192, 384, OVER_F, call=Phrase((Note(96, 69, 12), WRONG.note)), mistakes=(WRONG,))
LINE = Phrase(tuple(Note(192 + 12 * k, p, 10) for k, p in enumerate((66, 65, 69, 72, 75, 74, 72, 69, 67, 65, 63, 65))))
OPEN = Phrase(tuple(Note(192 + 12 * k, 66 - 2 * (k % 2), 10) for k in range(12)))  # F# and E by turns, home nowhere
STUCK = Phrase(tuple(Note(192 + 12 * k, 65, 10) for k in range(12)))  # stays on one note
MOVES: tuple[Move, ...] = ("resolve", "echo", "reharmonise", "commit")


def made(move: Move, phrase: Phrase = LINE, over: str = "F7", shift: int = 0, note: Note = WRONG.note) -> Idea:
    return Idea(phrase, "lick", mending=Mending(move, note, parse_chord(over), shift))


def worth(*ideas: Idea, turn: Turn = TURN, tables: ListeningTables) -> dict[int, float]:
    hearing = hear(Lines.over(turn.changes, [idea.phrase for idea in ideas]), tables)
    return dict(enumerate(mending(turn, ideas, hearing).tolist()))


def term(choice: Choice, index: int) -> float:
    return dict(choice.scored[index].terms)["mistake"]


def test_the_weights_are_shares_and_hold_as_they_are_at_the_middle_of_the_dial(tables: ListeningTables) -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    found = worth(*(made(move) for move in MOVES), turn=replace(TURN, dial=0.5), tables=tables)
    shares = np.exp(np.array(list(found.values())) - found[0])
    assert shares / shares.sum() == pytest.approx(list(WEIGHTS.values()))


def test_reharmonising_and_committing_gain_with_the_dial_and_resolving_falls(tables: ListeningTables) -> None:
    low, high = (
        worth(*(made(move) for move in MOVES), turn=replace(TURN, dial=dial), tables=tables) for dial in (0.0, 1.0)
    )
    assert [high[k] - low[k] for k in range(4)] == pytest.approx([TILTS[move] for move in MOVES])
    assert TILTS["resolve"] < 0 < TILTS["reharmonise"] < TILTS["commit"]
    assert max(low, key=low.__getitem__) == 0 and max(high, key=high.__getitem__) != 0


def test_what_comes_home_is_worth_more(tables: ListeningTables) -> None:
    found = worth(made("echo"), made("echo", OPEN), tables=tables)
    assert found[0] > found[1] > 0


def test_a_line_that_is_stuck_on_one_note_is_no_answer(tables: ListeningTables) -> None:
    assert worth(made("resolve", STUCK), tables=tables) == {0: 0.0}


def test_nothing_is_committed_to_that_will_not_resolve(tables: ListeningTables) -> None:
    resolvability = hear(Lines.over(OVER_F, [LINE, OPEN]), tables).resolution.resolvability
    assert resolvability[0] > RESOLVABLE > resolvability[1]
    found = worth(made("commit"), made("commit", OPEN), made("resolve", OPEN), tables=tables)
    assert found[0] > 0 == found[1] and found[2] > 0


def test_an_answer_to_another_note_or_to_one_that_came_home_is_none(tables: ListeningTables) -> None:
    other = made("resolve", note=Note(120, 68, 24))
    before = made("resolve", note=Note(96, 66, 24))
    moved = made("resolve", note=Note(121, 66, 30))  # the grid has moved it since
    assert [value > 0 for value in worth(other, before, moved, Idea(LINE, "model"), tables=tables).values()] == [
        False,
        False,
        True,
        False,
    ]
    home = replace(TURN, mistakes=(replace(WRONG, resolved=True),))
    assert worth(made("resolve"), turn=home, tables=tables) == {0: 0.0}
    assert mended(TURN, other) == mended(home, made("resolve")) == mended(TURN, Idea(LINE, "model")) == ()


@pytest.mark.parametrize("dial", [0.0, 0.3, 0.7, 1.0])
def test_an_answer_to_the_wrong_note_comes_before_better_lines(tables: ListeningTables, dial: float) -> None:
    turn = replace(TURN, dial=dial)
    better = [Idea(LINE.moved(semitones=-1), "device", "side-slip"), Idea(Phrase(LINE.notes[1:]).moved(-12), "model")]
    choice = Controller(tables).choose(turn, [*better, made("echo")])
    assert choice.index == 2 and [term(choice, k) > 0 for k in range(3)] == [False, False, True]
    assert choice.scored[2].score == pytest.approx(sum(value for _, value in choice.scored[2].terms))
    assert Controller(tables).choose(replace(turn, mistakes=()), [*better, made("echo")]).scored[2].score < 50


def test_silence_is_no_answer(tables: ListeningTables) -> None:
    assert Controller(tables).choose(TURN, [Idea(LINE, "model"), made("resolve", Phrase())]).index == 0


# ---------------------------------------------------------------- in words


def words(idea: Idea, turn: Turn = TURN) -> str:
    (clause,) = mended(turn, idea)
    return clause


def test_the_moves_are_told_as_players_tell_them() -> None:
    assert words(made("resolve")) == "resolves your Gb to F for you"
    assert words(made("echo")) == "echoes your figure and resolves its Gb"
    assert words(made("reharmonise", over="B7")) == "hears your F# as the 5th of B7 (tritone substitution)"
    assert words(made("reharmonise", over="F7alt")) == "hears your Gb as the b9 of F7alt (altered dominant)"
    assert words(made("commit", shift=1)) == "takes up your Gb in sequence up a semitone"
    assert words(made("commit", shift=-1)) == "takes up your Gb in sequence down a semitone"


def test_a_chord_that_is_written_is_called_by_nothing_but_its_name() -> None:
    turn = replace(TURN, changes=Changes((0, 192), (F7, parse_chord("D7")), 384))
    assert words(made("reharmonise", over="D7"), turn) == "hears your F# as the 3rd of D7"


def test_it_comes_first_in_why(tables: ListeningTables) -> None:
    why = Controller(tables).choose(TURN, [made("resolve")]).why
    assert why.startswith("resolves your Gb to F for you, ") and "\n" not in why
    plain = Controller(tables).choose(replace(TURN, mistakes=()), [made("resolve")]).why
    assert why.endswith(plain)
