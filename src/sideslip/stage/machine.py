"""What can be told about the computer itself: sound, priority, processor, folders."""

import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from platformdirs import PlatformDirs

_GOVERNOR = Path("/sys/devices/system/cpu/cpu0/cpufreq")
_CARDS = Path("/proc/asound/cards")
_STEERED = ("intel_pstate", "amd-pstate", "amd-pstate-epp")  # drivers whose "powersave" only means "as needed"


def may_hurry() -> bool:
    """Whether a thread of ours is given real-time priority when it asks."""
    if not hasattr(os, "sched_setscheduler"):
        return False
    granted = []

    def ask() -> None:
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        except OSError:
            return
        granted.append(True)

    thread = threading.Thread(target=ask)  # one that ends at once: the program itself stays as it is
    thread.start()
    thread.join()
    return bool(granted)


def governor(folder: Path = _GOVERNOR) -> str:
    """How the processor is told to run: "powersave" only where that means slowly; "" where nobody says."""
    how, driver = (_first_line(folder / name) for name in ("scaling_governor", "scaling_driver"))
    return f"{how} by {driver}" if driver in _STEERED else how


def audio(environment: Mapping[str, str], cards: Path = _CARDS) -> tuple[str, ...]:
    """What could carry sound, by name."""
    if sys.platform != "linux":
        return ("the system's own sound",)
    found = []
    if runtime := environment.get("XDG_RUNTIME_DIR"):
        sockets = {"PipeWire": "pipewire-0", "PulseAudio": "pulse/native"}
        found = [name for name, socket in sockets.items() if Path(runtime, socket).exists()]
    if _first_line(cards) not in ("", "--- no soundcards ---"):
        found.append("a sound card")
    return tuple(found)


def own_folders() -> tuple[Path, ...]:
    """Where what belongs to this user is kept: settings, and all else."""
    dirs = PlatformDirs("sideslip")
    return dirs.user_config_path, dirs.user_data_path


def writable(folder: Path) -> str:
    """What keeps files from being written into a folder, which need not be there yet; "" if nothing does."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not there.is_dir():
        return f"{there} is no folder"
    return "" if os.access(there, os.W_OK | os.X_OK) else f"no permission for {there}"


def _first_line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip().partition("\n")[0].strip()
    except (OSError, ValueError):
        return ""
