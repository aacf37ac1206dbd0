"""The band: the one owner of musical state. Sans-I/O: events in, commands out; no port, thread, clock or torch."""
