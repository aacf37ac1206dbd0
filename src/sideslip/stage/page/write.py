"""Put the page together and write it."""

from importlib import resources
from pathlib import Path
from string import Template

from sideslip.stage.files.replace import replace_file
from sideslip.stage.page.cards import cards, legend
from sideslip.stage.page.data import OUTSIDE, PageData
from sideslip.stage.page.markup import element, text
from sideslip.stage.page.roll import systems


def write_page(path: str | Path, session: PageData) -> None:
    """Write the page; one that was there stays whole if anything fails. Raises SettingError if it cannot be written."""
    replace_file(path, render_page(session).encode())


def render_page(session: PageData) -> str:
    """The whole page as HTML: no file, script, font or picture is fetched from anywhere."""
    template = resources.files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    return Template(template).substitute(
        title=text(session.title),
        facts=_facts(session),
        sound=_sound(session),
        take=systems(session),
        decisions=_decisions(session),
    )


def _facts(session: PageData) -> str:
    outside = sum(out > OUTSIDE for *_, out in session.partner)
    share = f" ({outside / len(session.partner):.0%})" if session.partner else ""
    facts = {
        "chart": session.chart,
        "key": session.key,
        "time": session.changes.meter,
        "tempo": f"{session.tempo:g} bpm",
        "outside dial": f"{session.dial:g}",
        "seed": "" if session.seed is None else session.seed,
        "player": f"{len(session.player)} notes",
        "partner": f"{len(session.partner)} notes, {outside} outside{share}",
    }
    pairs = (
        element("div", element("dt", name), element("dd", text(fact))) for name, fact in facts.items() if fact != ""
    )
    return element("dl", *pairs, class_="facts")


def _sound(session: PageData) -> str:
    if not session.sound:
        return ""
    return element(
        "audio", controls=True, preload="metadata", src=session.sound,
        data_tempo=str(session.tempo), aria_label="The session's sound",
    )  # fmt: skip


def _decisions(session: PageData) -> str:
    if not session.decisions:
        return ""
    heading = element("h2", "What it weighed, and why it chose", id="decisions")
    return element("section", heading, legend(), cards(session), aria_labelledby="decisions")
