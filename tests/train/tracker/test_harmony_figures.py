"""How the tracker is taught and measured, on made-up solos over ii-V-I."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from sideslip.errors import DataError
from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.harmony.vocabulary import CHORDS, chord_of, index_of, over_chords
from sideslip.music.chord import parse_chord
from sideslip.train.solos import Solo
from sideslip.train.tracker.chord_figures import chord_figures, key_figures, substitution_figures
from sideslip.train.tracker.comping import shell, shells
from sideslip.train.tracker.harmony import learn
from sideslip.train.tracker.hearing import form_of, played
from sideslip.train.tracker.place_figures import dropped_figures, place_figures

Made = Callable[..., Solo]


@pytest.fixture(scope="module")
def solo(made: Made) -> Solo:
    """Choruses of eight bars: Dm7 G7 Cmaj7 Cmaj7 | Ebm7 Ab7 Dbmaj7 Dbmaj7."""
    plain = made(notes=200)
    beats = len(plain.bar)
    form = ("Dm7", "G7", "Cmaj7", "Cmaj7", "Ebm7", "Ab7", "Dbmaj7", "Dbmaj7")
    symbols = tuple(form[beat // 4 % 8] for beat in range(beats))
    return replace(plain, chord=symbols, harm=symbols, chorus=np.arange(beats) // 32 + 1)


def test_every_chord_has_its_index_and_comes_back_by_it() -> None:
    assert [index_of(chord_of(index)) for index in range(CHORDS)] == list(range(CHORDS))
    assert index_of(parse_chord("N.C.")) is None
    assert chord_of(index_of(parse_chord("F#7alt")) or 0).symbol == "Gb7"


def test_what_is_known_of_degrees_is_known_of_every_chord() -> None:
    degrees = np.arange(60.0).reshape(5, 12)
    assert over_chords(degrees)[7, index_of(parse_chord("G7")) or 0] == degrees[2, 0]
    assert over_chords(degrees)[0, index_of(parse_chord("Am7")) or 0] == degrees[1, 3]


def test_what_is_played_is_learnt(solo: Solo) -> None:
    tables = learn([solo])
    dominant, minor = 2, 1
    assert tables.moves[minor, 5, dominant] == tables.moves[minor].max()
    assert tables.change[0] > 0.7 and max(tables.change[1:]) < 0.1
    for table in tables.tensors().values():
        assert (table > 0).all()


def test_without_changes_there_is_nothing_to_learn(solo: Solo) -> None:
    silent = replace(solo, chord=("NC",) * len(solo.bar), harm=None)
    with pytest.raises(DataError, match="notes over changes"):
        learn([silent])


def test_a_shell_is_root_third_and_seventh() -> None:
    shells_of = {symbol: shell(parse_chord(symbol)) for symbol in ("C7", "Dm7", "Bdim7", "F6", "Gsus4", "Em7b5")}
    assert shells_of == {
        "C7": (0, 4, 10),
        "Dm7": (0, 3, 10),
        "Bdim7": (0, 3, 6, 9),
        "F6": (0, 4, 9),
        "Gsus4": (0, 5, 7),
        "Em7b5": (0, 3, 6, 10),
    }


def test_comping_is_as_dense_and_as_wrong_as_it_says() -> None:
    chords = [parse_chord("C7")] * 4000
    struck = shells(chords, np.random.default_rng(0))
    assert len({int(note.beat) for note in struck}) / 4000 == pytest.approx(0.45, abs=0.03)
    assert np.mean([note.pitch % 12 not in (0, 4, 10) for note in struck]) == pytest.approx(0.05 * 9 / 11, abs=0.01)
    assert all(40 <= note.pitch <= 62 for note in struck)
    assert shells([parse_chord("N.C.")] * 50, np.random.default_rng(0)) == []


def test_the_form_is_the_first_whole_chorus(solo: Solo) -> None:
    form = form_of(solo)
    assert form is not None
    assert (form.beats, form.choruses[:3]) == (32, (0, 32, 64))
    assert form.unbroken == 32 * len(form.choruses)
    assert form_of(replace(solo, chorus=np.zeros(len(solo.bar), dtype=np.int64))) is None


def test_what_is_played_comes_in_order(solo: Solo) -> None:
    notes = played(solo, shells(solo.chord_at_beat, np.random.default_rng(0)))
    assert [note.beat for note in notes] == sorted(note.beat for note in notes)


def test_clear_comping_is_heard_and_a_form_of_eight_bars_found(solo: Solo) -> None:
    tables = HarmonyTables.unlearnt()
    heard = chord_figures([solo], tables)
    assert heard["root_online"] > 0.75 and heard["root_lag1"] > 0.75
    noticed = substitution_figures([solo], tables)
    assert noticed["reharmonisation_noticed"] > 0.7 and noticed["reharmonisation_false"] < 0.1
    dropped = dropped_figures([solo], tables)
    assert dropped["dropped_bar_found_audible"] > 0.7 and dropped["place_kept"] > 0.9
    assert place_figures([solo], tables)["position_windows"] > 8
    assert 0 <= key_figures([solo], tables)["scale_overlap_line"] <= 1


def test_no_solos_no_figures() -> None:
    tables = HarmonyTables.unlearnt()
    assert place_figures([], tables)["position_16_bars"] == 0
    assert dropped_figures([], tables)["dropped_bar_found"] == 0
