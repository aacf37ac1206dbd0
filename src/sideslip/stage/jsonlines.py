"""One JSON object a line: how processes speak and journals are written."""

import json
from typing import Any

Json = dict[str, Any]


def load_object(line: str) -> Json:
    """One line of JSON as an object. Raises ValueError: not JSON, not an object, NaN, nested without end."""
    try:
        data = json.loads(line, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg}") from None
    if not isinstance(data, dict):
        raise ValueError(f"a JSON object was expected, found {type(data).__name__}")
    return data


def dump(data: Json) -> str:
    """An object as one line of JSON."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number here")
