"""A sentence is shown without its dateline, and nothing else of it is left out."""

from __future__ import annotations

import time

import pytest

from octavo.core.telling.datelines import behind_dateline


@pytest.mark.parametrize(
    ("dateline", "rest"),
    [
        ("PORT SENNET (Meridian Wire) – ", "The ferry ran aground at dawn on Tuesday."),
        ("PORT SENNET, March 3 (MW) - ", "The ferry ran aground at dawn on Tuesday."),
        ("Port Sennet (Meridian Wire) — ", "The ferry ran aground at dawn on Tuesday."),
        ("PORT SENNET, Velmara — ", "The ferry ran aground at dawn on Tuesday."),
        ("PORT SENNET — ", "The ferry ran aground at dawn on Tuesday."),
        ("المرسى (وكالة المدى) - ", "جنحت العبارة فجر يوم الثلاثاء قرب الميناء."),
    ],
)
def test_a_dateline_is_left_out(dateline: str, rest: str) -> None:
    sentence = dateline + rest
    assert sentence[behind_dateline(sentence) :] == rest


@pytest.mark.parametrize(
    "sentence",
    [
        "The harbour master - a patient man - waited for the tide all morning.",
        "The Port Sennet Ferry Company (PSFC) said on Tuesday that it would pay.",
        "The ferry company (PSFC) – which owns all nine ships – said that it would pay.",
        "Ana Belmar – the director of two films about salt – won the prize last night.",
        "جنحت العبارة فجر يوم الثلاثاء قرب الميناء - كما قال خفر السواحل.",
        "NATO – too short",
        "",
    ],
)
def test_a_sentence_without_one_is_left_whole(sentence: str) -> None:
    assert behind_dateline(sentence) == 0


@pytest.mark.parametrize("filling", [" ", "\n", "\u2003", "(A ", "A ", "-", "( "])
def test_a_megabyte_of_anything_is_read_in_no_time(filling: str) -> None:
    began = time.process_time()
    behind_dateline((filling * (1_000_000 // len(filling))) + "x")
    behind_dateline("PORT SENNET" + filling * (1_000_000 // len(filling)))
    assert time.process_time() - began < 2.0
