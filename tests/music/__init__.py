"""Tests of the music itself, and the lines they share."""
