"""Judging the proposer: does it obey, end, answer, and play as players do. Real solos give the contexts."""
