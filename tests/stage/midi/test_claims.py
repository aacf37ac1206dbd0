"""A port belongs to one partner, until that one ends, however it ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sideslip.errors import PortError
from sideslip.stage.midi.claims import Claims, holders

HOLD = """
import sys
from pathlib import Path
from sideslip.stage.midi.claims import Claims
claims = Claims("alsa", 4711, Path(sys.argv[1]))
claims.take("Horn", "output")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_port_is_claimed_once_and_named_with_its_holder(tmp_path: Path) -> None:
    first, second = Claims("alsa", 4711, tmp_path), Claims("alsa", 4712, tmp_path)
    first.take("Horn", "output")
    with pytest.raises(PortError) as refused:
        second.take("Horn", "output")
    assert str(refused.value) == (
        "the MIDI output 'Horn' is played by another sideslip (process 4711): end that one, "
        "or choose another port with --out"
    )
    first.close()
    second.take("Horn", "output")
    second.close()


def test_other_ports_ways_and_systems_are_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = [Claims(api, 4711, tmp_path) for api in ("alsa", "alsa", "alsa", "jack", "jack")]
    claims[0].take("Horn", "output")
    claims[1].take("Horn", "input")
    claims[2].take("Keys", "output")
    claims[3].take("Horn", "output")
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "another")
    other = Claims("jack", 4711, tmp_path)
    other.take("Horn", "output")
    for one in (*claims, other):
        one.close()


def test_a_holder_that_is_killed_holds_nothing(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdin is not None and holder.stdout is not None
    with holder:
        assert holder.stdout.readline() == "held\n"
        claims = Claims("alsa", 4712, tmp_path)
        with pytest.raises(PortError, match="process 4711"):
            claims.take("Horn", "output")
        holder.kill()
        holder.wait()
    claims.take("Horn", "output")
    claims.close()


def test_where_no_lock_can_be_kept_every_port_may_be_claimed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for _ in range(2):
        Claims("alsa", 4711, tmp_path / "file").take("Horn", "output")


def test_who_holds_ports_can_be_asked(tmp_path: Path) -> None:
    assert holders(tmp_path / "none") == ()
    first, second, over = (Claims("alsa", number, tmp_path) for number in (4712, 4711, 4713))
    first.take("Horn", "output")
    first.take("Keys", "input")
    second.take("Sax", "output")
    over.take("Drum", "output")
    over.close()
    assert holders(tmp_path) == (4711, 4712)
    first.close()
    second.close()
    assert holders(tmp_path) == ()


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links are followed on this system")
def test_a_lock_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    victim, locks = tmp_path / "precious", tmp_path / "locks"
    victim.write_text("mine")
    Claims("alsa", 4711, locks).take("Horn", "output")
    (lock,) = locks.iterdir()
    lock.unlink()
    lock.symlink_to(victim)
    Claims("alsa", 4712, locks).take("Horn", "output")
    assert victim.read_text() == "mine" and holders(locks) == ()
