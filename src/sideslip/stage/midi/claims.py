"""One partner a port: whoever opens a port holds a lock on its name, which the system lets go of however they end."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from warnings import catch_warnings, simplefilter
from zlib import crc32  # where a hash that costs 5 ms to import says no more

from platformdirs import user_runtime_path

from sideslip.errors import PortError
from sideslip.stage.midi.names import Way

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_BEYOND = 1024  # the byte that is locked, beyond all that is written: what is locked cannot be read on Windows

_AS_IT_IS = getattr(os, "O_NOFOLLOW", 0)  # no link: it may lead to a file of somebody's, and locks are written to

_DOES, _OPTION = {"input": "heard", "output": "played"}, {"input": "--in", "output": "--out"}


class Claims:
    """Claims on the ports of an API, in the name of the process `holder`; they end with the process that makes them.

    Locks are files in a folder; where none can be kept, everything may be claimed.
    """

    def __init__(self, api: str, holder: int, folder: Path | None = None) -> None:
        self._system = (api, os.environ.get("JACK_DEFAULT_SERVER", "")) if api == "jack" else (api,)
        self._holder = holder
        self._folder = folder or _folder()
        self._locks: list[int] = []

    def take(self, name: str, way: Way) -> None:
        """Claim a port. Raises PortError if another process holds it."""
        key = crc32("\n".join((*self._system, way, name)).encode())
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self._folder / f"{key:08x}.lock", os.O_RDWR | os.O_CREAT | _AS_IT_IS, 0o600)
        except OSError:
            return
        if not _lock(lock):
            other = _read(lock)
            os.close(lock)
            raise PortError(
                f"the MIDI {way} {name!r} is {_DOES[way]} by another sideslip (process {other}): end that one, "
                f"or choose another port with {_OPTION[way]}"
            )
        self._locks.append(lock)
        with suppress(OSError):  # a full disk: the lock holds, only nobody is told whose it is
            os.ftruncate(lock, 0)
            os.write(lock, str(self._holder).encode())

    def close(self) -> None:
        """Let go of all that was claimed."""
        for lock in self._locks:
            os.close(lock)
        self._locks.clear()


def holders(folder: Path | None = None) -> tuple[int, ...]:
    """The processes that hold ports now."""
    found = set()
    for path in (folder or _folder()).glob("*.lock"):
        with suppress(OSError):
            lock = os.open(path, os.O_RDWR | _AS_IT_IS)
            held = not _lock(lock)
            if held and (holder := _read(lock)).isdecimal():
                found.add(int(holder))
            os.close(lock)
    return tuple(sorted(found))


def _folder() -> Path:
    with catch_warnings():  # that a Linux without sessions has no such folder, and which one serves
        simplefilter("ignore")
        return user_runtime_path("sideslip")


def _lock(file: int) -> bool:
    """Lock a file as long as it is open; whether it could be."""
    try:
        if sys.platform == "win32":
            os.lseek(file, _BEYOND, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _read(file: int) -> str:
    """The number in a lock, or a word for it."""
    try:
        return str(int(os.read(file, 20)))
    except (OSError, ValueError):
        return "unknown"
