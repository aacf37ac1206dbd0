"""Licks over the changes: the answer of a competent student, for when no model is there or it comes too late.

A line is made the way it is taught: a rhythm with a breath in it, and for every half bar a cell - a digital pattern, an
arpeggio, a piece of scale, an enclosure - that fits the chord and is reached by step from the cell before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord, parse_chord
from sideslip.music.dialogue import Idea, Turn
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase
from sideslip.propose.cells import LONGEST, Floats, place

SLOT = 2 * TICKS
"""A line is built in half bars: two beats, or the odd beat that is left in 3/4 or 5/4."""

RHYTHMS: dict[tuple[int, ...], float] = {
    (0, 6, 12, 18): 5.0,
    (0, 12, 18): 2.5,
    (0, 6, 12): 2.0,
    (6, 12, 18): 2.5,
    (0, 18): 1.0,
    (0, 6, 18): 1.5,
    (0, 4, 8, 12, 18): 1.5,
    (0, 6, 12, 16, 20): 1.5,
    (0, 3, 6, 12, 18): 0.5,
    (0, 3, 6, 9, 12, 18): 0.5,
    (0, 12): 1.0,
    (6, 18): 0.7,
    (6, 12): 0.7,
    (0,): 0.5,
    (6,): 0.3,
}
"""Onsets in a half bar, in ticks, and how usual they are at their own density."""

PICKUPS: tuple[tuple[int, ...], ...] = ((), (18,), (12, 18), (6, 12, 18))
"""The half bar of the breath: silence, or the pick-up to what follows."""

CADENCES: tuple[tuple[int, ...], ...] = ((0,), (0, 6), (0, 6, 12), (0, 12), (6,), (0, 6, 18), (0, 4, 8, 12))
"""The end of the line, in the first half of the last bar."""

JOIN = np.array([-3.0, 1.6, 1.4, 0.3, 0.0, -0.5, -1.5, -1.2, *[-3.0] * 4, -2.5])
"""How well two cells join, by semitones between them (12 and more together)."""

DENSITY = 1.5
"""Notes a beat where nobody has played yet: the mean of the solos in the Weimar Jazz Database."""

MIDDLE = 70
"""Middle of the register, which is then MIDI 58 to 82, unless the players have shown another."""

REPEATED = 0.3
"""How often a half bar takes the rhythm of the one before."""

LUCK = 0.8
"""Scale of the chance in the choice of a cell, in the units of JOIN."""

BRIEFEST = TICKS // 2
"""A line does not end on less than an eighth."""

ARC = (0.0, 0.65, 1.0)
"""Where in the line its height is aimed at: the start, the climax, the end."""


def _sounding(changes: Changes, tick: int) -> Chord:
    """The chord in force, or over N.C. the next one that is a chord; C7 where the tune has none."""
    chord = changes.at(tick)
    end = tick + changes.length
    while chord.quality == "NC" and tick < end:
        tick, chord = changes.next(tick)
    return parse_chord("C7") if chord.quality == "NC" else chord


@dataclass(frozen=True, slots=True)
class Manner:
    """How the others play, to be answered in kind: middle of the register, notes a beat, velocity, last pitch."""

    middle: int
    density: float
    velocity: int
    last: int

    @classmethod
    def of(cls, turn: Turn) -> "Manner":
        """From the call and what the partner played itself, kept within what a line can do."""
        call, own = turn.call, turn.partner.last(32)
        heard = own.pitches if len(own) >= 8 else call.pitches
        middle = int(np.clip(round(sum(heard) / len(heard)), 60, 78)) if heard else MIDDLE
        density = DENSITY * 4 / turn.changes.meter.unit
        if len(call) >= 3:
            density = float(np.clip(len(call) * TICKS / (call.end - call.start), 0.5, 2.5))
        velocity = round(sum(note.velocity for note in call) / len(call)) if call.notes else 80
        last = call.notes[-1].pitch if call.notes else middle
        return cls(middle, density, int(np.clip(velocity, 50, 110)), last)


def _form(turn: Turn) -> tuple[list[tuple[int, int]], int]:
    """The half bars of a turn as (start, ticks), less than a beat at the end left out, and which has the cadence."""
    slots, tick, bar = [], turn.start, turn.changes.meter.bar
    while turn.end - tick >= TICKS:
        ticks = min(SLOT, bar - (tick - turn.start) % bar, turn.end - tick)
        slots.append((tick, ticks))
        tick += ticks
    slots = slots or [(turn.start, turn.end - turn.start)]
    last_bar = next((i for i, (start, _) in enumerate(slots) if start >= turn.end - bar), 0)
    return slots, max(last_bar, min(1, len(slots) - 1))


def _draw(odds: Floats, rng: np.random.Generator) -> int:
    cumulative = odds.cumsum()
    return int(np.searchsorted(cumulative, rng.random() * cumulative[-1], side="right"))


def _rhythm(slots: list[tuple[int, int]], cadence: int, density: float, rng: np.random.Generator) -> list[int]:
    """Onsets of a line: runs of two to five half bars, a breath between, and a cadence that leaves room at the end."""
    cells = list(RHYTHMS)
    counts = np.array([len(cell) for cell in cells])
    odds = np.array(list(RHYTHMS.values())) * np.exp(-0.5 * ((counts / 2 - density) / 0.5) ** 2)
    on_the_beat = odds * [cell[0] == 0 for cell in cells]
    breath, chosen, onsets = int(rng.integers(2, 6)), 0, []
    for i, (start, ticks) in enumerate(slots[: cadence + 1]):
        if i == cadence:
            cell = CADENCES[int(rng.integers(len(CADENCES)))] if i else (0,)
        elif i == breath:
            cell, breath = PICKUPS[int(rng.integers(len(PICKUPS)))], i + int(rng.integers(3, 6))
        else:
            if i == 0 or rng.random() > REPEATED:
                chosen = _draw(odds if i else on_the_beat, rng)
            cell = cells[chosen]
        onsets += [start + onset for onset in cell if onset < ticks]
    return onsets


def _answering(turn: Turn, slots: list[tuple[int, int]], cadence: int, onsets: list[int]) -> list[int]:
    """The call's own rhythm from the start of the turn, as far as it goes, and from there the onsets given."""
    back = (turn.call.start - turn.start) // TICKS * TICKS
    heard = [turn.start, *sorted({note.onset - back for note in turn.call if note.onset > turn.call.start})]
    over = next((start for start, _ in slots[:cadence] if start > heard[-1]), slots[cadence][0])
    return [onset for onset in heard if onset < over] + [onset for onset in onsets if onset >= over]


def _groups(
    onsets: list[int], slots: list[tuple[int, int]], middle: int, changes: Changes
) -> Iterator[tuple[Chord, list[int]]]:
    """Onsets by half bar and chord, as many together as a cell can be placed on."""
    for start, ticks in slots:
        for tick, _ in changes.between(start, start + ticks):
            chord, end = _sounding(changes, tick), min(changes.next(tick)[0], start + ticks)
            inside = [onset for onset in onsets if tick <= onset < end]
            for i in range(0, len(inside), LONGEST):
                yield from ((chord, part) for part in _placeable(inside[i : i + LONGEST], chord, middle))


def _placeable(onsets: list[int], chord: Chord, middle: int) -> Iterator[list[int]]:
    """Onsets of one cell; where the chord has no cell of so many notes, both halves."""
    if len(place(chord, len(onsets), middle).pitches):
        yield onsets
    else:
        half = (len(onsets) + 1) // 2
        yield from _placeable(onsets[:half], chord, middle)
        yield from _placeable(onsets[half:], chord, middle)


def _line(
    groups: list[tuple[Chord, list[int]]], manner: Manner, changes: Changes, rng: np.random.Generator
) -> list[int]:
    """A pitch for every onset: cell after cell, each chosen by how it joins and opens, its height and some luck."""
    pitches: list[int] = []
    last, cell, over, chord_before = manner.last, -1, groups[0][1][0] - 2 * TICKS, groups[0][0]
    arc = manner.middle + np.array([rng.uniform(-5, 5), rng.uniform(-1, 8), rng.uniform(-5, 2)])
    for i, (chord, onsets) in enumerate(groups):
        placed = place(chord, len(onsets), manner.middle)
        tied = 1.0 if onsets[0] - over <= TICKS else 0.3
        aimed = 1.5 if chord is not chord_before else 0.5 if changes.meter.strength(onsets[0]) >= 2 else 0.2
        score = tied * JOIN[np.minimum(np.abs(placed.pitches[:, 0] - last), 12)] + aimed * placed.opens
        score += 0.5 * (placed.cell == cell) + LUCK * rng.gumbel(size=len(score))
        score -= ((placed.height - np.interp(i / len(groups), ARC, arc)) / 6) ** 2
        if i == len(groups) - 1:
            score -= 100 * placed.open_end
        best = int(score.argmax())
        line = placed.pitches[best].tolist()
        pitches += line
        last, cell, over, chord_before = line[-1], int(placed.cell[best]), onsets[-1], chord
    return pitches


def _articulated(onsets: list[int], pitches: list[int], end: int, velocity: int) -> Phrase:
    """Notes legato up to a beat long, the tops of the line a little louder, and the last one over by `end`."""
    notes = []
    for i, (onset, pitch) in enumerate(zip(onsets, pitches, strict=True)):
        final = i + 1 == len(onsets)
        room = min(end, onset + TICKS * 3 // 2) - onset if final else onsets[i + 1] - onset
        longest = TICKS * 3 // 2 if final else TICKS if onset % TICKS == 0 else TICKS * 3 // 4
        before, after = pitches[max(0, i - 1)], pitches[min(i + 1, len(pitches) - 1)]
        accent = 8 if before < pitch > after else -6 if before > pitch < after else 0
        notes.append(Note(onset, pitch, max(1, min(room, longest)), velocity + accent))
    return Phrase(tuple(notes))


@dataclass(frozen=True, slots=True)
class LickProposer:
    """Proposes `count` lines from the licks; every third takes over the rhythm of the call. Needs no model."""

    count: int = 16

    def propose(self, turn: Turn, seed: int) -> tuple[Idea, ...]:
        """Inside lines over the changes, as `Proposer.propose` promises; none for an empty turn."""
        if turn.end <= turn.start:
            return ()
        rng = np.random.default_rng(seed)
        manner = Manner.of(turn)
        slots, cadence = _form(turn)
        end = max(turn.start + 1, turn.end - (TICKS if cadence else 0))
        ideas = []
        for number in range(self.count):
            onsets = _rhythm(slots, cadence, manner.density, rng)
            if number % 3 == 1 and len(turn.call) >= 3:
                onsets = _answering(turn, slots, cadence, onsets)
            onsets = onsets[:1] + [onset for onset in onsets[1:] if onset + BRIEFEST <= end]
            groups = list(_groups(onsets, slots, manner.middle, turn.changes))
            pitches = _line(groups, manner, turn.changes, rng)
            ideas.append(Idea(_articulated(onsets, pitches, end, manner.velocity), "lick"))
        return tuple(ideas)
