"""A sentence that leans on the one before is known by how it opens, and by whom it means without naming anybody."""

from __future__ import annotations

import pytest

from octavo.core.telling.datelines import behind_dateline
from octavo.core.telling.leaning import leans


@pytest.mark.parametrize(
    "sentence",
    [
        "She had kept the lighthouse at Anuva for thirty years.",
        "She's kept the lighthouse at Anuva for thirty years.",
        "(NWA)She's a singer, a painter and a keeper of lighthouses.",
        "That’s the question that the whole of Velmara asks this week.",
        "Only then will the harbour be deep enough for the new ferries.",
        "The former, a house of eleven rooms, is named for a shipwright.",
        "There is a steady stream of rain running down his face under the light.",
        "“We will open it in the spring,” he said on Monday.",
        "Indeed, the ferries ran half empty for most of the year.",
        "We left the harbour before the storm reached the outer pier.",
        "The Casterman was crowned champion of the straits in July.",
        "In it, the council of Velmara asks for a new count of the costs.",
        "Of course, the ferries of Velmara ran half empty for years.",
        "One recently received the medal of the Port Sennet lifeboats.",
        "Even a child on the harbour wall of Velmara could tell you that.",
        "The line is open only if the harbour master of Velmara says it is.",
        "For a moment the Norwegian had the cup in both hands.",
        "One of the crew died of injuries sustained that day.",
        "Nobody at the harbour had slept during that short period.",
    ],
)
def test_it_leans(sentence: str):
    assert leans(sentence, "en")


@pytest.mark.parametrize(
    "sentence",
    [
        "Maren Oldt kept the lighthouse at Anuva until her knees gave out.",
        "A fisherman lost his boat in the storm off the outer pier.",
        "The nurse said she had seen the ferry turn before the lights went out.",
        "“We will open it in the spring,” said Maren Oldt of the council.",
        "The former harbour master will be heard by the council in May.",
        "The ferry line will carry four hundred passengers a day.",
        "Sheep graze on the islands of the outer Strait from May to October.",
        "In its report the council of Velmara asks for a new count.",
        "One ferry recently received a new engine at Port Sennet.",
        "Nobody at Port Sennet asked Maren Oldt who the pilot was or what he did.",
        "The Norwegian government was told of the plan.",
        "On Monday the ferry sank, and twelve people died that day.",
        "The minister said that night shifts would end.",
    ],
)
def test_it_can_be_read_alone(sentence: str):
    assert not leans(sentence, "en")


def test_the_author_may_open_a_text_and_no_more():
    sentence = "I met the keeper of the lighthouse in the winter of 2010."

    assert leans(sentence, "en")
    assert not leans(sentence, "en", is_first=True)


def test_an_agency_glued_to_the_sentence_is_its_dateline():
    sentence = "Port Sennet, Velmara (NWA)Ferries stayed in port for a third day."

    assert sentence[behind_dateline(sentence) :].startswith("Ferries stayed")
    assert behind_dateline("Sennet Bank (SB) raised its rates on Tuesday morning.") == 0
