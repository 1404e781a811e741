"""A sketch is small, and says of an article what its comparison needs."""

from __future__ import annotations

import numpy as np
import pytest

from octavo.core.folding.sketches import MOST_TERMS, read, sketch
from octavo.core.folding.sparse import weigh
from octavo.core.folding.terms import Terms
from octavo.core.folding.views import Views, look
from octavo.core.types import Article

TEXT = "The weir at Sallow was shut after divers found 3 cracks, said Ida Quill of the river board on Monday. "


def views(title: str, text: str) -> Views:
    return look(Article("a", title, text, None, "", "", "en"))


def test_what_is_read_is_what_was_weighed() -> None:
    weir = views("Weir shut at Sallow", TEXT)
    whole, kept = weigh(weir, Terms()), read(sketch(weir, Terms()))
    assert kept.weighed.ids.tolist() == whole.ids.tolist()
    assert kept.weighed.number_ids.tolist() == whole.number_ids.tolist()
    assert np.abs(kept.weighed.weights - whole.weights).max() < 0.02
    assert np.abs(kept.weighed.pair_weights - whole.pair_weights).max() < 0.01
    assert kept.weighed.has_names
    assert {"Sallow", "Quill"} <= set(kept.names)


def test_a_long_article_is_no_larger_than_two_kilobytes() -> None:
    long = " ".join(f"Harbour{number} word{number} of {number}." for number in range(3000))
    packed = sketch(views("Long", long), Terms())
    assert len(packed) < 2048
    assert len(read(packed).weighed.ids) == MOST_TERMS


def test_an_empty_article_has_a_sketch() -> None:
    kept = read(sketch(views("", ""), Terms()))
    assert (len(kept.weighed.ids), kept.names) == (0, ())


def test_bytes_that_are_none_are_refused() -> None:
    for packed in (b"", b"\x10\x00\x00\x00abc"):
        with pytest.raises(ValueError, match=r"no sketch|buffer"):
            read(packed)
