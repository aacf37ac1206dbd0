"""Where the files that ship with sideslip are: weights under models/, charts and presets under configs/.

An installed package carries them beside its code; an editable install and a checkout have them in the root of the
repository; the environment variable SIDESLIP_HOME names a folder that comes before both.
"""

import os
from pathlib import Path

from sideslip.errors import SettingError

HOME_VARIABLE = "SIDESLIP_HOME"

_PACKAGE = Path(__file__).resolve().parent
_REPOSITORY = _PACKAGE.parents[1]


def resource(*parts: str) -> Path:
    """The path of a shipped file or folder such as resource("configs", "charts").

    Raises SettingError, which names the places that were looked at, if it is nowhere.
    """
    home = os.environ.get(HOME_VARIABLE)
    roots = [*([Path(home)] if home else []), _PACKAGE, _REPOSITORY]
    for root in roots:
        path = root.joinpath(*parts)
        if path.exists():
            return path
    sought = ", ".join(str(root) for root in roots)
    raise SettingError(
        f"{'/'.join(parts)} ships with sideslip but is in none of {sought}; "
        f"install sideslip again, or set {HOME_VARIABLE} to the folder that holds models/ and configs/"
    )
