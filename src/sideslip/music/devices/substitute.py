"""Other chords on the way to the next one: the rhythm and contour of a line led through them, then home by step."""

from sideslip.music.changes import Changes
from sideslip.music.chord import Chord
from sideslip.music.devices.through import above, approach, relead, segment
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase
from sideslip.music.scale import SCALES

SEVENTH = (0, 4, 7, 10)

ON_DOMINANTS = (0, 2, 4, 7, 9, 10)
"""What is played over the dominants of a cycle, in semitones above their roots: mixolydian without the fourth, which
would blur where each third is."""


def resolves(chord: Chord, after: Chord) -> bool:
    """Whether a chord is a dominant that goes where dominants go: a fourth up."""
    return chord.quality in ("dom", "domalt") and after.quality != "NC" and (after.root - chord.root) % 12 == 5


def tritone_substitution(phrase: Phrase, changes: Changes, at: int) -> Phrase | None:
    """Play the dominant in force at tick `at` as the dominant a tritone away, and fall home by semitone.

    Over the last bar of the dominant at most, its chord tones become chord tones of the substitute and other notes its
    lydian dominant scale, either nearest to the line or as the line a tritone away, whichever leads better. The first
    note over the next chord becomes a guide tone a semitone from the last. None unless at least three notes lie over a
    dominant that moves up a fourth, two of them become foreign to it, and the next chord is met within a beat.
    """
    chord, (change, after) = changes.at(at), changes.next(at)
    over = segment(phrase, max(changes.began(at), change - changes.meter.bar), change)
    if not resolves(chord, after) or over is None or over[1] - over[0] < 3:
        return None
    root = chord.root + 6
    tones, scale = above(root, SEVENTH), above(root, SCALES["lydian_dom"])
    outside = tuple(pc for pc in scale if pc in tones or pc not in chord.scale)

    def palette(index: int) -> tuple[int, ...]:
        return tones if phrase.notes[index].pitch % 12 in chord.tones else outside

    played = relead(phrase, *over, palette, changes, shifts=(0, 6, -6), exit_steps=(1,))
    if played is None or sum(pitch % 12 not in chord.tones for pitch in played.pitches[slice(*over)]) < 2:
        return None
    return played


def backcycle(phrase: Phrase, changes: Changes, to: int, chords: int = 4) -> Phrase | None:
    """Play the dominants that lead by fourths to the chord in force at tick `to`, one each half bar.

    Over the two bars before a C they are E7 A7 D7 G7, whatever the changes are. The line lands on a guide tone at `to`
    or within a beat after. None where no chord is, a dominant has no note, or none would be heard (`approach`).
    """
    target = changes.at(to)
    if target.quality == "NC":
        return None
    return approach(phrase, changes, to, chords, lambda back: above(target.root + 7 * back, ON_DOMINANTS))


def anticipate(phrase: Phrase, changes: Changes, at: int, ticks: int = TICKS) -> Phrase | None:
    """Play the tones of the chord that comes next after tick `at` already `ticks` before the change.

    Of two notes or more the last is any of its scale, so that it leads to a guide tone.
    None if no note lies there, nothing changes, the next chord is not met within a beat of the change, or no tone would
    be heard early that the chord in force has not.
    """
    change, after = changes.next(at)
    early = segment(phrase, change - ticks, change)
    if early is None or change - ticks < changes.began(at) or after == changes.at(at):
        return None
    leads = early[1] - 1 if early[1] - early[0] > 1 else None
    played = relead(phrase, *early, lambda i: after.scale if i == leads else after.tones, changes)
    new = set(after.tones) - set(changes.at(at).tones)
    return played if played is not None and any(p % 12 in new for p in played.pitches[slice(*early)]) else None


def delay_resolution(phrase: Phrase, changes: Changes, at: int, ticks: int = TICKS) -> Phrase | None:
    """Stay with the tones of the chord in force at tick `at` for `ticks` after the change, then step to a guide tone.

    None unless the chord is a dominant that moves up a fourth and a note follows within a beat after the delay.
    """
    chord, (change, after) = changes.at(at), changes.next(at)
    late = segment(phrase, change, change + ticks)
    if late is None or not resolves(chord, after) or changes.next(change)[0] <= change + ticks:
        return None
    return relead(phrase, *late, lambda _: chord.tones, changes)
