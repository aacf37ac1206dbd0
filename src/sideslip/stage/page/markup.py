"""HTML and SVG as text: elements that are always closed, attributes and text that are always escaped."""

import html


def text(words: object) -> str:
    """Escape what comes from outside (titles, chord symbols, reasons)."""
    return html.escape(str(words))


def number(value: float) -> str:
    """A coordinate, to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def element(name: str, *content: str, **attributes: object) -> str:
    """One element. `content` is markup already; attributes are written `class_="note"`, `text_anchor="end"`.

    Floats are coordinates, True stands for an attribute without a value, None and False for no attribute.
    """
    head = name
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        key = key.removesuffix("_").replace("_", "-")
        shown = number(value) if isinstance(value, float) else text(value)
        head += f" {key}" if value is True else f' {key}="{shown}"'
    return f"<{head}>{''.join(content)}</{name}>"
