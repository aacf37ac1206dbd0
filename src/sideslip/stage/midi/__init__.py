"""MIDI ports, in a process of their own: what is heard, what is sent, silence after any death."""
