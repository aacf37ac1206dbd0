"""What playing live comes to on this machine: `scripts/benchmark.py --live`."""
