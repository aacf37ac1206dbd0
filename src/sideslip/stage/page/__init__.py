"""The page of a session: everything that was played and decided, as one HTML file that needs nothing else."""

from sideslip.stage.page.data import Line, OutsideLine, PageData, Whose
from sideslip.stage.page.write import render_page, write_page

__all__ = ["Line", "OutsideLine", "PageData", "Whose", "render_page", "write_page"]
