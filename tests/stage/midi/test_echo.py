"""Our own notes are known when they come back, whatever way; what a player plays never is."""

import random
from collections.abc import Iterator

import pytest

from sideslip.stage.midi.echo import ECHO, Echo

Note = tuple[float, int, int, int]  # at, channel, pitch, velocity


def line(seed: int, count: int, channel: int = 0) -> Iterator[Note]:
    """A line as the partner plays one: eighths and triplets, steps and leaps, no two as loud."""
    rng, at, pitch = random.Random(seed), 0.0, 65
    for _ in range(count):
        at += rng.choice((0.11, 0.16, 0.21, 0.45))
        pitch = min(90, max(45, pitch + rng.choice((-7, -2, -1, 1, 2, 3, 5))))
        yield at, channel, pitch, rng.randrange(50, 110)


def returning(
    sent: list[Note], delay: float, interval: int = 0, channel: int | None = None, jitter: float = 0.0
) -> list[Note]:
    """The same over a cable."""
    rng = random.Random(9)
    return [
        (at + delay + jitter * rng.random(), sounds_on if channel is None else channel, pitch + interval, velocity)
        for at, sounds_on, pitch, velocity in sent
    ]


def heard(sent: list[Note], come: list[Note]) -> list[Note]:
    """What is not known for our own, told what we send a little ahead; every note ends at once."""
    echo, passed = Echo(), list[Note]()
    moments = [(note[0] - 0.04, "sent", note) for note in sent] + [(note[0], "heard", note) for note in come]
    for _, what, note in sorted(moments):
        if what == "sent":
            echo.sent(*note)
        elif not echo.strikes(*note):
            passed.append(note)
        else:
            assert echo.ends(note[1], note[2])
            assert not echo.ends(note[1], note[2])
    return passed


@pytest.mark.parametrize("delay", [-0.02, 0.001, 0.05, 0.1])
def test_what_comes_back_soon_as_it_was_sent_is_never_heard(delay: float) -> None:
    sent = list(line(1, 200))
    assert heard(sent, returning(sent, delay, jitter=0.02)) == []


@pytest.mark.parametrize(
    ("delay", "interval", "channel"),
    [(0.003, 12, None), (0.003, 0, 5), (0.1, -5, 3), (0.25, 0, None), (0.3, 7, 1), (0.05, 1, None)],
)
def test_another_way_round_is_known_after_a_few_notes(delay: float, interval: int, channel: int | None) -> None:
    sent = list(line(2, 200))
    passed = heard(sent, returning(sent, delay, interval, channel, jitter=0.02))
    assert 4 <= len(passed) <= 12
    assert passed[-1][0] < sent[14][0]


def test_two_ways_round_at_once_are_both_known() -> None:
    sent = list(line(3, 200))
    passed = heard(sent, [*returning(sent, 0.004), *returning(sent, 0.06, 12, 2)])
    assert len(passed) <= 12


def test_parts_that_come_back_on_one_channel_are_known() -> None:
    sent = sorted([*line(4, 200), *line(5, 200, channel=1)])
    assert len(heard(sent, returning(sent, 0.02, channel=0))) <= 14


@pytest.mark.parametrize("seed", range(20))
def test_a_player_is_heard_beside_what_comes_back(seed: int) -> None:
    sent, played = list(line(seed, 200)), list(line(seed + 100, 200))
    player = [(at, channel, pitch, velocity + 60 if velocity < 68 else 127) for at, channel, pitch, velocity in played]
    assert heard(sent, [*returning(sent, 0.05), *player]) == player


@pytest.mark.parametrize("interval", [0, 12, -3])
def test_a_player_who_follows_the_line_by_ear_is_heard(interval: int) -> None:
    sent, rng = list(line(7, 200)), random.Random(7)
    played = [
        (at + rng.gauss(0.2, 0.02), channel, pitch + interval, velocity + rng.choice((-3, -1, 1, 4)))
        for at, channel, pitch, velocity in sent
    ]
    assert len(heard(sent, played)) >= 199  # as loud as ours by chance, on the same key, within ECHO


def test_a_player_at_a_keyboard_without_velocity_is_heard_beside_one_drum() -> None:
    drums = [(n * 0.25, 9, 42, 100) for n in range(200)]
    played = [(n * 0.25 + 0.01, 0, 60, 100) for n in range(200)]
    assert heard(drums, played) == played


def test_of_a_flood_nothing_is_lost() -> None:
    sent = [(at, channel, pitch, 80) for at, channel, pitch, _ in line(6, 100)]
    flood = [(n / 500, 0, 30 + (7 * n) % 70, 80) for n in range(10_000)]
    passed = heard(sent, flood)
    assert passed[-9_900:] == flood[-9_900:] and len(passed) > 9_990


def test_once_the_cable_is_pulled_the_player_may_play_what_it_brought() -> None:
    sent = list(line(8, 100))
    cable = returning(sent[:50], 0.2, 12)
    player = returning(sent[56:], 0.2, 12)
    passed = heard(sent, [*cable, *player])
    assert [note for note in passed if note[0] > sent[50][0] + 0.2][:4] == player[:4]


def test_each_note_comes_back_once_and_soon() -> None:
    echo = Echo()
    echo.sent(1.0, 0, 60, 80)
    assert echo.strikes(1.01, 0, 60, 80)
    assert not echo.strikes(1.02, 0, 60, 80)
    echo.sent(2.0, 0, 60, 80)
    assert not echo.strikes(2.0 + ECHO + 0.01, 0, 60, 80)


def test_what_will_not_end_any_more_is_forgotten() -> None:
    echo = Echo()
    echo.sent(1.0, 0, 60, 80)
    assert echo.strikes(1.01, 0, 60, 80)
    echo.clear()
    assert not echo.ends(0, 60)
