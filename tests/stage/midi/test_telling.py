"""Whoever tells never waits for who reads."""

import os
import threading
from io import FileIO

from sideslip.stage.child import receive
from sideslip.stage.midi.telling import Teller


def test_what_is_told_is_read_in_order_however_late() -> None:
    reading, writing = os.pipe()
    lines = [{"n": n, "more": "x" * 1000} for n in range(500)]  # more than any pipe holds
    with FileIO(reading, "rb") as reader, FileIO(writing, "wb") as pipe:
        teller = Teller(pipe)  # type: ignore[arg-type]
        for line in lines:
            teller.tell(line)
        read = receive(reader)  # type: ignore[arg-type]
        assert [next(read) for _ in lines] == lines
        teller.close()


def test_nobody_reads_and_nothing_happens() -> None:
    class GonePipe:
        """A pipe whose reader has ended, as Windows tells it: EINVAL, not a broken pipe."""

        def write(self, data: memoryview) -> int:
            raise OSError(22, "Invalid argument")

    teller = Teller(GonePipe())  # type: ignore[arg-type]
    teller.tell({"n": 1})
    teller.close()
    assert not any(thread.name == "teller" for thread in threading.enumerate())
