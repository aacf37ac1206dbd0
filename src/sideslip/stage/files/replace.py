"""Files of a user, which stay whole."""

import os
from contextlib import suppress
from pathlib import Path

from sideslip.errors import SettingError


def replace_file(path: str | Path, data: bytes) -> None:
    """Write beside `path`, then rename: what was there stays whole until all is written.

    What is no file (/dev/null, a pipe) is not replaced but written to. Raises SettingError if it cannot be written (no
    such folder, no space, not allowed).
    """
    target = Path(path)
    beside = None if is_special(target) else _beside(target)
    try:
        if beside is None:
            target.write_bytes(data)
            return
        beside.write_bytes(data)
        os.replace(beside, target)
    except OSError as error:
        raise _refusal(target, error) from None
    finally:
        _remove(beside)


def check_replaceable(path: str | Path) -> None:
    """Find out early whether `replace_file` will be able to write there. Raises SettingError if not."""
    target = Path(path)
    beside = None if is_special(target) else _beside(target)
    try:
        if beside is not None:
            beside.touch()
        elif target.is_dir():
            raise IsADirectoryError(None, "Is a directory")
    except OSError as error:
        raise _refusal(target, error) from None
    finally:
        _remove(beside)


def is_special(path: Path) -> bool:
    """Whether something is there that is no file: a device, a pipe, a folder."""
    try:
        return path.exists() and not path.is_file()
    except OSError:  # no permission to look: writing will say so
        return False


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.part")


def _refusal(target: Path, error: OSError) -> SettingError:
    return SettingError(f"cannot write {target}: {error.strerror}")


def _remove(beside: Path | None) -> None:
    if beside is not None:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
