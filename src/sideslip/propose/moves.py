"""Four ways to begin an answer to a player's wrong note, up to the landing from which the answer goes on.

Soloists resolve an exposed wrong note of their own by semitone about twice as often as chance would (Weimar Jazz
Database, beside solos transposed against their changes); what a partner does about another's nobody has measured.

Every opening is a line of single notes from the turn's start on, over before the turn is; its last note is the landing,
a chord tone. None where the turn has no room for it or no chord.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.devices.leading import homes, near
from sideslip.music.devices.pull import step_home
from sideslip.music.devices.stand_in import fits, heard_as
from sideslip.music.devices.through import lead
from sideslip.music.dialogue import Mending, Turn, WrongNote
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Note, Phrase
from sideslip.music.pitch import HIGHEST, LOWEST
from sideslip.music.tension import foreignness, is_tone

BEFORE = 4
"""Notes of the player's, before the wrong one, that are taken up with it at most."""

BREATH = 2 * TICKS
"""Ticks between two onsets of the player's from which on they are not one figure."""

LONGEST = 2 * TICKS
"""Ticks that a wrong note is held at most when it is played back."""

BRIEFEST = TICKS // 2
"""Ticks of the turn that a landing needs."""

COPIES = (1, -1, 2, -2, 3, -3, 4, -4, 5, -5)
"""Semitones by which an echoed figure is moved."""

CONTOURS = ((0, 4, 7, 4), (0, -3, -7, -4), (0, 4, 2, 0), (0, -4, -2, 0))
"""What a line through a stand-in is like, in semitones from the wrong note; the last is its way home."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How an answer begins; the last of its notes is the landing."""

    mending: Mending
    notes: tuple[Note, ...]

    @property
    def landing(self) -> Note:
        """Where the wrong note has been led."""
        return self.notes[-1]


def openings(turn: Turn, wrong: WrongNote, middle: float) -> Iterator[Opening]:
    """What each move makes of a wrong note, in the register about a middle pitch; a move that cannot be made is left
    out."""
    changes = turn.changes
    tone = at_octave(wrong.note.pitch, middle)
    yield from _resolved(turn, wrong, tone)
    figure = _figure(turn, wrong, middle)
    if len(figure) > 1:
        yield from _echoed(turn, wrong, figure)
        for shift in (1, -1):
            yield from _committed(turn, wrong, figure, shift)
    if changes.at(turn.start).quality != "NC":
        yield from _reharmonised(turn, wrong, tone)


def at_octave(pitch: int, middle: float) -> int:
    """The pitch in the octave that is nearest to a middle one, with room for a step on either side."""
    places = [p for p in range(pitch % 12, 128, 12) if LOWEST + 2 <= p <= HIGHEST - 2]
    return min(places, key=lambda p: (abs(p - middle), p))


# ---------------------------------------------------------------- the moves


def _resolved(turn: Turn, wrong: WrongNote, tone: int) -> Iterator[Opening]:
    """The wrong note for the rest of the beat, then the chord tone where it wanted to go."""
    start, changes = turn.start, turn.changes
    beat = start - start % TICKS + TICKS
    home = step_home(tone, changes.at(beat))
    if home is not None and not is_tone(tone, changes.at(start)):
        notes = (Note(start, tone, beat - start), Note(beat, home, BRIEFEST))
        yield from _opening(turn, Mending("resolve", wrong.note, changes.at(start)), notes)


def _echoed(turn: Turn, wrong: WrongNote, figure: Sequence[Note]) -> Iterator[Opening]:
    """The player's figure brought home by step; then all of it elsewhere, where the wrong note is a chord tone."""
    changes = turn.changes
    said = _brought_home(figure, turn.call, wrong, changes)
    if said is None:
        return
    mending = Mending("echo", wrong.note, changes.at(turn.start))
    copy = _copied(said, changes)
    whole = list(_opening(turn, mending, (*said, *copy))) if copy else []
    yield from whole or _opening(turn, mending, said)


def _committed(turn: Turn, wrong: WrongNote, figure: Sequence[Note], shift: int) -> Iterator[Opening]:
    """The player's figure a semitone away, then slipped back to where it was played, and home by step."""
    changes = turn.changes
    gap, beats = _held(turn.call, wrong), figure[-1].onset - figure[0].onset
    period = -(-(beats + gap) // TICKS) * TICKS
    away = [note.moved(semitones=shift) for note in figure]
    back = _brought_home([note.moved(period) for note in figure], turn.call, wrong, changes, guides_first=True)
    if back is not None:
        yield from _opening(turn, Mending("commit", wrong.note, changes.at(turn.start), shift), (*away, *back))


def _reharmonised(turn: Turn, wrong: WrongNote, tone: int) -> Iterator[Opening]:
    """A line through the chord that has the wrong note as a tone or tension, home by step within two beats."""
    start, changes = turn.start, turn.changes
    written, (_, coming) = changes.at(start), changes.next(start)
    over = written if fits(tone, written) else heard_as(tone, written, coming)
    if over is None:
        return
    for beats in (2, 1):  # the shorter way where the turn has no room for the longer
        beat = start - start % TICKS + beats * TICKS
        onsets = (start, beat - TICKS, beat - TICKS // 2, beat) if beats > 1 else (start, beat - TICKS // 2, beat)
        line = _through(tone, over, onsets, changes)
        found = list(_opening(turn, Mending("reharmonise", wrong.note, over), line)) if line else []
        if found:
            yield from found
            return


# ---------------------------------------------------------------- how they are made


def _opening(turn: Turn, mending: Mending, notes: Sequence[Note]) -> Iterator[Opening]:
    """An opening of some notes, unless it leaves the turn or the range."""
    inside = all(LOWEST <= note.pitch <= HIGHEST for note in notes) and notes[-1].onset + BRIEFEST <= turn.end
    if inside:
        held = [replace(a, duration=min(a.duration, b.onset - a.onset)) for a, b in pairwise(notes)]
        yield Opening(mending, (*held, replace(notes[-1], duration=BRIEFEST)))


def _figure(turn: Turn, wrong: WrongNote, middle: float) -> tuple[Note, ...]:
    """The player's notes up to the wrong one, that one included, moved to the turn's start and to its register.

    As many as hang together, five at most; they begin on a beat where some of them do, so that they keep their places
    in it.
    """
    line = turn.call.monophonic().notes
    index = next((i for i, n in enumerate(line) if (n.onset, n.pitch) == (wrong.note.onset, wrong.note.pitch)), None)
    if index is None:
        return ()
    first = index
    while first and index - first < BEFORE and line[first].onset - line[first - 1].onset < BREATH:
        first -= 1
    on_beats = [i for i in range(first, index) if line[i].onset % TICKS == wrong.note.onset % TICKS]
    taken = line[min(on_beats, default=first) : index + 1]
    mean = sum(note.pitch for note in taken) / len(taken)
    octave = 12 * round((middle - mean) / 12)
    return tuple(note.moved(turn.start - taken[0].onset, octave) for note in taken)


def _held(call: Phrase, wrong: WrongNote) -> int:
    """Ticks from the wrong note to what is played after it: what the player let pass, in reason."""
    after = min((note.onset for note in call if note.onset > wrong.note.onset), default=wrong.note.onset + TICKS)
    return max(BRIEFEST, min(after - wrong.note.onset, LONGEST))


def _brought_home(
    figure: Sequence[Note], call: Phrase, wrong: WrongNote, changes: Changes, guides_first: bool = False
) -> tuple[Note, ...] | None:
    """A figure that ends on a wrong note, with the step home after it."""
    held, last = _held(call, wrong), figure[-1]
    home = step_home(last.pitch, changes.at(last.onset + held), guides_first)
    if home is None:
        return None
    return (*figure[:-1], replace(last, duration=held), Note(last.onset + held, home, TICKS))


def _copied(said: Sequence[Note], changes: Changes) -> tuple[Note, ...]:
    """What was said once more, moved as little as can be so that the wrong note, the last but one, is a chord tone; the
    landing is moved to the nearest. Empty where it cannot be."""
    period = -(-(said[-1].onset + BRIEFEST - said[0].onset) // TICKS) * TICKS
    found = []
    for shift in COPIES:
        copy = [note.moved(period, shift) for note in said]
        tone, landing = copy[-2], copy[-1]
        chord = changes.at(landing.onset)
        ends = [p for p in near(range(12), landing.pitch, 2) if is_tone(p, chord) and p != tone.pitch]
        if is_tone(tone.pitch, changes.at(tone.onset)) and ends:
            end = min(ends, key=lambda p: (abs(p - landing.pitch), p))
            foreign = sum(foreignness(changes.at(n.onset))[(n.pitch - changes.at(n.onset).root) % 12] for n in copy)
            cost = abs(shift) + abs(end - landing.pitch) + foreign
            found.append((cost, shift, (*copy[:-1], replace(landing, pitch=end))))
    return min(found, default=(0, 0, ()))[2]


def _through(tone: int, over: Chord, onsets: Sequence[int], changes: Changes) -> tuple[Note, ...]:
    """A line from a tone through those of a chord, home by step to a guide tone of the chord written at the end."""
    ways = []
    for contour in CONTOURS:
        line = [tone + step for step in (*contour[: len(onsets) - 1], contour[-1])]
        entry = Note(onsets[-1], line[-1], BRIEFEST)
        landing = homes(entry, changes, None)
        inner = [{p: float(abs(p - target)) for p in near(over.tones, target)} for target in line[1:-1]]
        way = lead(line, [{tone: 0.0}, *inner, landing], None, (1, 2))
        if way is not None:
            ways.append(way)
    if not ways:
        return ()
    ends = (*onsets[1:], onsets[-1] + BRIEFEST)
    return tuple(Note(on, pitch, end - on) for on, end, pitch in zip(onsets, ends, min(ways)[1], strict=True))
