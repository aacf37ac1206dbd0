"""Counting what the tracker's ear rests on."""

from collections.abc import Iterable

import numpy as np

from sideslip.errors import DataError
from sideslip.listen.harmony.evidence import place_of
from sideslip.listen.harmony.tables import HarmonyTables
from sideslip.listen.harmony.vocabulary import FAMILIES, Floats, index_of
from sideslip.music.pitch import parse_pitch_class
from sideslip.train.solos import Ints, Solo

PLACE_TRUST, LAST_TRUST, MOVE_TRUST, KEY_TRUST = 60.0, 30.0, 20.0, 20.0
"""Notes' (changes', beats') worth of the plainer table that each row of the finer one begins with."""

MINOR = ("min", "dor", "phry", "aeol")
"""How names of minor keys and modes begin."""

_KINDS = len(FAMILIES)


def learn(solos: Iterable[Solo]) -> HarmonyTables:
    """Count notes and changes. Raises DataError where there are none."""
    line, after = np.zeros((3, _KINDS, 12)), np.zeros((_KINDS, 12, 12))
    moves, change = np.zeros((_KINDS, 12, _KINDS)), np.zeros((3, 2))
    key_line, key_chords = np.zeros((2, 12)), np.zeros((2, 12, _KINDS))
    for solo in solos:
        chords = chord_indices(solo)
        _count_notes(solo, chords, line, after)
        _count_changes(solo, chords, moves, change)
        _count_key(solo, chords, key_line, key_chords)
    if not line.sum() or not moves.sum():
        raise DataError("wanted solos with notes over changes, found none")
    families = key_chords.sum(axis=(0, 1)) + 1.0
    by_degree = line.sum(axis=0) + 1.0
    plain = by_degree / by_degree.sum(axis=1, keepdims=True)
    steps = moves.sum(axis=0) + 1.0
    keys = key_chords.sum(axis=1, keepdims=True) + 1.0
    return HarmonyTables(
        line=_chances(line + PLACE_TRUST * plain, (2,)),
        after=_chances(after + LAST_TRUST * plain[:, None], (2,)),
        moves=_chances(moves + MOVE_TRUST * steps / steps.sum(), (1, 2)),
        families=families / families.sum(),
        change=(change[:, 0] + 1) / (change.sum(axis=1) + 2),
        key_line=_chances(key_line + 1.0, (1,)),
        key_chords=_chances(key_chords + KEY_TRUST * keys / keys.sum() / 12, (1, 2)),
    )


def chord_indices(solo: Solo) -> Ints:
    """The chord at each beat by its index (`vocabulary`), -1 for no chord; (m,)."""
    indices = [index_of(chord) for chord in solo.chord_at_beat]
    return np.array([-1 if index is None else index for index in indices])


def _chances(counts: Floats, axes: tuple[int, ...]) -> Floats:
    chances: Floats = counts / counts.sum(axis=axes, keepdims=True)
    return chances


def _count_notes(solo: Solo, chords: Ints, line: Floats, after: Floats) -> None:
    last = None
    first = int(solo.beat[0]) - 1  # so that beats of the solo fall on beats of the bar
    for performed, tick, pitch in zip(
        solo.performed.tolist(), solo.onset_ticks.tolist(), solo.pitch.tolist(), strict=True
    ):
        chord = int(chords[tick // 12])
        if chord >= 0:
            root, family = divmod(chord, _KINDS)
            line[place_of(performed + first, solo.meter), family, (pitch - root) % 12] += 1
            if last is not None:
                after[family, (last - root) % 12, (pitch - root) % 12] += 1
        last = pitch


def _count_changes(solo: Solo, chords: Ints, moves: Floats, change: Floats) -> None:
    for beat in range(1, len(chords)):
        before, here = int(chords[beat - 1]), int(chords[beat])
        if before < 0 or here < 0:
            continue
        place = int(solo.beat[beat]) - 1
        middle = solo.num[beat] % 2 == 0 and place == solo.num[beat] // 2
        change[0 if place == 0 else 1 if middle else 2, int(before == here)] += 1
        if before != here:
            root, family = divmod(before, _KINDS)
            moves[family, (here // _KINDS - root) % 12, here % _KINDS] += 1


def _count_key(solo: Solo, chords: Ints, key_line: Floats, key_chords: Floats) -> None:
    tonic, _, mode = (solo.key or "").partition("-")
    if not mode or mode == "chrom":
        return
    root, minor = parse_pitch_class(tonic), int(mode.startswith(MINOR))
    np.add.at(key_line[minor], (solo.pitch - root) % 12, 1.0)
    known = chords[chords >= 0]
    np.add.at(key_chords[minor], ((known // _KINDS - root) % 12, known % _KINDS), 1.0)
