"""Making amends: a line from under which the harmony has moved goes on, and comes home over the new one.

A note that turns out wrong is meant: it stays, and what follows leads from it by step to a guide tone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.devices.leading import STRONG, guide_tones, homes, near
from sideslip.music.devices.pull import step_home
from sideslip.music.devices.through import lead
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase
from sideslip.music.tension import CHROMATIC, DELAY, foreign_at, is_tone

WITHIN = 2 * TICKS
"""Ticks within which a note that turned out wrong is led home."""

BRIEFEST = TICKS // 4
"""Ticks of room that a note needs which is put in."""

HALF = TICKS // 2

FURTHER = 0.25
"""What it costs, in semitones, to come home a note later."""


@dataclass(frozen=True, slots=True)
class Amend:
    """A note that turned out wrong, the chord over which it is, and where it was led."""

    note: Note
    over: Chord
    landing: Note


def amended(phrase: Phrase, old: Changes, new: Changes, now: int, end: int) -> tuple[Phrase, tuple[Amend, ...]]:
    """A line that was made over `old` changes, as it is played over the `new` ones from tick `now` on.

    Only notes that begin at `now` or later change or are put in, and of one that sounds then its end; only where the
    chords differ, and only after notes that are chromatic there and do not come home by step within two beats. The line
    stays one note at a time and is over by tick `end`.
    """
    line, amends = list(phrase.notes), []
    begun = sum(note.onset < now for note in line)
    index = begun - (begun > 0 and line[begun - 1].end > now - TICKS)  # one that still hangs in the ear counts
    while index < len(line):
        kept, tick = line[index], _wrong(line[index], old, new, now)
        if tick is not None and not _comes_home(line, index, new, tick + WITHIN):
            by = max(tick + WITHIN, now + TICKS)
            before = tuple(line)
            index, landing = _led(line, index, new, now, by, end)
            if tuple(line) != before:
                amends.append(Amend(kept, new.at(tick), landing))
                continue
        index += 1
    return Phrase(tuple(line)), tuple(amends)


def _wrong(note: Note, old: Changes, new: Changes, now: int) -> int | None:
    """The tick since which a note is wrong over the new chords where they are not the old ones; None if it is not.

    One that sounds at `now` is held against the chord of that moment. A note of the chord before may last for half a
    beat, as anywhere, but not be held on.
    """
    at = now if note.onset < now < note.end else note.onset
    began, held = new.began(at), min(note.end, new.next(at)[0])
    tested = max(at, began + DELAY) if began + DELAY < held else at
    wrong = old.at(at) != new.at(at) and foreign_at(note.pitch, tested, new) >= CHROMATIC
    return max(note.onset, began) if wrong else None


def _comes_home(line: Sequence[Note], index: int, changes: Changes, by: int) -> bool:
    """Whether the chromatic notes from one on are left by step, for a chord tone that begins by a tick."""
    for before, note in zip(line[index:], line[index + 1 :], strict=False):
        if note.onset > by:
            return False
        if foreign_at(note.pitch, note.onset, changes) < CHROMATIC:
            return abs(note.pitch - before.pitch) in (1, 2) and is_tone(note.pitch, changes.at(note.onset))
    return False


def _led(line: list[Note], wrong: int, changes: Changes, now: int, by: int, end: int) -> tuple[int, Note]:
    """Lead a line home from a wrong note, in place; the index of the landing, and the landing.

    Home is one of the notes to come by tick `by`, if one lies within reach; else the next note is led there, or one is
    put in on the next beat. A last note that there is no room to lead anywhere, and that has not begun, is itself moved
    to a chord tone; where nothing can be done, the landing is the wrong note.
    """
    note = line[wrong]
    ahead = [i for i in range(wrong + 1, len(line)) if line[i].onset <= by]
    ways = sorted(way for last in ahead for way in _ways(line, wrong, last, changes))
    if ways:
        _, landing, pitches = ways[0]
        line[wrong : landing + 1] = [
            replace(n, pitch=pitch) for n, pitch in zip(line[wrong : landing + 1], pitches, strict=True)
        ]
        return landing, line[landing]
    if not ahead and (put_in := _put_in(note, line[wrong + 1 : wrong + 2], changes, now, by, end)):
        line[wrong] = replace(note, duration=min(note.duration, put_in[0].onset - note.onset))
        line[wrong + 1 : wrong + 1] = put_in
        return wrong + len(put_in), put_in[-1]
    landing = wrong + 1 if ahead else wrong
    home = step_home(note.pitch, changes.at(line[landing].onset), guides_first=True)
    if home is None or line[landing].onset < now:
        return wrong, note
    line[landing] = replace(line[landing], pitch=home)
    return landing, line[landing]


def _ways(
    line: Sequence[Note], wrong: int, last: int, changes: Changes
) -> Iterator[tuple[float, int, tuple[int, ...]]]:
    """How the notes after a wrong one lead to the `last` of them, by step to a guide tone, with what it costs."""
    pitches = [note.pitch for note in line[wrong : last + 1]]
    entry, after = line[last], line[last + 1].pitch if last + 1 < len(line) else None
    inner = [{p: float(abs(p - pitch)) for p in near(range(12), pitch)} for pitch in pitches[1:-1]]
    landing = homes(entry, changes, after)
    way = lead(pitches, [{pitches[0]: 0.0}, *inner, landing], None, (1, 2))
    if way is not None:
        weak = changes.meter.strength(entry.onset) < STRONG
        yield way[0] + weak + FURTHER * (last - wrong), last, way[1]


def _put_in(note: Note, following: Sequence[Note], changes: Changes, now: int, by: int, end: int) -> tuple[Note, ...]:
    """What leads a wrong note home in the rest that follows it, on a beat if it can be: a guide tone a step away, or
    the one that a note between leads to, or failing these a chord tone. Empty without room."""
    room = min((end, *(after.onset for after in following)))
    soonest = max(now, note.onset + BRIEFEST)
    beats = [tick for tick in range(-(-soonest // TICKS) * TICKS, by + 1, TICKS) if tick + BRIEFEST <= room]
    tick = next(iter(beats), soonest)
    home = step_home(note.pitch, changes.at(tick), guides_first=True)
    if home is not None and home % 12 not in guide_tones(changes.at(tick)):
        for beat in (beat for beat in beats if beat - HALF >= soonest):
            between = min(_between(note.pitch, changes.at(beat)), default=None)
            if between is not None:
                _, passing, guide = between
                on = beat - HALF
                return Note(on, passing, HALF, note.velocity), Note(beat, guide, min(TICKS, room - beat), note.velocity)
    if home is None or tick + BRIEFEST > room:
        return ()
    return (Note(tick, home, min(TICKS, room - tick), note.velocity),)


def _between(pitch: int, chord: Chord) -> Iterator[tuple[tuple[bool, int], int, int]]:
    """Pitches by which a guide tone is two steps away from a pitch, and it, with how much there is against them."""
    for guide in near(guide_tones(chord), pitch):
        for passing in range(guide - 2, guide + 3):
            if abs(passing - pitch) in (1, 2) and abs(guide - passing) in (1, 2):
                yield (passing % 12 not in chord.scale, abs(guide - pitch)), passing, guide
