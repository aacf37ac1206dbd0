"""Shipped files are found in the checkout, and SIDESLIP_HOME comes first."""

from pathlib import Path

import pytest

from sideslip.errors import SettingError
from sideslip.resources import HOME_VARIABLE, resource


def test_shipped_files_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    assert resource("configs", "charts", "blues-in-f.txt").is_file()


def test_the_home_of_the_user_comes_first_and_the_shipped_files_after(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "models" / "mine"
    own.mkdir(parents=True)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    assert resource("models", "mine") == own
    assert resource("configs", "charts").is_dir()


def test_what_is_nowhere_is_named_together_with_the_places_looked_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    with pytest.raises(SettingError, match="models/nothing-like-it ships with sideslip but is in none of") as caught:
        resource("models", "nothing-like-it")
    assert str(tmp_path) in str(caught.value) and "\n" not in str(caught.value)
