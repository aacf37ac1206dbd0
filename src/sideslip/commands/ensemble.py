"""What every way to play needs: the controller's ear, the proposer, or licks where the weights cannot be used."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from sideslip.band.partner import Partner
from sideslip.band.settings import GigSettings
from sideslip.errors import SettingError, WeightsError
from sideslip.listen.tables import TrackerTables, load_tracker
from sideslip.outside.controller import Controller
from sideslip.outside.critic import Critic, load_critic
from sideslip.outside.tables import ListeningTables, load_tables
from sideslip.propose.engine import Engine
from sideslip.propose.ideas import licks_alone, model_proposer
from sideslip.propose.licks import LickProposer
from sideslip.propose.proposer import Proposer
from sideslip.resources import resource

Learnt = TypeVar("Learnt")

MODEL = ("models", "line.safetensors")
CRITIC = ("models", "critic.safetensors")
TABLES = ("models", "listening.safetensors")
TRACKER = ("models", "tracker.safetensors")


@dataclass(frozen=True, slots=True)
class Ensemble:
    """The learnt parts. `ear` names the tables of judge and tracker, and the critic; `factory` and `weights` name the
    proposer for a process of its own."""

    tables: ListeningTables
    critic: Critic
    tracker: TrackerTables
    ear: str
    factory: str
    weights: str

    @classmethod
    def shipped(cls) -> "Ensemble":
        """The parts that ship; damaged or missing ones cost one line of warning each and are done without."""
        (tables, judge), (critic, taste), (tracker, heard) = shipped_tables(), shipped_critic(), shipped_tracker()
        ear = f"{judge}+{taste}+{heard}"
        try:
            weights = resource(*MODEL)
            Engine.load(weights)
        except (WeightsError, SettingError) as mistake:
            _warn(f"{mistake}; licks answer instead of the model")
            return cls(tables, critic, tracker, ear, f"{licks_alone.__module__}:{licks_alone.__name__}", "")
        return cls(tables, critic, tracker, ear, f"{model_proposer.__module__}:{model_proposer.__name__}", str(weights))

    def proposer(self) -> Proposer:
        """The proposer in this process."""
        return model_proposer(self.weights) if self.weights else licks_alone()

    def partner(self, settings: GigSettings) -> Partner:
        """A fresh partner for a gig."""
        return Partner(settings, self.controller(), LickProposer(), self.tracker)

    def controller(self) -> Controller:
        """The controller."""
        return Controller(self.tables, self.critic)


def shipped_tables() -> tuple[ListeningTables, str]:
    """The ear that ships, and its name: another one for other bytes. Damaged or missing, one line of warning and the
    rules alone."""
    return _shipped(TABLES, load_tables, ListeningTables.unlearnt, "ideas are judged by the rules alone")


def shipped_critic() -> tuple[Critic, str]:
    """The critic that ships, and its name; the same where it is damaged or missing."""
    return _shipped(CRITIC, load_critic, Critic.unlearnt, "ideas are judged without a critic")


def shipped_tracker() -> tuple[TrackerTables, str]:
    """What the tracker that ships has learnt, and its name; the same where it is damaged or missing."""
    without = "harmony and phrase ends are followed by the rules alone"
    return _shipped(TRACKER, load_tracker, TrackerTables.unlearnt, without)


def _shipped(
    parts: tuple[str, ...], load: Callable[[Path], Learnt], unlearnt: Callable[[], Learnt], without: str
) -> tuple[Learnt, str]:
    try:
        path = resource(*parts)
        return load(path), sha256(path.read_bytes()).hexdigest()[:12]
    except (WeightsError, SettingError) as mistake:
        _warn(f"{mistake}; {without}")
        return unlearnt(), "rules"


def _warn(text: str) -> None:
    print(f"sideslip: {text}", file=sys.stderr)
