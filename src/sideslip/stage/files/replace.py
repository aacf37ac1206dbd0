"""Files of a user, which stay whole."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from sideslip.errors import SettingError


def replace_file(path: str | Path, data: bytes) -> None:
    """Write beside `path`, then rename: what was there stays whole until all is written.

    A link stays one: it is the file it leads to that is replaced. Who may read a file stays as it was. A device
    (/dev/null) is not replaced but written to. Raises SettingError if it cannot be written (no such folder, no space,
    not allowed, a pipe).
    """
    target = Path(path)
    beside = None
    try:
        if _is_device(target):
            target.write_bytes(data)
            return
        beside = _beside(target)
        beside.write_bytes(data)
        os.replace(beside, os.path.realpath(target))
    except OSError as error:
        raise _refusal(target, error) from None
    finally:
        _remove(beside)


def check_replaceable(path: str | Path) -> None:
    """Find out early whether `replace_file` will be able to write there. Raises SettingError if not."""
    target = Path(path)
    try:
        if not _is_device(target):
            _remove(_beside(target))
    except OSError as error:
        raise _refusal(target, error) from None


def is_special(path: Path) -> bool:
    """Whether something is there that is no file: a device, a pipe, a folder."""
    try:
        return path.exists() and not path.is_file()
    except OSError:  # no permission to look: writing will say so
        return False


def _is_device(target: Path) -> bool:
    """Whether to write to what is there. A folder cannot be written, and a pipe would wait for a reader."""
    if not is_special(target):
        return False
    if target.is_dir():
        raise IsADirectoryError(None, "Is a directory")
    if target.is_fifo() or target.is_socket():
        raise OSError(None, "it is a pipe; a file or a device is needed")
    return True


def _beside(target: Path) -> Path:
    """An empty file of its own in the folder of the target, and with the rights of what is replaced."""
    real = Path(os.path.realpath(target))
    handle, name = tempfile.mkstemp(".part", ".sideslip-", real.parent)
    os.close(handle)
    beside = Path(name)
    try:
        beside.chmod(stat.S_IMODE(real.stat().st_mode) if real.exists() else 0o666 & ~_umask())
    except OSError:
        _remove(beside)
        raise
    return beside


def _umask() -> int:
    """What the rights of new files are held back by; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _refusal(target: Path, error: OSError) -> SettingError:
    return SettingError(f"cannot write {target}: {error.strerror}")


def _remove(beside: Path | None) -> None:
    if beside is not None:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
