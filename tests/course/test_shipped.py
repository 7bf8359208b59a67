"""What comes with the course in shipped/ has the names of today; test_fingerprint.py says what training does."""

import json
from pathlib import Path

import pytest
import torch
from torch import Generator

from course import metrics, runs
from course.patterns import lines64
from course.run_config import RunConfig
from course.training import Settings

SHIPPED = sorted(runs._SHIPPED.iterdir())


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_a_shipped_training_is_found_under_its_parameters_and_todays_versions(folder: Path) -> None:
    records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    assert records
    assert all(record["rounded_to"] == "float16" for record in records)
    name = RunConfig.of_record(records[0]).name
    assert folder.name == name or folder.name.startswith(f"{name}-at-"), "a training version was raised: make shipped"


def test_all_that_is_shipped_is_small_and_loads() -> None:
    assert sum(path.stat().st_size for folder in SHIPPED for path in folder.iterdir()) < 25e6
    for run in (run for run in runs.all_runs(Path("/nowhere")) if run.shipped):
        assert all(torch.isfinite(value).all() for value in run.model().parameters())
        assert len(run.history().steps) == run.parameters["steps"]


def test_rounding_to_16_bits_costs_less_than_the_spread_over_seeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [run] = runs.find(tmp_path, data="lines64", kind="VAE", latent_dim=8, hidden_dim=32, beta=1, seed=0)
    rounded = run.model()
    monkeypatch.setattr(runs, "_SHIPPED", tmp_path / "none")
    whole = runs.load_or_train("lines64", {"hidden_dim": 32}, Settings(), tmp_path)
    x = torch.from_numpy(lines64().images)
    costs = [metrics.negative_elbo(m, x, 200, generator=Generator().manual_seed(0)) for m in (rounded, whole)]  # type: ignore[arg-type]
    assert abs(costs[0] - costs[1]) < 0.1
