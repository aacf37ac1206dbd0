"""Files of a user, which stay whole."""

import os
from pathlib import Path

from sideslip.errors import SettingError


def replace_file(path: str | Path, data: bytes) -> None:
    """Write beside `path`, then rename: what was there stays whole until all is written.

    Raises SettingError if the file cannot be written (no such folder, no space, not allowed).
    """
    target = Path(path)
    beside = target.with_name(f".{target.name}.part")
    try:
        beside.write_bytes(data)
        os.replace(beside, target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise SettingError(f"cannot write {target}: {error.strerror}") from None
