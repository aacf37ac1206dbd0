"""What the figures of live playing ought to be, and which are not."""

from collections.abc import Mapping

AT_MOST: Mapping[str, float] = {
    "lateness_p99_ms": 1.5,
    "lateness_fifo_p99_ms": 0.15,
    "notes_lost": 0,
    "arrival_by_frame_p99_ms": 0.15,
    "notes_lost_by_frame": 0,
    "bar_line_p99_ms": 3.0,
    "bar_line_drift_ms": 1.0,
    "trading_faults": 0,
    "memory_grown_mb": 20.0,
    "memory_mb_an_hour": 5.0,
    "descriptors_grown": 0,
    "threads_grown": 0,
    "input_lost_at_1000": 0,
    "input_lost_at_3000": 0,
    "flood_notes_faults": 0,
    "flood_broken_faults": 0,
    "flood_sysex_faults": 0,
    "kill_term_silent_ms": 50.0,
    "kill_int_silent_ms": 50.0,
    "kill_hup_silent_ms": 50.0,
    "kill_kill_silent_ms": 250.0,
    "kill_term_gone_s": 1.0,
    "kill_int_gone_s": 1.0,
    "kill_hup_gone_s": 1.0,
    "kill_kill_gone_s": 1.0,
    "kill_term_faults": 0,
    "kill_int_faults": 0,
    "kill_hup_faults": 0,
    "kill_kill_faults": 0,
    "keyboard_back_s": 3.0,
    "synth_back_s": 3.0,
    "keyboard_back_faults": 0,
    "synth_back_faults": 0,
    "cold_start_s": 0.4,
    "cold_start_mb": 200.0,
}

AT_LEAST: Mapping[str, float] = {
    "answers_percent": 100.0,
    "bar_line_within_3_ms_percent": 99.0,
    "flood_notes_answered": True,
    "flood_broken_answered": True,
    "flood_sysex_answered": True,
}


def missed(found: Mapping[str, object]) -> list[str]:
    """The names of figures that were measured and are not what they ought to be."""

    def beyond(name: str) -> bool:
        value = found.get(name)
        if not isinstance(value, int | float):
            return False
        return value > AT_MOST.get(name, value) or value < AT_LEAST.get(name, value)

    return [name for name in (*AT_MOST, *AT_LEAST) if beyond(name)]
