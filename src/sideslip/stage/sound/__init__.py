"""Sound from numbers: voices and a mix."""
