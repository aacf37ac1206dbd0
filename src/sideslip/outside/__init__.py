"""Risk that resolves: hear how far outside ideas are, how surprising, how they come home; choose one and say why.

`Controller` (controller.py) chooses; `hear` (hearing.py) measures; `load_tables` (tables.py) reads what was learnt.
The definitions come from a study of the Weimar Jazz Database (456 annotated solos).
"""
