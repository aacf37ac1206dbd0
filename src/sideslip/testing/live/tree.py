"""A program and the processes that it started, as Linux tells of them."""

import os
from collections import defaultdict
from pathlib import Path

_PROC = Path("/proc")


class Tree:
    """A process and all that descend from it, each asked anew every time."""

    def __init__(self, root: int) -> None:
        self._root = root

    @property
    def pids(self) -> list[int]:
        """The numbers of those that live, the root's first."""
        children: dict[int, list[int]] = defaultdict(list)
        for folder in _PROC.iterdir():
            if folder.name.isdigit() and (stat := _read(folder / "stat")):
                state, parent = stat.rpartition(")")[2].split()[:2]
                if state != "Z":
                    children[int(parent)].append(int(folder.name))
        found, left = [], [self._root]
        while left:
            pid = left.pop()
            found.append(pid)
            left += children[pid]
        return [pid for pid in found if (_PROC / str(pid)).exists()]

    def find(self, word: str) -> int:
        """The number of the one process whose command line has this in it. Raises LookupError."""
        found = [pid for pid in self.pids if word in _read(_PROC / str(pid) / "cmdline")]
        if len(found) != 1:
            raise LookupError(f"one process of {word!r} was wanted, found {len(found)}")
        return found[0]

    @property
    def megabytes(self) -> float:
        """Memory, what processes share counted once."""
        rolled = [_read(_PROC / str(pid) / "smaps_rollup") for pid in self.pids]
        lines = [line for text in rolled for line in text.splitlines() if line.startswith("Pss:")]
        return sum(int(line.split()[1]) for line in lines) / 1024

    @property
    def threads(self) -> int:
        """How many threads there are."""
        return sum(_count(_PROC / str(pid) / "task") for pid in self.pids)

    @property
    def descriptors(self) -> int:
        """How many files, pipes and sockets are open."""
        return sum(_count(_PROC / str(pid) / "fd") for pid in self.pids)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it has just ended
        return ""


def _count(folder: Path) -> int:
    try:
        return len(os.listdir(folder))
    except OSError:
        return 0
