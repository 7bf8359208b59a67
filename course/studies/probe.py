"""A linear probe: how much of a label can be read from a code by a straight line, with few labels to learn from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["few_labelled", "probe_accuracy", "probe_nats"]

Rows = NDArray[np.floating]
Labels = NDArray[np.integer]


def few_labelled(labels: Labels, per_class: int, seed: int) -> NDArray[np.int64]:
    """Row numbers of `per_class` examples of each class, drawn with `seed`; ValueError where a class has fewer."""
    rng = np.random.default_rng(seed)
    chosen = []
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        if len(rows) < per_class:
            raise ValueError(f"class {label} has {len(rows)} examples, fewer than {per_class}")
        chosen.append(rng.choice(rows, per_class, replace=False))
    return np.sort(np.concatenate(chosen))


def probe_accuracy(known: Rows, labels: Labels, asked: Rows, truth: Labels) -> float:
    """Share of the features asked (M, K) whose class a logistic regression finds that learned from known ones (N, K).

    Features are brought to mean 0 and spread 1 by the known ones, so that their scale says nothing.
    """
    return float((_reader(known, labels).predict(asked) == truth).mean())


def probe_nats(known: Rows, labels: Labels, asked: Rows, truth: Labels) -> float:
    """The cross-entropy of the same probe with the true classes, in nats per image; ln C is that of a guess."""
    from sklearn.metrics import log_loss

    reader = _reader(known, labels)
    return float(log_loss(truth, reader.predict_proba(asked), labels=reader.classes_))


def _reader(known: Rows, labels: Labels) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)).fit(known, labels)
