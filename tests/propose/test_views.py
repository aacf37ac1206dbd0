"""Views of what could come next, read off by hand from a line over two chords."""

import numpy as np

from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.phrase import Note, Phrase
from sideslip.propose import tokens, views
from sideslip.propose.ground import FAR, Ground, standings
from sideslip.propose.tokens import Line
from sideslip.propose.views import Trail, duration_views, pitch_views, shift_views

CHANGES = Changes((0, 48), (parse_chord("Dm7"), parse_chord("G7")), 96)
GROUND = Ground.of_changes(CHANGES, 0, 96)
MOTIF = (62, 65, 69, 64, 67)
"""A third and a third up, a fourth down, a third up: a fifth note that ends as the second did."""
LINE = Line.of(Phrase(), Phrase(tuple(Note(6 * i, pitch, 5) for i, pitch in enumerate(MOTIF))))
TRAIL = Trail.of(LINE, GROUND, silence=-48, lines=2, room=4)


def classes(rows: tokens.Ints, choice: dict[str, int], name: str) -> tokens.Ints:
    """The classes of one view, (K, classes)."""
    at = list(choice).index(name)
    return rows[:, at] - tokens.offsets(choice)[at]


def seen(name: str, pitch: int) -> int:
    rows = pitch_views(TRAIL.heard(), GROUND, np.array([30, 30]), np.arange(60, 80))
    return int(classes(rows, views.PITCH, name)[0, pitch - 60])


def test_a_pitch_is_seen_from_the_chords_and_from_the_notes_before() -> None:
    assert seen("degree", 65) == 3 and seen("next_degree", 65) == 10
    assert seen("leap_1", 65) == tokens.REACH - 2 and seen("leap_2", 65) == tokens.REACH + 1
    assert [seen("standing", pitch) for pitch in (62, 64, 71, 66)] == [0, 1, 1, 3]
    assert [seen("lag", pitch) for pitch in (67, 64, 62, 61)] == [1, 2, 5, 0]


def test_the_motif_is_expected_to_go_on_as_it_did() -> None:
    assert seen("echo", 71) == 1  # up 3 was followed by up 4
    assert seen("echo", 70) == 0
    assert seen("degree_echo", 62) == 0


def test_what_the_symbol_names_is_inside() -> None:
    assert standings(parse_chord("C7"))[6] == 3 and standings(parse_chord("C7#11"))[6] < 3
    assert set(standings(parse_chord("N.C."))) == {4}


def test_a_shift_is_seen_from_where_it_lands() -> None:
    rows = shift_views(TRAIL.heard(), GROUND, np.array([48, FAR]))
    of = {name: classes(rows, views.SHIFT, name) for name in views.SHIFT}
    assert of["tick"][0, [6, 8, 12]].tolist() == [6, 8, 0]
    assert of["beat"][0, [6, 24, 36]].tolist() == [2, 0, 1]
    assert of["change"][0, [6, 12, 20, 24, 30, 48]].tolist() == [0, 1, 2, 3, 4, 5]
    assert of["end"][0, [6, 12, 18, 24, 36]].tolist() == [3, 2, 1, 0, 0]
    assert set(of["end"][1].tolist()) == {5}  # of the second line the end is not known
    assert of["lag"][0, [6, 5]].tolist() == [1, 0]
    assert of["echo"][0, 6] == 3 and of["place_echo"][0, 6] == 2


def test_a_duration_is_seen_from_the_shift_that_follows_it() -> None:
    rows = duration_views(TRAIL.heard(), np.array([30, 48]))
    legato = classes(rows, views.DURATION, "legato")
    assert legato[0, 5] == 9 and legato[1, 5] == 1  # six ticks of six, and of 24
    assert classes(rows, views.DURATION, "lag")[0, 4] == 1  # the note before lasted five ticks


def test_every_class_stays_in_the_table_of_its_view() -> None:
    heard = TRAIL.heard()
    tick = np.array([10**6, 31])
    seen = (
        (views.SHIFT, shift_views(heard, GROUND, np.array([0, FAR]))),
        (views.DURATION, duration_views(heard, tick)),
        (views.PITCH, pitch_views(heard, GROUND, tick, np.arange(tokens.PITCHES) + tokens.LOWEST_PITCH)),
    )
    for choice, rows in seen:
        begins, sizes = tokens.offsets(choice), np.array(list(choice.values()))
        assert rows.shape[:2] == (2, len(choice))
        assert (rows >= begins[:, None]).all() and (rows < (begins + sizes)[:, None]).all()


def test_a_trail_that_grows_is_the_trail_of_the_longer_line() -> None:
    first = Line(*(getattr(LINE, name)[:2] for name in Line.__slots__))
    trail = Trail.of(first, GROUND, silence=-48, room=4)
    for index in (2, 3, 4):
        root = GROUND.chords(LINE.onset[[index]]).root
        shift, duration = np.array([6]), tokens.nearest(tokens.DURATIONS, LINE.duration[[index - 1]])
        trail.append(LINE.onset[[index]], LINE.pitch[[index]], shift, duration, root)
    grown, whole = trail.heard(), TRAIL.heard()
    assert grown.tick[0] == whole.tick[0] and grown.back[0].tolist() == whole.back[0].tolist()
    for name in ("lags", "echoes"):
        for stream, rows in getattr(grown, name).items():
            assert rows[0].tolist() == getattr(whole, name)[stream][0].tolist(), (name, stream)
