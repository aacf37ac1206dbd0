"""What lines have played so far, kept so that it can be taken up again: how long ago, and what followed last time.

A line is several streams of symbols (its intervals, its shifts, ...). For every symbol that could come next a stream
tells two things. Its `lag`: how many symbols ago it was last said. Its `echo`: the longest run of latest symbols that
was said before and was followed by it then; what a listener expects who has noticed the motif. K lines grow side by
side, from one that all of them share.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

LONGEST_ECHO = 6
"""Symbols of a run that are told apart: longer ones count as this long."""

ECHOES = LONGEST_ECHO + 1
"""Classes of an echo: 0 where nothing that was said led there."""

_LAG_EDGES = (1, 2, 3, 4, 6, 8, 12, 20, 40)
LAGS = len(_LAG_EDGES) + 1
"""Classes of a lag: the last time was 1, 2, 3, 4, 5-6, 7-8, 9-12, 13-20, 21-40 symbols ago; 0: longer ago or never."""

_CLASS_OF_LAG = np.array([0, *np.searchsorted(_LAG_EDGES, np.arange(1, _LAG_EDGES[-1] + 1)) + 1, 0])

_NEVER, _NOTHING = -(10**6), -1


class Streams:
    """Streams of symbols of K lines that grow together; `sizes` names each stream and how many symbols it knows."""

    def __init__(self, sizes: Mapping[str, int], said: Mapping[str, Ints], lines: int, room: int) -> None:
        """K lines that have all `said` (n,) symbols a stream, with room for `room` more each."""
        self._names = {name: row for row, name in enumerate(sizes)}
        self._sizes = np.array(list(sizes.values()))
        self._begins = np.concatenate(([0], np.cumsum(self._sizes)))
        self._lines = np.arange(lines)
        self.length = length = len(next(iter(said.values())))
        self._said = np.zeros((len(sizes), lines, length + room), dtype=np.int64)
        self._run = np.zeros((len(sizes), lines, length + room), dtype=np.int64)
        self._last = np.full((lines, self._begins[-1]), _NEVER)
        for name, row in self._names.items():
            symbols = said[name]
            self._said[row, :, :length] = symbols
            self._run[row, :, : max(0, length - 1)] = _runs(symbols)
            self._last[:, self._begins[row] + symbols] = np.arange(length)

    @classmethod
    def joined(cls, parts: Sequence["Streams"]) -> "Streams":
        """The lines of all, in order, with the room that they have. Lags and echoes look back from the newest symbol,
        so shorter lines begin later."""
        first, length = parts[0], max(part.length for part in parts)
        room = min(part._said.shape[2] - part.length for part in parts)
        sizes = {name: int(first._sizes[row]) for name, row in first._names.items()}
        count = sum(len(part._lines) for part in parts)
        nothing = {name: np.zeros(0, dtype=np.int64) for name in sizes}
        whole = cls(sizes, nothing, count, length + room)
        whole.length, begin = length, 0
        whole._said[:] = _NOTHING
        for part in parts:
            lines, later = slice(begin, begin + len(part._lines)), length - part.length
            whole._said[:, lines, later:length] = part._said[..., : part.length]
            whole._run[:, lines, later:length] = part._run[..., : part.length]
            whole._last[lines] = part._last + later
            begin = lines.stop
        return whole

    def __contains__(self, name: str) -> bool:
        """Whether there is such a stream."""
        return name in self._names

    def append(self, symbols: Mapping[str, Ints]) -> None:
        """One more symbol a stream, (K,) each; others are passed over."""
        at = self.length
        new = np.stack([symbols[name] for name in self._names])  # (S, K)
        run = np.zeros((*new.shape, at), dtype=np.int64)
        run[..., 1:] = self._run[..., : max(0, at - 1)]
        self._run[..., :at] = np.where(self._said[..., :at] == new[..., None], run + 1, 0)
        self._said[..., at] = new
        self._last[self._lines, self._begins[:-1, None] + new] = at
        self.length = at + 1

    def lags(self, name: str) -> Ints:
        """The lag of every symbol of a stream: classes (K, size)."""
        row = self._names[name]
        ago = self.length - self._last[:, self._begins[row] : self._begins[row + 1]]
        lags: Ints = _CLASS_OF_LAG[np.minimum(ago, len(_CLASS_OF_LAG) - 1)]
        return lags

    def echoes(self) -> dict[str, Ints]:
        """The echo of every symbol of every stream: classes (K, size) by name."""
        before = max(0, self.length - 1)
        runs = np.minimum(self._run[..., :before], LONGEST_ECHO)
        stream, line, at = np.nonzero(runs)
        total = self._begins[-1]
        found = np.zeros(len(self._lines) * total, dtype=np.int64)
        symbol = line * total + self._begins[stream] + self._said[stream, line, at + 1]
        np.maximum.at(found, symbol, runs[stream, line, at])
        each = found.reshape(len(self._lines), total)
        return {name: each[:, self._begins[row] : self._begins[row + 1]] for name, row in self._names.items()}


def _runs(symbols: Ints) -> Ints:
    """How long the run is that ends at each symbol but the last and equals the run of latest symbols, at most
    LONGEST_ECHO: (n - 1,), nothing for fewer than two symbols."""
    size = max(0, len(symbols) - 1)
    runs = np.zeros(size, dtype=np.int64)
    alike = np.ones(size, dtype=np.bool_)
    for back in range(min(LONGEST_ECHO, size)):
        shifted = np.zeros(size, dtype=np.bool_)
        shifted[back:] = symbols[: size - back] == symbols[-1 - back]
        alike &= shifted
        runs += alike
    return runs
