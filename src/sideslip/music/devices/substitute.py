"""Playing one harmony over another: the rhythm and contour of a line led through other chords, then home by step."""

from bisect import bisect_left
from collections.abc import Iterable

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.devices.leading import Way, relead
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase
from sideslip.music.scale import SCALES

SEVENTH = (0, 4, 7, 10)

TRIAD_PAIRS: dict[str, tuple[int, int]] = {"maj": (2, 7), "maj7": (2, 7), "dom": (6, 8), "domalt": (6, 8)}
"""By chord quality, the roots above the chord's of two major triads without a common tone: II and V colour a major
chord lydian, bV and bVI make a dominant altered."""

_MAJOR_TRIAD = (0, 4, 7)
_LATEST = TICKS
"""A resolution that begins later than a beat after the change is no longer heard as one."""


def _above(root: int, degrees: Iterable[int]) -> tuple[int, ...]:
    return tuple((root + degree) % 12 for degree in degrees)


def _segment(phrase: Phrase, start: int, end: int) -> tuple[int, int] | None:
    """Indices of the first note in start <= tick < end and of the first after it; None if home is missing or late."""
    onsets = [note.onset for note in phrase.notes]
    first, home = bisect_left(onsets, start), bisect_left(onsets, end)
    return (first, home) if first < home < len(onsets) and onsets[home] <= end + _LATEST else None


def resolves(chord: Chord, after: Chord) -> bool:
    """Whether a chord is a dominant that goes where dominants go: a fourth up."""
    return chord.quality in ("dom", "domalt") and after.quality != "NC" and (after.root - chord.root) % 12 == 5


def tritone_substitution(phrase: Phrase, changes: Changes, at: int) -> Phrase | None:
    """Play the dominant in force at tick `at` as the dominant a tritone away, and fall home by semitone.

    Over the last bar of the dominant at most, its chord tones become chord tones of the substitute and other notes its
    lydian dominant scale, either nearest to the line or as the line a tritone away, whichever leads better. The first
    note over the next chord becomes a chord tone a semitone from the last. None unless at least three notes lie over a
    dominant that moves up a fourth, two of them become foreign to it, and the next chord is met within a beat.
    """
    chord, (change, after) = changes.at(at), changes.next(at)
    segment = _segment(phrase, max(changes.began(at), change - changes.meter.bar), change)
    if not resolves(chord, after) or segment is None or segment[1] - segment[0] < 3:
        return None
    root = chord.root + 6
    tones, scale = _above(root, SEVENTH), _above(root, SCALES["lydian_dom"])
    foreign = tuple(pc for pc in scale if pc in tones or pc not in chord.scale)

    def palette(index: int) -> tuple[int, ...]:
        return tones if phrase.notes[index].pitch % 12 in chord.tones else foreign

    played = relead(phrase, *segment, palette, changes, Way(shifts=(0, 6, -6), exit_steps=(1,)))
    if played is None or sum(pitch % 12 not in chord.tones for pitch in played.pitches[slice(*segment)]) < 2:
        return None
    return played


def anticipate(phrase: Phrase, changes: Changes, at: int, ticks: int = TICKS) -> Phrase | None:
    """Play the tones of the chord that comes next after tick `at` already `ticks` before the change.

    None if no note lies there, nothing changes, or the next chord is not met within a beat of the change.
    """
    change, after = changes.next(at)
    segment = _segment(phrase, change - ticks, change)
    if segment is None or change - ticks < changes.began(at) or after == changes.at(at):
        return None
    return relead(phrase, *segment, lambda _: after.tones, changes)


def delay_resolution(phrase: Phrase, changes: Changes, at: int, ticks: int = TICKS) -> Phrase | None:
    """Stay with the tones of the chord in force at tick `at` for `ticks` after the change, then step to a guide tone.

    None unless the chord is a dominant that moves up a fourth and a note follows within a beat after the delay.
    """
    chord, (change, after) = changes.at(at), changes.next(at)
    segment = _segment(phrase, change, change + ticks)
    if segment is None or not resolves(chord, after) or changes.next(change)[0] <= change + ticks:
        return None
    return relead(phrase, *segment, lambda _: chord.tones, changes, Way(guides_only=True))


def triad_pair(phrase: Phrase, changes: Changes, first: int, last: int) -> Phrase | None:
    """Superimpose two triads on notes `first` to `last` (indices, both included), three notes of each in turn.

    The pair is that of the chord in force at the first note (`TRIAD_PAIRS`). None unless 4 to 12 notes and a note to
    come home to lie within reach of it, or if the chord has no pair.
    """
    notes = phrase.notes
    if not (first >= 0 and last + 1 < len(notes) and 4 <= last - first + 1 <= 12):
        return None
    chord = changes.at(notes[first].onset)
    if chord.quality not in TRIAD_PAIRS:
        return None
    pair = [_above(chord.root + root, _MAJOR_TRIAD) for root in TRIAD_PAIRS[chord.quality]]
    return relead(phrase, first, last + 1, lambda i: pair[(i - first) // 3 % 2], changes)
