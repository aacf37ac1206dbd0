"""What is told of ports and panics, and how often."""

import pytest

from sideslip.stage.midi.names import Choice
from sideslip.stage.midi.news import News

KEYS, SYNTH = Choice("keys"), Choice("synth", virtual=True)


def test_the_same_trouble_is_told_once_and_its_end(caplog: pytest.LogCaptureFixture) -> None:
    news = News()
    news.opened(KEYS, SYNTH)
    for words in ("the server has gone", "no server", "no server", "no server"):
        news.troubled(words)
    news.opened(KEYS, SYNTH)
    news.opened(KEYS, SYNTH)
    assert caplog.messages == [
        "the server has gone",
        "no server",
        "MIDI is back: listening on 'keys', playing on 'synth'",
    ]


def test_a_port_that_goes_and_comes_back_is_told_by_name(caplog: pytest.LogCaptureFixture) -> None:
    news = News()
    news.gone("input", "keys")
    news.back("input", "keys")
    assert caplog.messages == ["the MIDI input 'keys' is gone; waiting for it", "the MIDI input 'keys' is back"]


def test_one_press_of_panic_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    news = News()
    for at, ended, forgotten in ((0.0, 0, 0), (0.01, 0, 0), (5.0, 3, 12), (5.01, 0, 0), (9.0, 1, 0), (9.5, 2, 0)):
        news.panicked(at, ended, forgotten)
    assert caplog.messages == [
        "panic: nothing sounded",
        "panic: stopped 3 notes, forgot 12 to come",
        "panic: stopped 1 note, forgot 0 to come",
        "panic: stopped 2 notes, forgot 0 to come",
    ]
