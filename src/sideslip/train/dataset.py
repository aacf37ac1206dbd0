"""Solos as features, cut into random crops: every crop in a random key, its phrases shared out between two speakers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.music.meter import TICKS
from sideslip.propose import tokens
from sideslip.propose.tokens import Harmony, Ints, Line
from sideslip.train.solos import Solo

PITCH, ROOT_IN = 0, list(tokens.INPUT).index("root")


@dataclass(frozen=True, slots=True)
class Piece:
    """A solo ready for cutting: its line, the phrase number of each note, chords and beats in the bar."""

    line: Line
    phrase: Ints
    harmony: Harmony
    beats: Ints
    bpm: float

    @classmethod
    def of(cls, solo: Solo) -> "Piece":
        """Durations are those performed, on the grid; every note is the partner's until a crop shares them out."""
        duration = np.maximum(1, np.rint(solo.duration_beats * TICKS)).astype(np.int64)
        speaker = np.ones(len(solo), dtype=np.int64)
        line = Line(solo.onset_ticks, solo.pitch, duration, solo.velocity, speaker)
        changes = solo.changes()
        harmony = Harmony.of(list(zip(changes.starts, changes.chords, strict=True)))
        return cls(line, solo.phrase, harmony, solo.beat - 1, solo.tempo)

    def __len__(self) -> int:
        return len(self.line.onset)

    def cut(self, start: int, end: int, speaker: Ints | None = None) -> tuple[Ints, Ints, Ints]:
        """Features (see tokens.features) of the notes start..end-1, after a silence that begins on a bar line."""
        notes = Line(*(getattr(self.line, name)[start:end] for name in Line.__slots__))
        if speaker is not None:
            notes = Line(notes.onset, notes.pitch, notes.duration, notes.velocity, speaker)
        first = int(notes.onset[0])
        silence = first - first % TICKS - TICKS * int(self.beats[min(first // TICKS, len(self.beats) - 1)])
        silence -= TICKS if silence == first else 0
        onset = np.concatenate(([silence], notes.onset))
        beats = self.beats[np.clip(onset // TICKS, 0, len(self.beats) - 1)]
        return tokens.features(notes, self.harmony.places(onset, beats), silence, self.bpm)


def transpose(inputs: Ints, targets: Ints, answers: Ints, semitones: int) -> None:
    """Move features to another key in place; semitones within the six that the vocabulary leaves room for."""
    inputs[:, PITCH] += np.where(inputs[:, PITCH] < tokens.PITCHES, semitones, 0)
    inputs[:, ROOT_IN] = (inputs[:, ROOT_IN] + semitones) % 12
    targets[:, tokens.TARGET_ROOT] = (targets[:, tokens.TARGET_ROOT] + semitones) % 12
    answers[:, 2] += semitones


def batch(pieces: Sequence[Piece], size: int, length: int, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """`size` random crops of `length` notes (short pieces are padded; a padded answer is -1).

    Shapes (size, length, len(INPUT)), (size, length, len(TARGET)), (size, length, 4). The last input row of a crop
    (after its last note) is left off: it foretells nothing.
    """
    weights = np.array([len(piece) for piece in pieces], dtype=float)
    crops = rng.choice(len(pieces), size=size, p=weights / weights.sum())
    inputs = np.zeros((size, length, len(tokens.INPUT)), dtype=np.int64)
    targets = np.zeros((size, length, len(tokens.TARGET)), dtype=np.int64)
    answers = np.full((size, length, 4), -1, dtype=np.int64)
    for row, index in enumerate(crops):
        piece = pieces[index]
        start = int(rng.integers(max(1, len(piece) - length + 1)))
        end = min(start + length, len(piece))
        dialogue = piece.phrase[start:end] + rng.integers(2)
        speaker = dialogue % 2 if rng.random() < 0.5 else np.ones(end - start, dtype=np.int64)
        x, y, z = piece.cut(start, end, speaker)
        transpose(x, y, z, int(rng.integers(-6, 7)))
        n = end - start
        inputs[row, :n], targets[row, :n], answers[row, :n] = x[:-1], y, z
        answers[row, 0, 1] = -1  # before the first note there is no duration to tell
    return inputs, targets, answers
