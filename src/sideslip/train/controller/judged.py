"""Solos and how their phrases are heard: what the figures of the ear rest on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sideslip.errors import DataError
from sideslip.outside.hearing import Hearing, hear
from sideslip.outside.lines import Bools, Ints
from sideslip.outside.tables import ListeningTables, UsualBits
from sideslip.train.listening import HeardSolo, left_out

FREE_STYLE = "FREE"
"""Solos of this style carry almost no chords: nothing is outside where nothing is inside."""

_UNUSED = UsualBits(0.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A solo, how its phrases are heard, and the tables they are heard with."""

    heard: HeardSolo
    hearing: Hearing
    tables: ListeningTables

    @classmethod
    def of(cls, heard: HeardSolo, tables: ListeningTables) -> "Judged":
        """Listen to a solo."""
        return cls(heard, hear(heard.phrases, tables, heard.registers), tables)

    @property
    def long(self) -> Bools:
        """The phrases that are judged, (K,)."""
        return self.heard.long

    @property
    def style(self) -> str:
        """The style of the solo."""
        return self.heard.solo.style

    @property
    def outside(self) -> float:
        """Mean G of the long phrases, by their notes."""
        return float(
            np.average(self.hearing.outside[self.long], weights=self.hearing.lines.heard[self.long].sum(axis=1))
        )

    def with_pitches(self, pitch: Ints) -> Hearing:
        """The same phrases with other pitches (K, N)."""
        return hear(self.hearing.lines.with_pitches(pitch), self.tables, self.heard.registers)


def judged(solos: Sequence[HeardSolo], tables: ListeningTables) -> list[Judged]:
    """The solos that can be judged. Raises DataError where there is none."""
    return [Judged.of(heard, tables) for heard in judgeable(solos)]


def judged_by_fold(solos: Sequence[HeardSolo], folds: int) -> list[Judged]:
    """The same, the solos over each tune heard with tables counted from solos over others, all of these. Raises
    DataError where there are fewer tunes than folds, or nothing can be judged."""
    found = []
    for held_out, counted in left_out(solos, folds):
        found += [Judged.of(heard, counted.tables(_UNUSED)) for heard in _kept(held_out)]
    judgeable(solos)
    return found


def judgeable(solos: Sequence[HeardSolo]) -> list[HeardSolo]:
    """Solos over changes with a phrase that is long enough. Raises DataError where there is none."""
    found = _kept(solos)
    if not found:
        raise DataError(f"wanted a solo over changes with a phrase of six notes, found none among {len(solos)}")
    return found


def _kept(solos: Iterable[HeardSolo]) -> list[HeardSolo]:
    return [heard for heard in solos if heard.solo.style != FREE_STYLE and heard.long.any()]
