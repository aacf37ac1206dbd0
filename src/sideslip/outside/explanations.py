"""What could explain notes that left the changes, and how well each explanation foretells them.

Three kinds. Another chord than the one in force: that chord shifted, its substitute, the next or the last chord, the
dominant of the next. Some pitch classes and no others: a pentatonic, triads, the blues, the altered scale. And patterns
(`patterns`): a figure that is moved on, a chromatic run, approach notes.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from sideslip.music.meter import TICKS
from sideslip.music.pitch import FLAT_NAMES
from sideslip.music.scale import SCALES
from sideslip.music.tension import CHROMATIC, NO_QUALITY, QUALITIES
from sideslip.outside.lines import Bools, ChordsAt, Floats, Ints
from sideslip.outside.passage import Passage
from sideslip.outside.patterns import approached, moved_on, run_on, through_triads

SLIPS = {
    1: "side-slip up a semitone",
    -1: "side-slip down a semitone",
    6: "side-slip by a tritone",
    2: "side-slip up a whole tone",
    -2: "side-slip down a whole tone",
    3: "side-slip up a minor third",
    -3: "side-slip down a minor third",
    4: "side-slip up a major third",
    -4: "side-slip down a major third",
}
"""By semitones; over dominants the tritone is the substitution."""

REACH = 4 * TICKS
"""Ticks before a change in which the next chord may be meant, and after it in which the last one may."""

FOURTH = 5
"""Semitones that a dominant moves up where it leads home."""

CYCLES, LONGEST_CYCLE = (2 * TICKS, 4 * TICKS), 4
"""Ticks of each dominant of a cycle, and how many there are at most."""

STRAY = 0.1
"""Share of the notes that lie beside the pitch classes that are meant."""

PENTATONIC, BLUES = (0, 2, 4, 7, 9), (0, 3, 5, 6, 7, 10)

TONICS = (0, 7, 5)
"""Semitones from a dominant or minor chord up to the tonic whose blue notes are played over it: where it is the I, the
IV, the V (a minor one is no V)."""

ALTERED = ("altered", "half_whole")
"""Scales of altered dominants."""

FEWEST_FOREIGN = 2
"""Tones of a pentatonic that are foreign to the chord: with fewer it is a colour, and nothing has been left."""

FEWEST_OF_TRIAD, FEWEST_OF_PENTATONIC = 3, 4
"""Different tones without which nobody hears a triad or an altered scale, and a pentatonic."""

LEAST_SHARE = 0.25
"""Of the notes that a second triad is told of with."""

Explanation = tuple[str, str, Floats]
"""Its name; the root that is meant where there may be several ("Eb"); the log-likelihood (n,) of every note. All of
a name are equally likely beforehand."""

_DOMINANT, _ALTERED = QUALITIES.index("dom"), QUALITIES.index("domalt")
_MINOR, _MINOR_SEVENTH = QUALITIES.index("min"), QUALITIES.index("min7")


def chances(degrees: Sequence[int], root: int = 0) -> Floats:
    """(12,): logarithm of the chance of each pitch class where some degrees above a root are meant, all alike."""
    meant = np.isin((np.arange(12) - root) % 12, degrees)
    log_chances: Floats = np.log(np.where(meant, (1 - STRAY) / len(degrees), STRAY / (12 - len(degrees))))
    return log_chances


_PENTATONICS, _BLUES = (np.stack([chances(each, root) for root in range(12)]) for each in (PENTATONIC, BLUES))
_PENTATONIC_TONES = (np.arange(12)[:, None] + PENTATONIC) % 12
_ALTERED_SCALES = [chances(SCALES[name]) for name in ALTERED]
_TRIADS = np.stack([chances(triad, root) for triad in ((0, 4, 7), (0, 3, 7)) for root in range(12)])


def explanations(passage: Passage) -> Iterator[Explanation]:
    """Everything that could explain a passage."""
    names, root, quality = _chords(passage)
    over = passage.by_chords(root, quality)
    yield from ((name, "", found) for name, found in zip(names, over[1:], strict=True))
    within = passage.by_pitch_classes(np.concatenate((_PENTATONICS, _BLUES, _TRIADS)))
    yield from _sets(passage, within, over[0])
    as_it_goes = passage.by_line()
    if _tones(passage) >= FEWEST_OF_TRIAD:
        found, share = through_triads(within[-len(_TRIADS) :])
        yield "superimposed triads", _most(share), found
    yield from (("sequence", "", found) for found in moved_on(passage, as_it_goes))
    yield "chromatic run", "", run_on(passage, as_it_goes)
    yield "approach notes", "", approached(passage, over[0], as_it_goes)
    yield "unexplained", "", passage.by_nothing()


def _chords(passage: Passage) -> tuple[list[str], Ints, Ints]:
    """Names of E chords that may have been played over those in force; root and quality (1 + E, n) of those in force
    and of them."""
    notes, here = passage.notes, passage.notes.here
    root, quality = here.root, here.quality
    dominant, mostly = _dominants(here)
    names = [name for semitones, name in SLIPS.items() if not (semitones == 6 and mostly)]
    shifts = np.array([0, *(semitones for semitones in SLIPS if not (semitones == 6 and mostly))])
    roots, qualities = [root + shifts[:, None]], [np.broadcast_to(quality, (len(shifts), len(passage)))]

    def meant(name: str, where: Bools, roots_there: Ints, qualities_there: Ints | int) -> None:
        names.append(name)
        roots.append(np.where(where, roots_there, root))
        qualities.append(np.where(where, qualities_there, quality))

    if mostly:
        meant("tritone substitution", dominant, root + 6, _DOMINANT)
    for name, chords, near in (
        ("anticipation", notes.after, notes.to_next <= REACH),
        ("delayed resolution", notes.before, notes.since < REACH),
    ):
        near = near & (chords.quality != NO_QUALITY)
        if near.any():
            meant(name, near, chords.root, chords.quality)
    for near, dominants in _cycles(passage):
        meant("backcycling", near, dominants, _DOMINANT)
    return names, np.concatenate(roots), np.concatenate(qualities)


def _cycles(passage: Passage) -> Iterator[tuple[Bools, Ints]]:
    """Where the dominants may lie that lead by fourths to the chord after the passage, and their roots, (1, n) each."""
    notes = passage.notes
    if notes.after.quality[0, -1] != NO_QUALITY:
        ahead = notes.onset[:, -1:] + notes.to_next[:, -1:] - notes.onset
        for ticks in CYCLES:
            back = -(-ahead // ticks)
            yield back <= LONGEST_CYCLE, notes.after.root[:, -1:] + 7 * back


def _sets(passage: Passage, within: Floats, as_it_stands: Floats) -> Iterator[Explanation]:
    """The pitch classes that may have been meant, from the log-likelihoods `within` (48, n) pentatonics, blues and
    triads and, `as_it_stands` (n,), by the chord in force."""
    here = passage.notes.here
    root = here.root[0]
    degrees = (np.arange(12) - root[:, None]) % 12
    foreign = (np.take_along_axis(here.foreign[0], degrees, axis=1) >= CHROMATIC).mean(axis=0)
    out = foreign[_PENTATONIC_TONES].sum(axis=1) >= FEWEST_FOREIGN
    for tonic, name in enumerate(FLAT_NAMES if _tones(passage) >= FEWEST_OF_PENTATONIC else ()):
        if out[tonic]:
            yield "superimposed pentatonic", name, within[tonic]
    for tonic in _tonics(here):
        yield "blue notes", FLAT_NAMES[tonic], within[12 + tonic]
    if (here.quality[0] == _DOMINANT).mean() >= 0.5 and _tones(passage) >= FEWEST_OF_TRIAD:
        for scale in _ALTERED_SCALES:
            altered = np.where(_dominants(here)[0], passage.by_degrees(scale, root), as_it_stands)
            yield "altered dominant", "", altered


def leads_home(passage: Passage) -> bool:
    """Whether a passage ends over a dominant that moves up a fourth, within reach."""
    chord, after = passage.notes.here, passage.notes.after
    dominant = chord.quality[0, -1] in (_DOMINANT, _ALTERED) and after.quality[0, -1] != NO_QUALITY
    return bool(
        dominant and (after.root[0, -1] - chord.root[0, -1]) % 12 == FOURTH and passage.notes.to_next[0, -1] <= REACH
    )


def _tonics(here: ChordsAt) -> list[int]:
    """Pitch classes of the tonics whose blues may be meant; none where half of the notes lie over other chords."""
    dominant, _ = _dominants(here)
    minor = (here.quality[0] == _MINOR) | (here.quality[0] == _MINOR_SEVENTH)
    if (dominant | minor).mean() < 0.5:
        return []
    on_dominants = {(root + up) % 12 for root in here.root[0][dominant].tolist() for up in TONICS}
    on_minors = {(root + up) % 12 for root in here.root[0][minor].tolist() for up in TONICS[:2]}
    return sorted(on_dominants | on_minors)


def _most(share: Floats) -> str:
    """The names of the one or two triads that most of the notes belong to, "F and Gbm"."""
    first, second = np.argsort(-share, kind="stable")[:2].tolist()
    told = (first, second) if share[second] >= LEAST_SHARE else (first,)
    return " and ".join(FLAT_NAMES[triad % 12] + "m" * (triad // 12) for triad in told)


def _tones(passage: Passage) -> int:
    """How many different pitch classes a passage has."""
    return len(set((passage.notes.pitch[0] % 12).tolist()))


def _dominants(here: ChordsAt) -> tuple[Bools, bool]:
    """Which notes lie over a dominant, (n,), and whether half of them or more do."""
    dominant = (here.quality[0] == _DOMINANT) | (here.quality[0] == _ALTERED)
    return dominant, bool(dominant.mean() >= 0.5)
