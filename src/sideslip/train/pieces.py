"""Solos as the model is given them: features and views of every note, to be cut in any key."""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from sideslip.listen.quantise import PUSH_SECONDS, quantise
from sideslip.music.meter import TICKS
from sideslip.outside.hearing import hear
from sideslip.outside.tables import ListeningTables
from sideslip.propose import tokens, views
from sideslip.propose.ground import FAR, Ground, silence_before
from sideslip.propose.tokens import Ints, Line, Turns
from sideslip.propose.views import Heard, Trail, duration_views, end_view, pitch_views, shift_views
from sideslip.propose.wishes import beats_left, style_class
from sideslip.train.listening import HeardSolo
from sideslip.train.solos import Solo

Floats = NDArray[np.float64]
Classes = NDArray[np.int64] | NDArray[np.int16]
"""Kept in 16 bits where there are many."""

KEYS = 6
"""Semitones up and down in which crops are transposed: the room that the vocabulary leaves."""

PITCHES: Ints = np.arange(-KEYS, tokens.PITCHES + KEYS) + tokens.LOWEST_PITCH
"""The MIDI pitches whose views are kept of a piece, so that a crop finds its own in every key."""

_INPUT = {name: column for column, name in enumerate(tokens.INPUT)}
_TARGET_LEFT = list(tokens.TARGET).index("target_left")
_END = list(views.SHIFT).index("end")
_OF_CHORDS = [list(views.PITCH).index(name) for name in views.OF_CHORDS]


@dataclass(frozen=True, slots=True)
class Rows:
    """What the model is given of n notes: inputs (n, len(INPUT)), targets (n, len(TARGET)), answers (n, 4; -1: not to
    be told), and the views of shift, duration and pitch, (n, views, classes) each. A batch has one axis more in
    front."""

    inputs: Ints
    targets: Ints
    answers: Ints
    shift: Classes
    duration: Classes
    pitch: Classes

    @property
    def arrays(self) -> tuple[Classes, ...]:
        """All of them, in order."""
        return tuple(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A solo ready for cutting. Of its n notes: the `line`, the number of the `phrase` of each, how far `outside` the
    changes each is as part of the line (0..1; NaN: nobody can say), and `rows` in the solo's own key, the views over
    PITCHES. Every note is the partner's, and free, until a crop shares them out.

    `style` is a class of wishes.STYLES; `silence` the tick at which the first note is awaited.
    """

    line: Line
    phrase: Ints
    outside: Floats
    ground: Ground
    style: int
    silence: int
    rows: Rows

    @classmethod
    def of(cls, solo: Solo, semitones: int = 0, outside: Floats | None = None) -> "Piece":
        """Durations are those performed, on the grid. `semitones` moves the chords, not the line."""
        duration = np.maximum(1, np.rint(solo.duration_beats * TICKS)).astype(np.int64)
        line = Line(solo.onset_ticks, solo.pitch, duration, solo.velocity, np.ones(len(solo), dtype=np.int64))
        changes = solo.changes()
        spans = list(zip(changes.starts, changes.chords, strict=True))
        ground = Ground.of(spans, solo.meter.bar, solo.beat - 1).transposed(semitones)
        silence = silence_before(int(line.onset[0]), int(ground.beat(line.onset[:1])[0]))
        told = np.full(len(solo), np.nan) if outside is None else outside
        inputs, targets, answers = tokens.features(line, ground, silence, solo.tempo, Turns.free(line.speaker))
        answers[0, 1] = -1  # before the first note there is no duration to tell
        rows = Rows(inputs[:-1], targets, answers, *_views(line, ground, silence, answers))
        return cls(line, solo.phrase, told, ground, style_class(solo.style), silence, rows)

    def __len__(self) -> int:
        return len(self.line.onset)

    def cut(self, start: int, end: int, semitones: int = 0, rival: int = 0) -> Rows:
        """The notes start..end-1 in another key, each with what was known before it; the chords moved by `rival`
        semitones more than the line (both together by KEYS at most)."""
        own, chords = (slice(begin, begin + tokens.PITCHES) for begin in (KEYS - semitones, KEYS - semitones - rival))
        x, y, z = (array[start:end].copy() for array in (self.rows.inputs, self.rows.targets, self.rows.answers))
        shift, duration, pitch = (
            array[start:end].copy() for array in (self.rows.shift, self.rows.duration, self.rows.pitch)
        )
        x[:, _INPUT["pitch"]] += np.where(x[:, _INPUT["pitch"]] < tokens.PITCHES, semitones, 0)
        x[:, _INPUT["root"]] = (x[:, _INPUT["root"]] + semitones + rival) % 12
        x[:, _INPUT["degree"]] = (x[:, _INPUT["degree"]] - rival) % 12
        y[:, tokens.TARGET_ROOT] = (y[:, tokens.TARGET_ROOT] + semitones + rival) % 12
        y[:, tokens.TARGET_DEGREES] = (y[:, tokens.TARGET_DEGREES] - rival) % 12
        z[:, 2] += semitones
        seen = pitch[..., own]
        seen[:, _OF_CHORDS] = pitch[:, _OF_CHORDS, chords]
        seen[:, 0] = np.arange(tokens.PITCHES)
        return Rows(x, y, z, shift, duration, seen)

    def share(self, rows: Rows, start: int, before: Ints, turns: Turns) -> None:
        """Have the rows of a crop that begins at a note played by two: `before` (n,) tells who played the note before
        each, `turns` (n rows) whose turn it was when each was awaited. Changes the rows."""
        end = start + len(rows.inputs)
        since = np.concatenate(([self.silence], self.line.onset))[start:end]
        rows.inputs[:, _INPUT["speaker"]] = before
        rows.inputs[:, _INPUT["turn"]] = turns.who
        rows.inputs[:, _INPUT["left"]] = beats_left(turns.ends, since)
        rows.inputs[:, tokens.WISHED] = turns.wishes
        rows.targets[:, _TARGET_LEFT] = beats_left(turns.ends, self.line.onset[start:end])
        rows.shift[:, _END] = end_view(since[:, None] + tokens.SHIFTS, turns.ends) + tokens.offsets(views.SHIFT)[_END]


def as_heard(solo: Solo) -> Solo:
    """A solo with its notes where the quantiser puts them when it hears the performance, as live; of notes on one tick
    the first is kept."""
    ticks = np.array(quantise(solo.performed.tolist(), PUSH_SECONDS * solo.tempo / 60))
    kept = np.flatnonzero(np.diff(ticks, prepend=ticks[0] - 1) > 0)
    notes = {name: getattr(solo, name)[kept] for name in ("performed", "pitch", "velocity", "duration_beats", "phrase")}
    return replace(solo, onset_ticks=ticks[kept], **notes)


def outsideness(solo: Solo, tables: ListeningTables) -> Floats:
    """How far outside the changes each note of a solo is as part of the line, G, (n,); NaN over no chord."""
    whole = HeardSolo.of(solo).whole
    return np.where(whole.heard[0], hear(whole, tables).shift.smoothed[0], np.nan)


def _views(line: Line, ground: Ground, silence: int, answers: Ints) -> tuple[Classes, Classes, Classes]:
    """The views of every note of a line, in its own key, over PITCHES."""
    trail = Trail.of(line.first(0), ground, silence, room=len(line.onset))
    roots, durations = ground.chords(line.onset).root, answers[:, 1].copy()
    durations[0] = len(tokens.DURATIONS)
    moments = []
    for columns in zip(line.onset, line.pitch, answers[:, 0], durations, roots, strict=True):
        moments.append(trail.heard())
        trail.append(*(np.array([value]) for value in columns))
    heard, free = Heard.joined(moments), np.full(len(moments), FAR)
    seen = (
        shift_views(heard, ground, free),
        duration_views(heard, line.onset),
        pitch_views(heard, ground, line.onset, PITCHES),
    )
    shift, duration, pitch = (rows.astype(np.int16) for rows in seen)
    return shift, duration, pitch
