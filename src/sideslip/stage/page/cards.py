"""One card a decision: what was weighed, what was chosen, and why."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sideslip.music.pitch import pitch_name
from sideslip.stage.page.data import PageData, spread
from sideslip.stage.page.markup import element, number, text

_MEASURES = (
    ("outside", "outside", "0 inside the changes, 1 far from them"),
    ("surprise", "surprise", "bits a note"),
    ("resolvability", "resolves", "0 to 1: how well it can be brought home"),
    ("motif", "motif", "0 to 1: how much it takes up what the player said"),
    ("score", "score", "what the candidates are ranked by"),
)
"""(name in the trace, heading, what it means)."""

_SHOWN = 5  # candidates in the table
_PLOT, _MARGIN = 150.0, 22.0


def legend() -> str:
    """What the signs of the plots mean."""
    signs = {
        "model": _dot("model", 13, 6),
        "device (side-slip, substitution ...)": _dot("device", 13, 6),
        "lick": _dot("lick", 13, 6),
        "chosen": element("circle", class_="ring", cx=13, cy=6, r=5),
        "what the dial asked for": element("line", class_="dial", x1=13, x2=13, y1=0, y2=12),
    }
    items = (
        element("li", element("svg", sign, viewBox="0 0 26 12", aria_hidden="true"), name)
        for name, sign in signs.items()
    )
    return element("ul", *items, class_="legend")


def cards(data: PageData) -> str:
    """A card for every decision, in order."""
    return "".join(_card(index, record, data.asked(record)) for index, record in enumerate(data.decisions, 1))


def _card(index: int, record: Mapping[str, Any], asked: float) -> str:
    candidates: Sequence[Mapping[str, Any]] = record["candidates"]
    return element(
        "article",
        element("h3", f"Bar {text(record['bar'])}", element("span", _moment(record))),
        element("p", text(record["why"]), class_="why"),
        *(element("p", text(one["why"]), class_="why") for one in record.get("mended", ())),
        element("p", _sources(candidates), class_="sources"),
        _chosen(candidates[record["chosen"]]),
        _plot(record, candidates, asked),
        element("details", element("summary", _summary(candidates)), _table(record, candidates), open=True),
        class_="card",
        id=f"decision-{index}",
    )


def _moment(record: Mapping[str, Any]) -> str:
    return f"beat {record['beat']:g}, after {record['thinking_ms']:.0f} ms of thought"


def _sources(candidates: Sequence[Mapping[str, Any]]) -> str:
    """How many candidates came from where: "16 ideas: 12 model, 3 device, 1 lick"."""
    counted = Counter(str(candidate["source"]) for candidate in candidates).most_common()
    return f"{len(candidates)} ideas: " + text(", ".join(f"{count} {source}" for source, count in counted))


def _summary(candidates: Sequence[Mapping[str, Any]]) -> str:
    return f"The best {min(_SHOWN, len(candidates))} of {len(candidates)}"


def _chosen(candidate: Mapping[str, Any]) -> str:
    """The chosen idea's measures as a list of terms."""
    pairs = (
        element("div", element("dt", heading, title=meaning), element("dd", f"{candidate[name]:.2f}"))
        for name, heading, meaning in _MEASURES
    )
    return element("dl", *pairs, class_="measures")


def _best(record: Mapping[str, Any], candidates: Sequence[Mapping[str, Any]]) -> list[int]:
    """Indices of the candidates to show, best first; the chosen one is always among them."""
    ranked = sorted(range(len(candidates)), key=lambda index: -float(candidates[index]["score"]))[:_SHOWN]
    return ranked if record["chosen"] in ranked else [*ranked[: _SHOWN - 1], record["chosen"]]


def _table(record: Mapping[str, Any], candidates: Sequence[Mapping[str, Any]]) -> str:
    headings = [element("th", "idea", scope="col")]
    headings += [element("th", heading, scope="col", title=meaning) for _, heading, meaning in _MEASURES]
    headings.append(element("th", "phrase", scope="col"))
    rows = []
    for index in _best(record, candidates):
        candidate, chosen = candidates[index], index == record["chosen"]
        name = element("th", text(_called(candidate)), " ✓" if chosen else "", scope="row")
        measures = (element("td", f"{candidate[name]:.2f}") for name, *_ in _MEASURES)
        phrase = element("td", _contour(candidate["notes"]))
        rows.append(element("tr", name, *measures, phrase, class_="chosen" if chosen else None))
    caption = element("caption", f"The best candidates for bar {text(record['bar'])}")
    table = element("table", caption, element("thead", element("tr", *headings)), element("tbody", *rows))
    return element("div", table, class_="wide", tabindex=0, role="group", aria_label="Table of candidates")


def _called(candidate: Mapping[str, Any]) -> str:
    """What a candidate is: its move and its device, else where it came from."""
    done = (candidate.get("move"), candidate.get("label"))
    return ", then ".join(str(name) for name in done if name) or str(candidate["source"])


def _contour(notes: Sequence[Sequence[float]]) -> str:
    """A phrase as a small piano roll. Notes are (onset in beats, MIDI pitch, duration in beats, velocity)."""
    if not notes:
        return "rest"
    low, high = int(min(note[1] for note in notes)), int(max(note[1] for note in notes))
    start, end = min(note[0] for note in notes), max(note[0] + note[2] for note in notes)
    words = f"{len(notes)} notes between {_pitch(low)} and {_pitch(high)}"

    def bars() -> Iterator[str]:
        for onset, pitch, duration, *_ in notes:
            x, y = 110 * (onset - start) / (end - start), 20 * (high - pitch) / max(high - low, 1)
            yield element("rect", x=x, y=y + 1, width=max(110 * duration / (end - start) - 0.6, 1.2), height=2.4)

    return element("svg", element("title", words), *bars(), class_="contour", viewBox="0 0 110 25", role="img")


def _pitch(pitch: int) -> str:
    return f"{pitch_name(pitch)}{pitch // 12 - 1}"


def _plot(record: Mapping[str, Any], candidates: Sequence[Mapping[str, Any]], asked: float) -> str:
    """All candidates by how far out they go (across) and how well they resolve (up); dashed is what the dial asked."""
    left, bottom = _MARGIN, 6 + _PLOT

    def place(candidate: Mapping[str, Any]) -> tuple[float, float]:
        return left + _PLOT * spread(candidate["outside"]), bottom - _PLOT * float(candidate["resolvability"])

    dots = []
    for index, candidate in enumerate(candidates):
        x, y = place(candidate)
        dots.append(_dot(str(candidate["source"]), x, y))
        if index == record["chosen"]:
            dots.append(element("circle", class_="ring", cx=x, cy=y, r=8))
    dial = left + _PLOT * spread(asked)
    return element(
        "svg",
        element("title", "Candidates by outsideness and resolvability"),
        element("rect", class_="frame", x=left, y=bottom - _PLOT, width=_PLOT, height=_PLOT),
        element("line", class_="dial", x1=dial, x2=dial, y1=bottom - _PLOT, y2=bottom),
        element("text", "outside →", class_="label", x=left + _PLOT, y=bottom + 13, text_anchor="end"),
        element(
            "text",
            "resolves →",
            class_="label",
            transform=f"translate({number(left - 6)} {number(bottom)}) rotate(-90)",
        ),
        *dots,
        class_="plot",
        viewBox=f"0 0 {number(left + _PLOT + 6)} {number(bottom + 18)}",
        role="img",
    )


def _dot(source: str, x: float, y: float) -> str:
    """A circle for the model, a square for a device, a triangle for a lick."""
    if source == "device":
        return element("rect", class_="dot device", x=x - 3.2, y=y - 3.2, width=6.4, height=6.4)
    if source == "lick":
        points = f"{number(x)},{number(y - 4)} {number(x + 4)},{number(y + 3)} {number(x - 4)},{number(y + 3)}"
        return element("polygon", class_="dot lick", points=points)
    return element("circle", class_="dot model", cx=x, cy=y, r=3.4)
