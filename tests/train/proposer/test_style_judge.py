"""The judge of style: it learns what sets styles apart, and says what it cannot learn from."""

from collections.abc import Callable

import numpy as np
import pytest

from sideslip.errors import DataError
from sideslip.music.changes import Changes
from sideslip.music.chord import parse_chord
from sideslip.music.phrase import Note, Phrase
from sideslip.outside.tables import ListeningTables
from sideslip.train.proposer.contexts import Place, places
from sideslip.train.proposer.events import events
from sideslip.train.proposer.style_judge import StyleJudge
from sideslip.train.solos import Solo

Made = Callable[..., Solo]


def of(made: Made, seed: int, style: str) -> list[Place]:
    """The places of a solo; here postbop has every interval twice as wide."""
    pitch = made(seed, notes=300).pitch
    pitch = 2 * pitch - 75 if style == "POSTBOP" else pitch
    return list(places(made(seed, notes=300, id=f"{style}-{seed}", style=style, pitch=pitch)))


def test_styles_that_differ_are_told_apart_on_turns_not_heard_before(made: Made, tables: ListeningTables) -> None:
    taught = [place for seed in range(6) for style in ("SWING", "POSTBOP") for place in of(made, seed, style)]
    judge = StyleJudge.taught(taught, tables)
    fresh = [place for seed in (7, 8) for style in ("SWING", "POSTBOP") for place in of(made, seed, style)]
    ceiling = judge.ceiling(fresh)
    assert ceiling["single"] > 0.6 and ceiling["solo_means"] > 0.85 and ceiling["solos"] == 4
    one, other = (next(place for place in fresh if place.solo.style == style) for style in ("SWING", "POSTBOP"))
    judged = [judge.places([place.real], place.turn.changes, [place.turn.start])[0] for place in (one, other)]
    assert judged[0] < judged[1]


def test_one_style_teaches_nothing(made: Made, tables: ListeningTables) -> None:
    with pytest.raises(DataError, match="two styles"):
        StyleJudge.taught(of(made, 0, "SWING") + of(made, 1, "FREE"), tables)


def test_events_are_shares_of_their_kind() -> None:
    changes = Changes((0,), (parse_chord("C7"),), 48)
    phrase = Phrase((Note(0, 60, 6), Note(6, 64, 3), Note(12, 60, 12), Note(24, 64, 12)))
    (shares,) = events([phrase], changes)
    quality = next(event[2] for event in shares if event[0] == "degree")
    assert shares["degree", 0, quality] == shares["degree", 4, quality] == 0.5
    assert shares["intervals", 4, -4] == shares["intervals", -4, 4] == 0.5
    assert shares["shift", 6, 0] == shares["shift", 6, 6] == shares["shift", 12, 0] == pytest.approx(1 / 3)
    assert shares["legato", 10, 0] == pytest.approx(2 / 3) and shares["legato", 5, 0] == pytest.approx(1 / 3)
    assert np.isclose(sum(shares.values()), 4)
