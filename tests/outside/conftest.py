"""The shipped tables, read once."""

import pytest

from sideslip.outside.tables import ListeningTables, load_tables

from .worked_examples import SHIPPED


@pytest.fixture(scope="session")
def tables() -> ListeningTables:
    return load_tables(SHIPPED)
