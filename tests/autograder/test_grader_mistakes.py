"""Each named mistake is told from the right answer and from all others; what has no name gets none."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.engine.calls import Answer, Call
from autograder.engine.catalogue import Exercise
from autograder.engine.oracle import Oracle
from autograder.engine.process import Limits
from autograder.engine.session import Session, checks_of
from autograder.engine.student import Submission
from autograder.engine.verdicts import Mistake, State
from tests.autograder.submissions import PARTS, Grade, GradeAll, solution_with, states


class AsIf(Submission):
    """A submission that makes one named mistake: answered by the reference's worker, without a process of its own."""

    def __init__(self, exercise: Exercise, oracle: Oracle, mistake: Mistake) -> None:
        super().__init__(exercise, Path("unused.py"), Limits())
        self._oracle, self._mistake = oracle, mistake

    def ask(self, call: Call) -> Answer:
        return self._oracle.mistaken(self._mistake, call)


@pytest.mark.parametrize("number", PARTS)
def test_each_mistake_gets_its_own_name(latent: Exercise, oracle: Oracle, number: str) -> None:
    mistakes = oracle.mistakes(number)
    assert len(mistakes) >= 9
    assert len({mistake.name for mistake in mistakes}) == len(mistakes)
    for mistake in mistakes:
        session = Session(latent, Path("unused.py"), seed=11, oracle=oracle)
        session.submission = AsIf(latent, oracle, mistake)
        for check in checks_of(latent)[number]:
            session.check(number, check)
        (outcome,) = session.outcomes()
        assert outcome.finding.state is State.WRONG, mistake.name
        assert outcome.finding.mistake == mistake


def test_each_mistake_asks_a_question_and_leads_to_a_section_of_the_lesson(latent: Exercise, oracle: Oracle) -> None:
    sections = {part.number: part.link.split("#")[1] for part in latent.parts}
    for number in PARTS:
        for mistake in oracle.mistakes(number):
            assert "?" in mistake.question
            assert "return " not in mistake.question
            assert mistake.section == sections[number]


CODE = {
    "a ReLU on mu": ("1.1", "return F.relu(self.fc_mu(F.relu(self.encoder_fc2(F.relu(self.encoder_fc1(x))))))"),
    "two sigmoids": (
        "1.2",
        """
        h = self.decoder_fc2(self.decoder_fc1(z).clamp(min=0)).clamp(min=0)
        return self.decoder_out(h).sigmoid().sigmoid()
        """,
    ),
    "the last point is never reached": (
        "1.3",
        """
        out = []
        for i in range(num_steps):
            z = torch.lerp(vae.encode(pattern_a), vae.encode(pattern_b), i / num_steps)
            out.append(vae.decode(z).detach().numpy().reshape(IMAGE_SIZE, -1))
        return out
        """,
    ),
    "the walk does not return": (
        "1.4",
        """
        with torch.no_grad():
            z = torch.cat([vae.encode(p) for p in patterns])
            path_z = torch.cat([torch.lerp(a, b, torch.linspace(0, 1, 4)[:, None]) for a, b in zip(z[:-1], z[1:])])
            frames = (vae.decode(path_z) * 255).byte().reshape(-1, 16, 16).numpy()
        iio.imwrite(path, frames, extension=".gif", duration=1000 / fps)
        return frames
        """,
    ),
}


def test_mistakes_written_in_another_way_get_the_same_names(graded: Grade) -> None:
    outcomes = graded(solution_with(dict(CODE.values()), extra="import torch.nn.functional as F"))
    assert states(outcomes) == ["wrong"] * 4
    for name, (number, _) in CODE.items():
        found = outcomes[number].finding.mistake
        assert found is not None, outcomes[number]
        assert found.name == name


NAMELESS = [
    {
        "1.1": "return 0.37 * self.fc_mu(torch.relu(self.encoder_fc2(torch.relu(self.encoder_fc1(x)))))",
        "1.2": "return torch.sigmoid(self.decoder_out((self.decoder_fc2((self.decoder_fc1(z)).relu())).relu())) ** 2",
        "1.3": "return [torch.full((16, 16), 0.5)] * num_steps",
        "1.4": "return [np.zeros((16, 16), np.uint8)] * 5",
    },
    {
        "1.1": "return torch.zeros(len(x), self.fc_mu.out_features)",
        "1.2": "return torch.rand(len(z), self.decoder_out.out_features)",
        "1.3": "return [vae.decode(vae.encode(pattern_a)).detach().reshape(16, 16)] * num_steps",
        "1.4": """
        frames = create_noise(len(patterns))
        iio.imwrite(path, frames, extension=".gif", duration=100)
        return frames
        """,
    },
    {
        "1.1": "return 1 / 0",
        "1.2": "return 'an image'",
        "1.3": "return {'frames': num_steps}",
        "1.4": """
        drawn = [vae.decode(vae.encode(p)).detach().reshape(16, 16).numpy() for p in [*patterns, patterns[0]]]
        frames = [f for d in drawn for f in (d, d[::-1])]
        return [np.uint8(255 * f) for f in frames]
        """,
    },
]


NOISE = """
def create_noise(count):
    return np.random.default_rng(0).integers(0, 255, (4 * count, 16, 16), dtype=np.uint8)
"""


def test_wrong_code_without_a_name_gets_no_name(graded_side_by_side: GradeAll) -> None:
    texts = {str(index): solution_with(bodies, extra=NOISE) for index, bodies in enumerate(NAMELESS)}
    graded = graded_side_by_side(texts)
    for outcomes in graded.values():
        assert states(outcomes) == ["wrong"] * 4
        for outcome in outcomes.values():
            assert outcome.finding.mistake is None, outcome.finding
            assert outcome.finding.expected
            assert outcome.finding.came
    assert "the right numbers times 0.37" in graded["0"]["1.1"].finding.came
