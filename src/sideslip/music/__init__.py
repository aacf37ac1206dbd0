"""Music as values: pure, frozen, standard library only.

Conventions, everywhere in sideslip:

- a pitch is a MIDI number (60 = middle C, C4); a pitch class is 0..11 with 0 = C;
- time inside the core is an integer number of ticks, 12 a beat; tick 0 is beat 1 of bar 1;
- a beat is the note value of the metre's lower number; bars and beats are counted from 1;
- a velocity is 1..127; an interval is in semitones.
"""
