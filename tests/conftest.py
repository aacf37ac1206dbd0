"""What a machine lacks, its tests are skipped for, and say so; hypothesis judges no one by the clock."""

import importlib.util
import os
import shutil

import pytest
from hypothesis import settings

NEEDS = {
    "live": (shutil.which("jackd"), "no jackd: on Debian `sudo apt install jackd2`"),
    "torch": (importlib.util.find_spec("torch"), "no torch: pip install 'sideslip[train]'"),
}
"""Marker: what is needed, if it is there, and the reason given for skipping."""

settings.register_profile("house", deadline=None, derandomize="CI" in os.environ, print_blob=True)
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for marker, (there, reason) in NEEDS.items():
            if not there and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))
