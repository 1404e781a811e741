"""Says what two articles have in common, as numbers in a fixed order, and how near that makes them. It judges nothing.

The desk's window asks it pair by pair as articles arrive, the circle around an article that is shown for a hundred at once;
so the judges of stories and of subjects are fitted and asked on the same features.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from octavo.core.folding.sparse import Column

# The features of a pair, in the order of their columns.
FEATURES: Final = (
    "full", "lead", "opening", "title", "names", "lead_names", "other_words", "title_found_most", "title_found_least",
    "numbers", "word_pairs", "rare_names", "rare_words", "names_found_least", "names_found_most", "vector",
)  # fmt: skip
VECTOR: Final = FEATURES.index("vector")
# How near two articles are, for choosing neighbours: the same few views everywhere, not learned.
NEARNESS: Final = {"full": 1.0, "lead": 1.0, "opening": 1.0, "names": 1.0}
VECTOR_NEARNESS: Final = 1.3
# Presence of chief names in an article that has none: neither for nor against.
NO_NAMES: Final = 0.3

Floats = NDArray[np.float32]


def features_of(
    sums: Floats, numbers: Floats, pairs: Floats, cosines: Floats, have_names: tuple[bool, NDArray[np.bool_]]
) -> Floats:
    """The features of one article's pairs with others [others, FEATURES], from what the two of each have in common.

    `sums` has each column's product over their common terms [others, columns]; `have_names` tells of the one, and of
    each other, whether it names anybody.
    """
    title_found = sums[:, [Column.TITLE_SHARE, Column.TITLE_PRESENCE]]
    names_found = sums[:, [Column.NAME_SHARE, Column.NAME_PRESENCE]]
    one_has_names, others_have_names = have_names
    if not one_has_names:
        names_found[:, 0] = NO_NAMES
    names_found[~others_have_names, 1] = NO_NAMES
    columns = [
        *sums[:, : Column.OTHER].T,
        sums[:, Column.OTHER],
        title_found.max(axis=1),
        title_found.min(axis=1),
        numbers,
        pairs,
        np.log1p(sums[:, Column.RARE_NAMES]),
        np.log1p(sums[:, Column.RARE_WORDS]),
        names_found.min(axis=1),
        names_found.max(axis=1),
        cosines,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def nearness(features: Floats, by_vector: NDArray[np.bool_]) -> Floats:
    """How near pairs are; where there is no vector, the words speak for it in proportion."""
    words = sum(weight * features[:, FEATURES.index(name)] for name, weight in NEARNESS.items())
    stretched = words * (1 + VECTOR_NEARNESS / sum(NEARNESS.values()))
    with_vector = words + VECTOR_NEARNESS * np.maximum(features[:, VECTOR], 0)
    near: Floats = np.where(by_vector, with_vector, stretched).astype(np.float32)
    return near
