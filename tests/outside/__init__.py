"""Tests of the ear and the choice, and the worked examples they share."""
