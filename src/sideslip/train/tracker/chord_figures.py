"""How well the tracker hears chords without a chart, and notices a substitution with one, under simulated comping."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.harmony.tracker import HarmonyTracker
from sideslip.listen.harmony.vocabulary import DOMINANT, FAMILIES, Floats, index_of
from sideslip.music.chord import Chord
from sideslip.music.meter import TICKS
from sideslip.train.solos import Solo
from sideslip.train.tracker.comping import Struck, shells
from sideslip.train.tracker.harmony import chord_indices
from sideslip.train.tracker.hearing import Form, Note, follow, form_of, played, rng_of


def chord_figures(solos: Sequence[Solo], tables: HarmonyTables, seed: int = 1) -> dict[str, float]:
    """Solo and comping, no chart: share of beats with the right root, or root and family."""
    found: dict[str, float] = {}
    for suffix, rootless in (("", False), ("_rootless", True)):
        hits = np.zeros(3)
        beats = 0
        for number, solo in enumerate(solos):
            hit, count = _hits(solo, tables, shells(solo.chord_at_beat, rng_of(seed, 1, number), rootless))
            hits, beats = hits + hit, beats + count
        names = ("root_online", "root_lag1", "root_quality_online")
        found |= {name + suffix: float(hit / beats) for name, hit in zip(names, hits, strict=True)}
    return found


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

    False alarms are counted per chord of the chart where the comping is the chart's, and where there is none.
    """
    found: Counter[str] = Counter()
    for number, solo in enumerate(solos):
        if form := form_of(solo):
            chart = [form.chart.at(beat * TICKS) for beat in range(form.unbroken)]
            for kind, comped in (("other", [_substitute(chord) for chord in chart]), ("same", chart), ("line", ())):
                comping = shells(comped, rng_of(seed, 3, number))
                _count_alarms(solo, form, tables, comping, kind, found)
    return {
        "reharmonisation_noticed": found["noticed"] / max(1, found["substitutes"]),
        "reharmonisation_false": found["alarms same"] / max(1, found["chords same"]),
        "reharmonisation_false_line": found["alarms line"] / max(1, found["chords line"]),
    }


def _substitute(chord: Chord) -> Chord:
    index = index_of(chord)
    return chord.transposed(6) if index is not None and index % len(FAMILIES) == DOMINANT else chord


def _count_alarms(
    solo: Solo, form: Form, tables: HarmonyTables, comping: Sequence[Struck], kind: str, found: Counter[str]
) -> None:
    start = form.choruses[0]
    line = [Note(note.beat - start, note.pitch) for note in played(solo) if note.beat >= start]
    notes = sorted([*line, *(Note(n.beat, n.pitch) for n in comping)], key=lambda note: (note.beat, note.pitch))
    struck = {int(note.beat) for note in comping}
    tracker = HarmonyTracker(tables, solo.meter, form.chart)
    beliefs = follow(tracker, notes, solo.tempo, range(form.unbroken))
    alarms = [belief.stance == "reharmonising" for belief in beliefs]
    for began, span in groupby(range(form.unbroken), key=lambda beat: form.chart.began(beat * TICKS)):
        beats = list(span)
        alarm = any(alarms[beat] for beat in beats)
        if kind != "other":
            found["chords " + kind] += 1
            found["alarms " + kind] += alarm
        elif struck & set(beats) and form.chart.at(began) != _substitute(form.chart.at(began)):
            found["substitutes"] += 1
            found["noticed"] += alarm
