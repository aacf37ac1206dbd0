"""sideslip: a jazz partner that takes risks it can resolve."""

__version__ = "0.1.0"
