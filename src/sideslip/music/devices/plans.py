"""Plans for a whole phrase: inside at first, then one idea all the way out, and home on beat 1 of the last bar.

In four bars a plan leaves in bar 2 and is home on beat 1 of bar 4. What is out is one idea, so that it is heard as
meant: the line shifted, a figure of its own that climbs or goes out and in, or harmonies that lead home half bar by
half bar. The line keeps its density.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sideslip.music.changes import Changes
from sideslip.music.devices.applications import Family
from sideslip.music.devices.leading import brought_home
from sideslip.music.devices.substitute import backcycle
from sideslip.music.devices.superimpose import falling_pentatonics
from sideslip.music.devices.through import foreign, half_bar
from sideslip.music.meter import TICKS, Meter
from sideslip.music.phrase import Note, Phrase
from sideslip.music.tension import is_tone_at

FARTHEST = 4
"""Bars out at most: of the places outside in the record nine in ten are shorter than seven beats."""

FEWEST = 3
"""Notes out, and notes in a figure: fewer are not heard as meant."""

LONGEST_REST = 2 * TICKS
"""Ticks from note to note while a line is out, at most: nobody keeps a shift in the ear over more."""

HEARD = 1 / 3
"""Share of the notes out that are foreign to the chord in force, at least: with fewer nobody hears that it was left."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line with a note on beat 1 of its last bar, tick `home`, and where it may be out: from tick `out` until then.

    `first` and `rest` are the indices of the first note out and of the one at `home`; `half` is half a bar in ticks.
    """

    line: Phrase
    out: int
    home: int
    first: int
    rest: int
    half: int

    def copies(self, ticks: int) -> int:
        """How many times some ticks lie out; 0 if they do not fill the time."""
        times, left = divmod(self.home - self.out, ticks)
        return 0 if left else times


def stretch(phrase: Phrase, meter: Meter) -> Stretch | None:
    """Where a phrase may be out: from the first bar line after half a bar or more until its last bar.

    If that is no time at all, from half a bar earlier. None if the line is not inside for half a bar before, if too few
    notes are out, or if they come late.
    """
    if not phrase.notes:
        return None
    bar, half = meter.bar, half_bar(meter)
    home = phrase.notes[-1].onset // bar * bar
    inside = phrase.start + half
    line_after = -(-inside // bar) * bar
    out = max(line_after, home - FARTHEST * bar) if line_after < home else home - half
    if out < inside:
        return None
    line = Phrase(_with_note_at(phrase.notes, home))
    onsets = [note.onset for note in line]
    first, rest = bisect_left(onsets, out), bisect_left(onsets, home)
    late = onsets[first] >= out + half
    rests = any(b - a > LONGEST_REST for a, b in pairwise(onsets[first - 1 : rest + 1]))
    return None if late or rests or rest - first < FEWEST else Stretch(line, out, home, first, rest, half)


def _with_note_at(notes: tuple[Note, ...], tick: int) -> tuple[Note, ...]:
    """A line with a note on a tick that lies within it: the nearest within a beat is moved there, else one is put."""
    i = bisect_left([note.onset for note in notes], tick)
    before, after = notes[i - 1], notes[i]
    early, late = tick - before.onset, after.onset - tick
    if late == 0:
        return notes
    if late <= min(early, TICKS):
        kept, there, rest = notes[:i], replace(after, onset=tick, duration=after.end - tick), notes[i + 1 :]
    else:
        kept, rest = (notes[: i - 1] if early <= TICKS else notes[:i]), notes[i:]
        there = replace(before, onset=tick, duration=min(before.duration, TICKS, late))
    return (*kept[:-1], _until(kept[-1], tick), there, *rest)


def _until(note: Note, tick: int) -> Note:
    """A note that is over by a tick."""
    return replace(note, duration=min(note.duration, tick - note.onset))


Play = Callable[[Stretch, Changes], Phrase | None]
"""One idea for a stretch."""


def _planned(play: Play) -> Family:
    def family(phrase: Phrase, changes: Changes) -> Iterator[Phrase]:
        way = stretch(phrase, changes.meter)
        made = None if way is None else play(way, changes)
        if way is not None and made is not None and _is_meant(made, way, changes):
            yield made

    return family


def _is_meant(made: Phrase, way: Stretch, changes: Changes) -> bool:
    """Whether a plan is heard as one: the line has left the changes, and once home it ends there, on a chord tone."""
    rest, last = len(made) - (len(way.line) - way.rest), made.notes[-1]
    left = foreign(made, changes, way.first, rest) >= HEARD * (rest - way.first)
    return left and is_tone_at(last.pitch, last.onset, changes)


def _slipped(semitones: int) -> Play:
    """The line itself, shifted."""

    def play(way: Stretch, changes: Changes) -> Phrase | None:
        away = [note.moved(semitones=semitones) for note in way.line.notes[way.first : way.rest]]
        return brought_home(way.line, way.first, away, way.rest, changes)

    return play


def _repeated(shifts: Callable[[int], Sequence[int]], bars: bool = True) -> Play:
    """The half bar before the line leaves, again in each of n half bars out, `shifts(n)` semitones away.

    Where that will not do the bar before, in each of n bars, if `bars`. It does where n is two at least, the figure has
    notes enough, and the line becomes neither much denser nor thinner.
    """

    def play(way: Stretch, changes: Changes) -> Phrase | None:
        notes, out = way.line.notes, way.rest - way.first
        for ticks in (way.half, changes.meter.bar) if bars else (way.half,):
            figure, copies = way.line.between(way.out - ticks, way.out).notes, way.copies(ticks)
            if copies >= 2 and len(figure) >= FEWEST and 2 / 3 <= copies * len(figure) / out <= 3 / 2:
                last = _until(figure[-1], way.out)
                line = Phrase((*notes[: way.first - 1], last, *notes[way.first :]))
                each = enumerate(shifts(copies), 1)
                away = [note.moved(ticks * k, up) for k, up in each for note in (*figure[:-1], last)]
                return brought_home(line, way.first, away, way.rest, changes, (0, 12, -12))
        return None

    return play


def _climb(step: int) -> Play:
    return _repeated(lambda copies: [step * k for k in range(1, copies + 1)])


def _out_and_in(semitones: int) -> Play:
    """Every other half bar out, the last one before home among them."""
    return _repeated(lambda copies: [semitones * (k % 2) for k in range(copies, 0, -1)], bars=False)


def _led(device: Callable[[Phrase, Changes, int, int], Phrase | None]) -> Play:
    """Another harmony each half bar, up to the chord at home."""

    def play(way: Stretch, changes: Changes) -> Phrase | None:
        chords = way.copies(way.half)
        return device(way.line, changes, way.home, chords) if chords >= 2 else None

    return play


PLANS: dict[str, Family] = {
    "planned side-slip up a semitone": _planned(_slipped(1)),
    "planned side-slip down a semitone": _planned(_slipped(-1)),
    "planned side-slip by a tritone": _planned(_slipped(6)),
    "planned repeated side-slip up a semitone": _planned(_out_and_in(1)),
    "planned repeated side-slip down a semitone": _planned(_out_and_in(-1)),
    "planned sequence in semitones": _planned(_climb(1)),
    "planned sequence in semitones, falling": _planned(_climb(-1)),
    "planned sequence in minor thirds": _planned(_climb(3)),
    "planned sequence in minor thirds, falling": _planned(_climb(-3)),
    "planned backcycle": _planned(_led(backcycle)),
    "planned fall of pentatonics": _planned(_led(falling_pentatonics)),
}
"""By its name in words, what a plan makes of a phrase (one note at a time): one phrase, or none."""
