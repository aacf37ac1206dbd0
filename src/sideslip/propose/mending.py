"""Answers to a player's wrong note: each begins with one of the four moves and goes on as one of the ideas does."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sideslip.music.dialogue import Idea, Turn
from sideslip.music.meter import TICKS
from sideslip.music.phrase import Phrase
from sideslip.propose.moves import BRIEFEST, Opening, openings
from sideslip.propose.reach import reach

REGISTER = 70.0
"""The middle pitch where no idea has shown one."""

LANDING = 3 * TICKS // 2
"""Ticks that a landing sounds at most."""

JOINS = (1.0, 0.0, 0.0, 0.4, 0.6, 1.0, 2.5, 1.5)
"""What it costs to go on from a landing, by semitones between the two notes; more than these cost a tenth each more
than the dearest."""

NOTHING = 4.0
"""What it costs not to go on at all."""

WAITING = 0.5
"""What each beat of silence between a landing and what follows costs."""

VARIED, VARIANTS = 2, 2
"""Of the ends that join best so many are given to devices, which make so many variants of them."""


def mend(ideas: Sequence[Idea], turn: Turn, seed: int, varied: bool = True) -> tuple[Idea, ...]:
    """Answers to the wrong note that a turn has to answer, made of the ideas for it; none where none is to be answered.

    Eight at most, half of them `varied` by devices in what follows the move. What `Proposer.propose` promises of the
    ideas given holds for them.
    """
    wrong = turn.unresolved
    if wrong is None or turn.end <= turn.start:
        return ()
    pitches = [note.pitch for idea in ideas for note in idea.phrase]
    middle = sum(pitches) / len(pitches) if pitches else REGISTER
    plain = [idea for idea in ideas if idea.source != "device"]
    count = VARIANTS if varied else 0
    made = (idea for opening in openings(turn, wrong, middle) for idea in _answers(opening, plain, turn, seed, count))
    return tuple({idea.phrase: idea for idea in made}.values())


def _answers(opening: Opening, ideas: Sequence[Idea], turn: Turn, seed: int, variants: int) -> Iterator[Idea]:
    """An opening that goes on as the idea does that joins best; unless it goes out by itself, also with a device."""
    free = opening.landing.onset + BRIEFEST
    ends = [replace(idea, phrase=idea.phrase.between(free, turn.end)) for idea in ideas] or [Idea(Phrase(), "lick")]
    ends.sort(key=lambda end: _cost(opening, end.phrase))
    yield _joined(opening, ends[0], turn)
    if variants and opening.mending.move != "commit":
        further = reach([end for end in ends if end.phrase.notes][:VARIED], turn, seed, variants)
        best = min(further, key=lambda end: _cost(opening, end.phrase), default=None)
        if best is not None:
            yield _joined(opening, best, turn)


def _joined(opening: Opening, end: Idea, turn: Turn) -> Idea:
    """An opening with an end: as loud as that is played, the landing held until it begins."""
    landing, notes = opening.landing, end.phrase.notes
    over = min(turn.end, landing.onset + LANDING, *(note.onset for note in notes[:1]))
    velocity = round(sum(note.velocity for note in notes) / len(notes)) if notes else landing.velocity
    begun = (*opening.notes[:-1], replace(landing, duration=over - landing.onset))
    phrase = Phrase((*(replace(note, velocity=velocity) for note in begun), *notes))
    return Idea(phrase, end.source, end.label, mending=opening.mending, outings=end.outings)


def _cost(opening: Opening, end: Phrase) -> float:
    """How badly an end joins an opening."""
    if not end.notes:
        return NOTHING
    first, landing = end.notes[0], opening.landing
    interval = abs(first.pitch - landing.pitch)
    far = JOINS[interval] if interval < len(JOINS) else max(JOINS) + interval / 10
    return far + WAITING * max(0.0, (first.onset - landing.onset) / TICKS - 1)
