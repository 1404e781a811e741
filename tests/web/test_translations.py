"""The interface is complete in both languages, and the compiled files say what the readable ones say."""

from __future__ import annotations

import re

import pytest
from django.utils import translation
from django.utils.translation import ngettext

from octavo.web import names, translations

LANGUAGES = (translations.SOURCE_LANGUAGE, *translations.TRANSLATIONS)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
# The numbers of articles that Arabic tells apart: none, one, two, few, many, and hundreds.
ARABIC_NUMBERS = (0, 1, 2, 3, 11, 100)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_lacks_words(language: str) -> None:
    assert translations.missing(language) == [], "run python -m octavo.web.translations and fill in the empty ones"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_outlives_its_use(language: str) -> None:
    asked = {(message.id, message.context or None) for message in translations.messages()}
    kept = {(message.id, message.context) for message in translations.read(language) if message.id}
    assert kept <= asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_is_of_today(language: str) -> None:
    compiled = translations.path_of(language, "mo").read_bytes()
    assert compiled == translations.as_mo(translations.read(language)), "run python -m octavo.web.translations"


def test_translations_keep_their_placeholders() -> None:
    for message in translations.read("ar"):
        wanted = set(PLACEHOLDER.findall(message.id[-1] if isinstance(message.id, tuple) else message.id))
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        found = [set(PLACEHOLDER.findall(each)) for each in words]
        assert all(each <= wanted for each in found), message.id
        assert found[-1] == wanted or not message.id, message.id


def test_every_number_of_articles_has_its_own_arabic() -> None:
    with translation.override("ar"):
        said = [ngettext("%(n)s article", "%(n)s articles", number) for number in ARABIC_NUMBERS]
    assert len(set(said)) == len(ARABIC_NUMBERS)


def test_messages_of_templates_programs_and_lower_floors_are_found() -> None:
    found = {message.text for message in translations.messages()}
    assert {"To the text", "%(n)s article", "There is no such page", "Only http and https are read."} <= found


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("The Port Sennet Courier", "PS"),
        ("Le Monde", "M"),
        ("The", "T"),
        ("إذاعة روضان", "ر"),
        ("الجزيرة", "ج"),
        ("24 heures", "2H"),
        ("— —", ""),
    ],
)
def test_publishers_have_monograms(name: str, letters: str) -> None:
    assert names.monogram(name) == letters
