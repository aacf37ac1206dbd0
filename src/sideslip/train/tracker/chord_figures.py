"""How well the tracker hears chords without a chart, and notices a substitution with one, under simulated comping."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.harmony.tracker import SURE, HarmonyTracker
from sideslip.listen.harmony.vocabulary import DOMINANT, FAMILIES, Floats, index_of
from sideslip.music.chord import Chord
from sideslip.music.meter import TICKS
from sideslip.train.solos import Solo
from sideslip.train.tracker.comping import STYLES, Struck, shells, walking
from sideslip.train.tracker.harmony import chord_indices
from sideslip.train.tracker.hearing import Form, Note, follow, form_of, played, rng_of


def chord_figures(solos: Sequence[Solo], tables: HarmonyTables, seed: int = 1) -> dict[str, float]:
    """Solo and comping, no chart: share of beats with the right root, or root and family; by the styles of comping."""
    found: dict[str, float] = {}
    for style in STYLES:
        suffix = "" if style == "shells" else f"_{style}"
        hits, beats = chord_hits(solos, tables, seed, style)
        names = ("root_online", "root_lag1", "root_quality_online")
        shares = hits.sum(axis=0) / beats.sum()
        found |= {name + suffix: float(share) for name, share in zip(names, shares, strict=True)}
    return found


def chord_hits(
    solos: Sequence[Solo], tables: HarmonyTables, seed: int = 1, style: str = "shells"
) -> tuple[Floats, Floats]:
    """The same solo by solo: beats with the right root online, after another bar, and root and family online, (S, 3);
    and how many beats, (S,)."""
    each = [
        _hits(solo, tables, shells(solo.chord_at_beat, rng_of(seed, 1, number), style))
        for number, solo in enumerate(solos)
    ]
    return np.array([hits for hits, _ in each]).reshape(-1, 3), np.array([beats for _, beats in each], dtype=np.float64)


def _hits(solo: Solo, tables: HarmonyTables, comping: Sequence[Struck]) -> tuple[Floats, int]:
    """Beats with the right root online, after another bar, and root and family online; and how many beats."""
    right, kinds, lag = chord_indices(solo), len(FAMILIES), solo.meter.beats
    first = int(solo.beat[0]) - 1
    tracker = HarmonyTracker(tables, solo.meter)
    notes = [Note(note.beat + first, note.pitch) for note in played(solo, comping)]
    hits = np.zeros(3)
    beats = range(first, first + len(right))
    for place, belief in enumerate(follow(tracker, notes, solo.tempo, beats)):
        guess = index_of(belief.chord)
        if right[place] >= 0 and guess is not None:
            hits += guess // kinds == right[place] // kinds, 0, guess == right[place]
        past = place - lag
        if past >= 0 and right[past] >= 0:
            then = index_of(tracker.hindsight(lag))
            hits[1] += then is not None and then // kinds == right[past] // kinds
    return hits, int((right >= 0).sum())


def key_figures(solos: Sequence[Solo], tables: HarmonyTables) -> dict[str, float]:
    """The line alone, no chart: how far the scale that is handed on is that of the right chord (shared notes by all
    notes, mean over beats), and the share of beats at which it holds all four tones of the right chord."""
    overlap = tones = beats = 0.0
    for solo in solos:
        first, right = int(solo.beat[0]) - 1, solo.chord_at_beat
        tracker = HarmonyTracker(tables, solo.meter)
        notes = [Note(note.beat + first, note.pitch) for note in played(solo)]
        for place, _ in enumerate(follow(tracker, notes, solo.tempo, range(first, first + len(right)))):
            given, wanted = set(tracker.changes.at((place + first) * TICKS).scale), set(right[place].scale)
            if wanted:
                overlap += len(given & wanted) / len(given | wanted)
                tones += set(right[place].tones) <= given
                beats += 1
    return {"scale_overlap_line": overlap / max(1, beats), "scale_holds_chord_line": tones / max(1, beats)}


def substitution_figures(solos: Sequence[Solo], tables: HarmonyTables, seed: int = 1) -> dict[str, float]:
    """Comping that puts the tritone substitute for each dominant: of those struck at all, the share noticed in time.

    `_sure`: with a probability that makes the band act on it; `_of_all`: of all dominants, struck or not. `_high`: an
    octave up. False alarms are counted per chord of the chart where the comping is the chart's, and where there is
    none (`_line`), or other comping, or a walking bass.
    """
    noticed: dict[str, Counter[str]] = {"": Counter(), "_high": Counter()}
    alarms: dict[str, Counter[str]] = {name: Counter() for name in ("", "_high", "_four", "_line", "_walking")}
    for number, solo in enumerate(solos):
        form = form_of(solo)
        if form is None:
            continue
        chart = [form.chart.at(beat * TICKS) for beat in range(form.unbroken)]
        other = [_substitute(chord) for chord in chart]
        for name, found in noticed.items():
            comping = shells(other, rng_of(seed, 3, number), "high" if name else "shells")
            _count_noticed(_alarms(solo, form, tables, comping), form, comping, found)
        for name, found in alarms.items():
            rng = rng_of(seed, 3, number)
            styles = {"": "shells", "_high": "high", "_four": "four"}
            same = shells(chart, rng, styles[name]) if name in styles else walking(chart, rng) if "w" in name else []
            for beats, alarm, _ in _alarms(solo, form, tables, same):
                found["chords"] += len(beats) > 0
                found["alarms"] += alarm
    counted = noticed[""]
    return {
        **{f"reharmonisation_noticed{name}": _ratio(found, "noticed", "struck") for name, found in noticed.items()},
        "reharmonisation_noticed_sure": _ratio(counted, "sure", "struck"),
        "reharmonisation_noticed_of_all": _ratio(counted, "noticed", "all"),
        **{f"reharmonisation_false{name}": _ratio(found, "alarms", "chords") for name, found in alarms.items()},
    }


def _ratio(found: Counter[str], what: str, of: str) -> float:
    return found[what] / max(1, found[of])


def _substitute(chord: Chord) -> Chord:
    index = index_of(chord)
    return chord.transposed(6) if index is not None and index % len(FAMILIES) == DOMINANT else chord


def _alarms(
    solo: Solo, form: Form, tables: HarmonyTables, comping: Sequence[Struck]
) -> list[tuple[list[int], bool, bool]]:
    """For each chord of the chart, chorus after chorus: its beats, whether another one was heard there, and surely."""
    start = form.choruses[0]
    line = [Note(note.beat - start, note.pitch) for note in played(solo) if note.beat >= start]
    notes = sorted([*line, *(Note(n.beat, n.pitch) for n in comping)], key=lambda note: (note.beat, note.pitch))
    tracker = HarmonyTracker(tables, solo.meter, form.chart)
    heard = [
        belief.probability if belief.stance == "reharmonising" else 0.0
        for belief in follow(tracker, notes, solo.tempo, range(form.unbroken))
    ]
    spans = [list(span) for _, span in groupby(range(form.unbroken), key=lambda beat: form.chart.began(beat * TICKS))]
    return [(beats, any(heard[b] for b in beats), any(heard[b] > SURE for b in beats)) for beats in spans]


def _count_noticed(
    alarms: list[tuple[list[int], bool, bool]], form: Form, comping: Sequence[Struck], found: Counter[str]
) -> None:
    struck = {int(note.beat) for note in comping}
    for beats, alarm, sure in alarms:
        chord = form.chart.at(beats[0] * TICKS)
        if chord == _substitute(chord):
            continue
        found["all"] += 1
        if struck & set(beats):
            found["struck"] += 1
            found["noticed"] += alarm
            found["sure"] += sure
