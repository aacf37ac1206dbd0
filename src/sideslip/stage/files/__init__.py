"""Files of users: charts, calls, sessions, journals, traces. Bounded when read, whole when written."""
