"""Orders in an article never change what is shown; a sample of what evals/injections.py tries in full."""

from __future__ import annotations

import pytest

from evals.injections import ASKED, CARRIERS, Case, Obeying, cases, leaks, sentences_shown
from octavo.core.telling.abstract import Told
from octavo.core.types import Claim
from tests.model_endpoint import serving

# One page of each carrier; the step meets every wish.
SAMPLE = cases()[:: len(cases()) // len(CARRIERS) + 1]


def test_there_are_enough_hostile_articles() -> None:
    assert len(cases()) >= 150
    assert len({case.page for case in cases()}) == len(cases())


@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case.carrier)
def test_no_order_reaches_the_reader(case: Case) -> None:
    script = Obeying()
    with serving(script) as model:
        for feature in ASKED:
            shown = sentences_shown(case, feature, model, script)
            assert shown
            assert leaks(case, shown) == []


def test_a_leak_would_be_seen() -> None:
    case = SAMPLE[0]
    leaking = [Told(Claim(case.wanted, ()), is_models=True), Told(Claim("Something else.", ()), is_models=True)]
    assert len(leaks(case, leaking)) == 2
    assert leaks(case, [Told(Claim(case.report[1], ()), is_models=False)]) == []
