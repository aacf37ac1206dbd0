"""Examples for the critic: each real phrase beside its negatives, by their traits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sideslip.errors import DataError
from sideslip.music.dialogue import Turn
from sideslip.outside.hearing import hear
from sideslip.outside.lines import Floats, Ints, Lines
from sideslip.outside.session import Session
from sideslip.outside.tables import ListeningTables
from sideslip.outside.traits import Foreseen, traits
from sideslip.propose.context import Context
from sideslip.propose.engine import Engine
from sideslip.propose.given import Given, known
from sideslip.propose.ground import FAR
from sideslip.propose.sampling import MEMORY
from sideslip.propose.telling import tell
from sideslip.train.critic.negatives import (
    FURTHEST,
    borrowed,
    model_draw,
    shuffled,
    tables_draw,
    wrong_notes,
)
from sideslip.train.listening import HeardSolo
from sideslip.train.pieces import Piece
from sideslip.train.solos import Solo

FEWEST, MOST = 8, 40
"""Notes of a phrase that is an example."""

LOUDNESS = 80
"""Velocity that phrases are given with: it changes no pitch."""

GRAMS = {"n-gram T=1.0": (1.0, 3), "n-gram T=1.3": (1.3, 3), "n-gram T=1.6": (1.6, 2)}
MODEL = {
    "model T=0.8": (0.8, 3),
    "model T=1.0": (1.0, 6),
    "model T=1.3": (1.3, 4),
    "model T=1.6": (1.6, 3),
}
"""Temperature and number of the phrases that the tables (C) and the proposer draw."""

WRONG = {"1 wrong note": 1, "2 wrong notes": 2, "4 wrong notes": 4}
IN_A_ROW, TRANSPOSED, BORROWED, SCRAMBLED = (
    "4 wrong in a row",
    "transposed",
    "of another solo",
    "outside notes scrambled",
)
TIMES = 2
"""Negatives of each other kind."""

KINDS = ("real", *GRAMS, *MODEL, *WRONG, IN_A_ROW, TRANSPOSED, BORROWED, SCRAMBLED)


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Real phrases and their negatives, n rows: `traits` (n, F) in the order of `names`, the `kind` (KINDS) of each,
    the number of its `phrase` and of its `solo`, the `bits` (n,) a note that its pitches cost the proposer."""

    names: tuple[str, ...]
    traits: NDArray[np.float32]
    kind: Ints
    phrase: Ints
    solo: Ints
    bits: Floats

    @classmethod
    def joined(cls, parts: Sequence["Examples"]) -> "Examples":
        """All of them, phrases numbered anew. Raises DataError where their traits differ."""
        if len({part.names for part in parts}) > 1:
            raise DataError("examples with other traits do not go together; have all of them made anew")
        begins = np.concatenate(([0], np.cumsum([part.phrase.max(initial=-1) + 1 for part in parts])[:-1]))
        columns = {
            name: np.concatenate([getattr(part, name) for part in parts]) for name in ("traits", "kind", "solo", "bits")
        }
        phrase = np.concatenate([part.phrase + begin for part, begin in zip(parts, begins, strict=True)])
        return cls(parts[0].names, phrase=phrase, **columns)


@dataclass(frozen=True, slots=True, eq=False)
class Judges:
    """Who plays almost real phrases and says what is heard in them; `others` are pitches of phrases of other solos."""

    engine: Engine
    tables: ListeningTables
    others: Sequence[Ints]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One real phrase of n notes, (1, n), and what was played before it: as a listener and the proposer have it."""

    line: Lines
    session: Session
    context: Context
    turn: Turn

    @classmethod
    def of(cls, solo: Solo, heard: HeardSolo, piece: Piece, row: int, first: int) -> "Scene":
        """The phrase number `row`, which begins with note `first`, not the solo's first."""
        before = slice(max(0, first - MEMORY), first)
        line = heard.phrases.part(np.array([row]), slice(0, int(heard.phrases.valid[row].sum())))
        rows = piece.rows.inputs[before.start : first + 1]
        context = Context(piece.line.first(first), piece.ground, piece.silence, rows)
        turn = Turn(int(line.onset[0, 0]), FAR, solo.changes(), tempo=solo.tempo)
        session = Session.of(solo.pitch[before].tolist(), float(heard.registers[row]))
        return cls(line, session, context, turn)

    def times(self, count: int) -> Lines:
        """The phrase so many times."""
        return self.line.part(np.zeros(count, dtype=np.int64), slice(None))


def of_solo(solo: Solo, number: int, judges: Judges, rng: np.random.Generator) -> Examples | None:
    """The examples of one solo; None where no phrase of it is one."""
    heard, piece = HeardSolo.of(solo), Piece.of(solo)
    begins = np.flatnonzero(np.diff(solo.phrase)) + 1
    lengths, over_chords = heard.phrases.valid.sum(axis=1), heard.phrases.heard.sum(axis=1)
    parts = [
        _of_scene(Scene.of(solo, heard, piece, row, first), judges, rng)
        for row, first in enumerate(begins.tolist(), start=1)
        if FEWEST <= lengths[row] <= MOST and over_chords[row] == lengths[row]
    ]
    if not parts:
        return None
    names, sizes = tuple(parts[0][0]), [len(kinds) for _, kinds, _ in parts]
    rows = [np.stack([found[name] for name in names], axis=1).astype(np.float32) for found, _, _ in parts]
    kinds, bits = (np.concatenate([part[column] for part in parts]) for column in (1, 2))
    phrases = np.repeat(np.arange(len(parts)), sizes)
    return Examples(names, np.concatenate(rows), kinds, phrases, np.full(sum(sizes), number), bits)


def _of_scene(scene: Scene, judges: Judges, rng: np.random.Generator) -> tuple[Mapping[str, Floats], Ints, Floats]:
    """Traits, kinds and the proposer's bits a note of one phrase and, after it, its negatives."""
    kinds, pitches = ["real"], [scene.line.pitch[0]]
    for kind, pitch in (*_drawn(scene, judges, rng), *_spoilt(scene, judges, rng)):
        kinds.append(kind)
        pitches.append(pitch)
    lines = scene.times(len(kinds)).with_pitches(np.stack(pitches))
    hearing = hear(lines, judges.tables, scene.session)
    foreseen = foreseen_of(lines, judges.engine, scene.context, scene.turn)
    found = traits(hearing, foreseen, scene.session)
    return found, np.array([KINDS.index(kind) for kind in kinds]), foreseen.bits.mean(axis=1)


def _drawn(scene: Scene, judges: Judges, rng: np.random.Generator) -> Iterator[tuple[str, Ints]]:
    """Pitches that the tables and the proposer draw along the phrase's rhythm, and of which kind they are."""
    for kinds, own in ((GRAMS, True), (MODEL, False)):
        names = [name for name, (_, times) in kinds.items() for _ in range(times)]
        warmth = np.array([temperature for temperature, times in kinds.values() for _ in range(times)])
        lines = scene.times(len(names))
        if own:
            drawn = tables_draw(lines, judges.tables, np.full(len(names), scene.session.register), warmth, rng)
        else:
            memory = judges.engine.read(scene.context.rows[:-1])
            drawn = model_draw(judges.engine, memory, scene.context, scene.turn, given_of(lines), warmth, rng)
        yield from zip(names, drawn, strict=True)


def _spoilt(scene: Scene, judges: Judges, rng: np.random.Generator) -> Iterator[tuple[str, Ints]]:
    """The phrase with wrong notes, transposed, another in its place, its outside notes in another order."""
    line, played = scene.line, scene.line.pitch[0]
    notes, long = len(played), [other for other in judges.others if len(other) >= len(played)]
    begun = hear(line, judges.tables, scene.session)
    away = np.zeros(notes, dtype=np.bool_)
    for span in begun.spans(0):
        away[span.first : span.last + 1] = True
    for _ in range(TIMES):
        for kind, count in WRONG.items():
            yield kind, wrong_notes(line, rng.choice(notes, count, replace=False).tolist(), rng)
        start = int(rng.integers(notes - 3))
        yield IN_A_ROW, wrong_notes(line, range(start, start + 4), rng)
        yield TRANSPOSED, played + int(rng.choice([-1, 1]) * rng.integers(1, FURTHEST + 1))
        if long:
            yield BORROWED, borrowed(played, long[int(rng.integers(len(long)))])
        mixed = shuffled(played, away & begun.outsideness.chromatic[0], rng)
        if (mixed != played).any():
            yield SCRAMBLED, mixed


def given_of(lines: Lines) -> Given:
    """Lines of one length as the proposer is given them: as loud as usual, pitches as near as it knows them."""
    loud, length = np.full_like(lines.pitch, LOUDNESS), np.full(len(lines.pitch), lines.pitch.shape[1])
    return Given(lines.onset, known(lines.pitch), lines.duration, loud, length)


def foreseen_of(lines: Lines, engine: Engine, context: Context, turn: Turn) -> Foreseen:
    """What the proposer foresees of lines of one length."""
    given = given_of(lines)
    told = tell(engine, engine.read(context.rows[:-1]), context, turn, given)
    home = np.full(lines.pitch.shape, np.nan)
    home[:, :-1] = told.home(given, context.ground)
    bits, doubt = (each.astype(np.float64) for each in (told.bits(given), told.doubt()))
    return Foreseen(bits, doubt, home, np.zeros(len(home)))
