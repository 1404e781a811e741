"""Vectors of a model whose centre nobody measured are compared away from their own mean."""

from __future__ import annotations

import numpy as np

from octavo.core.folding.window import ENOUGH_FOR_CENTRE, Window
from tests.core.folding.test_windows import weighed


def test_vectors_that_all_point_one_way_are_told_apart_by_the_rest() -> None:
    rng, window = np.random.default_rng(5), Window(200)
    common = rng.normal(size=32)
    for _ in range(2 * ENOUGH_FOR_CENTRE):
        vector = (3 * common + rng.normal(size=32)).astype(np.float32)
        number = window.add(weighed(), vector / np.linalg.norm(vector))
    kept = [window.vector(at) for at in (number - 1, number)]
    assert kept[0] is not None
    assert kept[1] is not None
    assert abs(float(kept[0] @ kept[1])) < 0.7
