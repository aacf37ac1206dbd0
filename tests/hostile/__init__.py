"""Files that nobody should have made, and gigs that nobody should have played."""
