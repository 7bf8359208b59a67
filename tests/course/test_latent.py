import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course.latent import lerp, walk

seeds = st.integers(0, 2**31)


def draw(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@settings(deadline=None)
@given(seeds, st.integers(1, 9), st.integers(2, 12))
def test_lerp_is_linspace_in_every_dimension(seed: int, dims: int, steps: int) -> None:
    a, b = draw(seed, 2, dims)
    line = lerp(a, b, steps)
    np.testing.assert_allclose(line, np.linspace(a.numpy(), b.numpy(), steps), atol=1e-12)
    torch.testing.assert_close(line.flip(0), lerp(b, a, steps))


@settings(deadline=None)
@given(seeds, st.integers(2, 5), st.integers(1, 6), st.booleans())
def test_walk_visits_each_waypoint_once(seed: int, count: int, steps: int, closed: bool) -> None:
    stops = draw(seed, count, 3)
    path = walk(stops, steps, closed)
    legs = count if closed else count - 1
    assert path.shape == (legs * steps + 1, 3)
    expected = torch.cat([stops, stops[:1]]) if closed else stops
    torch.testing.assert_close(path[::steps], expected)
    lengths = (path[1:] - path[:-1]).norm(dim=1).reshape(legs, steps)
    torch.testing.assert_close(lengths, lengths[:, :1].expand_as(lengths), rtol=1e-6, atol=1e-9)


def test_too_little_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        lerp(torch.zeros(2), torch.ones(2), 1)
    with pytest.raises(ValueError, match="2 waypoints"):
        walk(torch.zeros(1, 2), 3)
