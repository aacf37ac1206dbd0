"""Whether the tracker finds its place in a chart: from an unknown start, and after a bar that the player left out."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.harmony.tracker import Belief, HarmonyTracker
from sideslip.music.meter import TICKS
from sideslip.train.solos import Ints, Solo
from sideslip.train.tracker.comping import Struck, shells
from sideslip.train.tracker.hearing import Form, Note, follow, form_of, played, rng_of

WINDOW = 16
"""Bars of solo after which the place is asked for."""

FOUND_WITHIN = 8
"""Bars after a dropped one within which the place must be right again."""


def place_figures(solos: Sequence[Solo], tables: HarmonyTables) -> dict[str, float]:
    """Chart known, start unknown, the line alone: whether the bar is right after sixteen bars."""
    right, chords, windows = place_hits(solos, tables).sum(axis=0).tolist()
    return {
        "position_16_bars": right / max(1, windows),
        "position_16_bars_root": chords / max(1, windows),
        "position_windows": windows,
    }


def place_hits(solos: Sequence[Solo], tables: HarmonyTables) -> Ints:
    """The same solo by solo: windows with the right bar, with the right root, and how many windows, (S, 3)."""
    hits = np.zeros((len(solos), 3), dtype=np.int64)
    for number, solo in enumerate(solos):
        form = form_of(solo)
        for start, place in _windows(solo, form) if form else ():
            assert form is not None
            belief = _after(solo, form, start, tables)
            last = place + WINDOW - 1
            bars = form.beats // solo.meter.beats
            expected = form.chart.at((last * solo.meter.beats + solo.meter.beats - 1) * TICKS)
            hits[number] += belief.bar - 1 == last % bars, belief.expected.root == expected.root, 1
    return hits


def _windows(solo: Solo, form: Form) -> Iterator[tuple[int, int]]:
    """(beat of the solo, bar of the form) of every bar from which sixteen follow, the whole solo through."""
    beats, regular = solo.meter.beats, solo.num == solo.meter.beats
    for chorus in form.choruses:
        for bar in range(form.beats // beats):
            start = chorus + bar * beats
            end = start + WINDOW * beats
            later = [c for c in form.choruses if c <= end - 1]
            unbroken = (later[-1] - chorus) % form.beats == 0 and end <= later[-1] + form.beats
            if end <= len(solo.bar) and regular[start:end].all() and unbroken:
                yield start, bar


def _after(solo: Solo, form: Form, start: int, tables: HarmonyTables) -> Belief:
    """The belief after sixteen bars from a beat of the solo, the start being unknown."""
    tracker = HarmonyTracker(tables, solo.meter, form.chart, anywhere=True)
    beats = WINDOW * solo.meter.beats
    notes = [Note(note.beat - start, note.pitch) for note in played(solo) if start <= note.beat < start + beats]
    *_, belief = follow(tracker, notes, solo.tempo, range(beats))
    return belief


def dropped_figures(solos: Sequence[Solo], tables: HarmonyTables, seed: int = 1) -> dict[str, float]:
    """Chart and start known, then the player leaves out one bar: whether the right bar is followed eight bars later.

    With comping, and by the line alone. `_audible` leaves out trials in which the chart is the same for eight bars with
    the bar and without it: nobody could hear where the player is. `place_kept` is the share of beats at which a player
    who leaves nothing out is followed rightly (line alone).
    """
    found: Counter[str] = Counter()
    for number, solo in enumerate(solos):
        form, rng = form_of(solo), rng_of(seed, 2, number)
        if form is None:
            continue
        for chorus in form.choruses:
            stretch = _stretch(solo, form, chorus, rng)
            if stretch is None:
                continue
            found["trials"] += 1
            comping = shells(solo.chord_at_beat, rng)
            again = _found_again(solo, form, chorus, stretch, tables, comping)
            found["with comping"] += again
            if _audible(form, stretch):
                found["audible"] += 1
                found["with comping, audible"] += again
            found["line"] += _found_again(solo, form, chorus, stretch, tables, ())
        _count_kept(solo, form, tables, found)
    trials = max(1, found["trials"])
    return {
        "dropped_bar_found": found["with comping"] / trials,
        "dropped_bar_found_audible": found["with comping, audible"] / max(1, found["audible"]),
        "dropped_bar_found_line": found["line"] / trials,
        "dropped_trials": found["trials"],
        "place_kept": found["kept"] / max(1, found["beats"]),
    }


def _audible(form: Form, bar: int) -> bool:
    """Whether within eight bars the chart is another one where the bar is left out."""
    length = form.chart.meter.bar
    ticks = range(bar * length, (bar + FOUND_WITHIN) * length, TICKS)
    return any(form.chart.at(tick) != form.chart.at(tick + length) for tick in ticks)


def _stretch(solo: Solo, form: Form, chorus: int, rng: np.random.Generator) -> int | None:
    """A bar of the chorus to leave out, from the fifth to the last, if the solo goes on for eight bars more."""
    beats = solo.meter.beats
    bars = form.beats // beats
    bar = int(rng.integers(4, max(5, bars)))
    end = chorus + (bar + 1 + FOUND_WITHIN) * beats
    follows = end <= chorus + form.beats or chorus + form.beats in form.choruses
    return bar if follows and end <= len(solo.bar) else None


def _found_again(
    solo: Solo, form: Form, chorus: int, bar: int, tables: HarmonyTables, comping: Sequence[Struck]
) -> bool:
    """Whether the right place is followed eight bars after the gap."""
    beats = solo.meter.beats
    gap, length = chorus + bar * beats, beats
    kept = [note for note in played(solo, comping) if note.beat >= chorus and not gap <= note.beat < gap + length]
    notes = [Note(note.beat - chorus - (length if note.beat >= gap else 0), note.pitch) for note in kept]
    tracker = HarmonyTracker(tables, solo.meter, form.chart)
    *_, last = follow(tracker, notes, solo.tempo, range((bar + FOUND_WITHIN) * beats))
    return last.bar - 1 == (bar + FOUND_WITHIN) % (form.beats // beats)


def _count_kept(solo: Solo, form: Form, tables: HarmonyTables, found: Counter[str]) -> None:
    start, beats = form.choruses[0], solo.meter.beats
    notes = [Note(note.beat - start, note.pitch) for note in played(solo) if note.beat >= start]
    tracker = HarmonyTracker(tables, solo.meter, form.chart)
    for beat, belief in enumerate(follow(tracker, notes, solo.tempo, range(form.unbroken))):
        found["beats"] += 1
        found["kept"] += belief.bar - 1 == beat // beats % (form.beats // beats)
