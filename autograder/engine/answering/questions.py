"""What a student's worker may ask in the middle of a call: about models that stay here, and about parts not done."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.engine import wire
from autograder.engine.answering.own_models import OwnModels
from autograder.engine.answering.stand_in import StandIns

__all__ = ["Questions"]


@dataclass(frozen=True)
class Questions:
    """Who answers in one call."""

    models: OwnModels
    stand_ins: StandIns | None

    def begin(self) -> None:
        """The call is made, or made again."""
        self.models.begin()
        if self.stand_ins:
            self.stand_ins.begin()

    def __call__(self, question: wire.Message, seconds: float) -> wire.Message | None:
        """The answer; None for junk."""
        if question.body["ask"] == "":
            return self.models(question)
        return self.stand_ins(question, seconds) if self.stand_ins else None
