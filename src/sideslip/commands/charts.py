"""`sideslip charts`: the built-in charts."""

from argparse import Namespace

from sideslip.stage.files.charts import load_chart, names


def run(options: Namespace) -> None:
    """List the built-in charts, or print one as chart text."""
    if options.name is not None:
        print(load_chart(options.name).text(), end="")
        return
    widest = max(map(len, names()))
    for name in names():
        sheet = load_chart(name)
        print(f"{name:{widest}}  {sheet.title}, {sheet.key}, {sheet.meter}, {len(sheet.bars())} bars")
