"""Everything that is measured about candidate lines, in one pass."""

from dataclasses import dataclass

from sideslip.outside.lines import Floats, Lines
from sideslip.outside.outsideness import Outsideness, measure_outsideness
from sideslip.outside.resolve import Resolution, measure_resolution
from sideslip.outside.session import Session
from sideslip.outside.shift import Shift, filter_shift
from sideslip.outside.spans import Span, outside_spans
from sideslip.outside.surprise import Surprise, measure_surprise
from sideslip.outside.tables import ListeningTables


@dataclass(frozen=True, slots=True, eq=False)
class Hearing:
    """K lines as they are heard, by the `tables` they were heard with.

    Of each line, (K,): `static` is O, how far outside its notes are one by one, and `outside` G, how far it has left
    the changes as a line, both 0..1; `bits` is C, its surprise in bits a note.
    """

    tables: ListeningTables
    lines: Lines
    outsideness: Outsideness
    shift: Shift
    surprise: Surprise
    resolution: Resolution
    static: Floats
    outside: Floats
    bits: Floats

    def spans(self, row: int) -> tuple[Span, ...]:
        """The outside spans of one line."""
        return outside_spans(self.shift.smoothed, self.outsideness, self.lines, row)


def hear(lines: Lines, tables: ListeningTables, before: Session | Floats | float | None = None) -> Hearing:
    """Measure lines.

    `before` is what was played before, or only its middle pitch, (K,) or one for all; None lets each line set its own.
    """
    register, session = (before.register, before.intervals) if isinstance(before, Session) else (before, None)
    outsideness = measure_outsideness(lines)
    shift = filter_shift(lines, outsideness.ornament, tables.profile)
    surprise = measure_surprise(lines, tables.intervals, tables.degrees, register, session)
    resolution = measure_resolution(lines, outsideness, shift.smoothed)
    means = lines.mean(outsideness.o), lines.mean(shift.smoothed), surprise.mean(surprise.both)
    return Hearing(tables, lines, outsideness, shift, surprise, resolution, *means)
