"""The pure half of the live kit: a player's timing, and what a strict synth finds wrong."""

from random import Random

import pytest

from sideslip.testing.live import hearing, phrase

ON, OFF, ALL_OFF = b"\x90\x3c\x50", b"\x80\x3c\x40", b"\xb0\x7b\x00"


@pytest.mark.parametrize(
    ("messages", "faults"),
    [
        ([ON, OFF], {}),
        ([ON, b"\x90\x3c\x00"], {}),
        ([ON], {"stuck": 1}),
        ([ON, b"\x81\x3c\x40"], {"stuck": 1, "orphaned": 1}),
        ([ON, ON, OFF], {"doubled": 1}),
        ([ON, ALL_OFF, OFF], {"orphaned": 1}),
        ([b"\xb0\x40\x7f"], {"pedals": 1}),
        ([b"\xb0\x40\x7f", b"\xb0\x42\x7f", b"\xb0\x79\x00"], {}),
        ([b"\x90\x3c", b"\x90\x3c\x80", b"\x3c\x40", b"\xf8"], {"malformed": 3}),
    ],
)
def test_a_strict_synth_finds_what_is_wrong(messages: list[bytes], faults: dict[str, int]) -> None:
    found = hearing(enumerate(messages))
    assert {name: count for name, count in found.faults.items() if count} == faults


def test_a_synth_knows_what_sounded_at_a_moment_and_how_long() -> None:
    played = [(0.0, ON), (1.5, OFF), (2.0, ON)]
    assert hearing(played, until=1.0).sounding == {(0, 60): 0.0}
    assert hearing(played, until=2.0).sounding == {}
    assert (hearing(played).longest, hearing(played).struck) == (1.5, 2)


def test_a_player_is_human_but_begins_exactly() -> None:
    beat, messages = 0.5, sorted(phrase(10.0, 8, 0.5, Random(1)))
    ons = [at for at, message in messages if message[0] == 0x90]
    assert ons[0] == 10.0 and len(ons) == 16
    assert hearing(messages).faults == dict.fromkeys(hearing([]).faults, 0)
    scatter = [on - (10.0 + (i // 2 + i % 2 * 2 / 3) * beat) for i, on in enumerate(ons)]
    assert 0.001 < max(map(abs, scatter)) < 0.03
