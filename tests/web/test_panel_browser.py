"""The panel, receipts and reading aloud in a real browser: by mouse, finger and keyboard, on a phone, right to left."""

from __future__ import annotations

import json
from typing import Any

import pytest

from octavo.store.models import Article, StorySentence
from octavo.web import page_cache
from tests.web.newsroom import make_article, make_story
from tests.web.test_panel import TEXT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Chromium without a desktop has no voices: this stands at the browser's door, and speaks a sentence in a moment.
VOICES = """
(languages) => {
  window.said = [];
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  const voice = (lang, localService) => ({ lang, localService, name: lang });
  const voices = languages.map(([lang, here]) => voice(lang, here));
  const fake = {
    getVoices: () => voices, addEventListener() {}, cancel() { clearTimeout(fake.timer); },
    speak(one) { said.push([one.text, one.voice.lang, one.rate]); fake.timer = setTimeout(() => one.onend(), 400); },
  };
  Object.defineProperty(window, "speechSynthesis", { value: fake });
}
"""


@pytest.fixture
def article(data_folder) -> Article:
    made = make_article(text=TEXT)
    page_cache.shelf.clear()
    return made


@pytest.fixture
def story(article: Article) -> Any:
    """A story told by one cited sentence."""
    made = make_story(article, make_article(text=TEXT))
    end = TEXT.index("\n")
    StorySentence.objects.create(story=made, place=0, version=article.version, start=0, end=end, text=TEXT[:end])
    page_cache.shelf.clear()
    return made


def wait_until(page: Any, script: str) -> None:
    """Waits until a script is true; the policy lets no page evaluate a text itself, as Playwright's own waiting would."""
    for _ in range(100):
        if page.evaluate(script):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never true: {script}")


def with_voices(page: Any, *languages: tuple[str, bool]) -> None:
    page.add_init_script(f"({VOICES})({json.dumps(languages)})")


def test_features_open_in_place_and_a_second_press_closes_them(browser_page: Any, article: Article) -> None:
    browser_page.goto(f"/articles/{article.pk}/")
    place, link = browser_page.locator("[data-told]"), browser_page.get_by_role("link", name="Quotes", exact=True)
    link.click()
    place.get_by_text("Maren Oldt", exact=True).wait_for()
    assert link.get_attribute("aria-expanded") == "true"
    browser_page.get_by_role("link", name="Summary", exact=True).click()
    place.locator(".said-of").wait_for()
    assert link.get_attribute("aria-expanded") == "false"
    browser_page.keyboard.press("Escape")
    assert place.inner_text() == ""
    link.click()
    place.get_by_text("Maren Oldt", exact=True).wait_for()
    link.click()
    assert place.inner_text() == ""
    assert browser_page.url.endswith(f"/articles/{article.pk}/")
    assert browser_page.problems == []


def test_a_question_is_answered_in_place(browser_page: Any, article: Article) -> None:
    browser_page.goto(f"/articles/{article.pk}/")
    browser_page.get_by_role("link", name="Ask", exact=True).click()
    browser_page.locator("[data-told] input").wait_for()
    browser_page.keyboard.type("Who leads the inquiry?")
    browser_page.keyboard.press("Enter")
    browser_page.locator("[data-told] mark").wait_for()
    assert browser_page.locator("[data-told] mark").inner_text() == "Maren Oldt"
    browser_page.locator("[data-told] .receipt").click()
    assert browser_page.locator(".body mark#p").inner_text() == "Maren Oldt leads the inquiry into the disaster."
    assert browser_page.problems == []


def test_without_scripts_every_feature_is_a_page(chromium: Any, live_server: Any, article: Article) -> None:
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto(f"/articles/{article.pk}/")
    assert not page.get_by_role("button", name="Listen").is_visible()
    page.get_by_role("link", name="Quotes", exact=True).click()
    assert page.locator("h1").inner_text() == "Quotes"
    page.locator(".features").get_by_role("link", name="Ask", exact=True).click()
    page.fill("main input[name=q]", "Who leads the inquiry?")
    page.press("main input[name=q]", "Enter")
    assert page.locator(".answered mark").inner_text() == "Maren Oldt"
    page.locator(".answered .receipt").click()
    assert "leads the inquiry" in page.locator("mark#p").inner_text()
    context.close()


def test_a_receipt_opens_by_mouse_and_keyboard_and_escape_closes_it(browser_page: Any, story: Any) -> None:
    browser_page.goto(f"/stories/{story.pk}/")
    mark, peek = browser_page.locator("a.receipt").first, browser_page.locator(".peek")
    mark.hover()
    peek.wait_for()
    assert peek.locator("mark").inner_text() == TEXT[: TEXT.index("\n")]
    browser_page.mouse.move(5, 5)
    peek.wait_for(state="detached")
    mark.evaluate("element => element.focus({ focusVisible: true })")
    peek.wait_for()
    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate("document.activeElement.textContent") == "In the text"
    browser_page.keyboard.press("Escape")
    assert peek.count() == 0
    assert browser_page.evaluate("document.activeElement.className") == "receipt"
    browser_page.keyboard.press("Enter")
    browser_page.locator("mark#p").wait_for()
    assert browser_page.problems == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_receipt_opens_by_a_tap_within_a_phone(chromium: Any, live_server: Any, story: Any, language: str) -> None:
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, has_touch=True, locale=language
    )
    page = context.new_page()
    page.goto(f"/stories/{story.pk}/")
    mark, peek = page.locator("a.receipt").first, page.locator(".peek")
    mark.tap()
    peek.wait_for()
    box = peek.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert peek.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    mark.tap()
    peek.wait_for(state="detached")
    mark.tap()
    peek.locator("a").tap()
    page.locator("mark#p").wait_for()
    context.close()


def test_an_article_is_read_aloud_sentence_by_sentence(browser_page: Any, article: Article) -> None:
    with_voices(browser_page, ("en-GB", False), ("en-US", True))
    browser_page.goto(f"/articles/{article.pk}/")
    browser_page.get_by_role("button", name="Listen").click()
    wait_until(browser_page, "said.length === 2")
    said = browser_page.evaluate("said")
    assert said[0] == [article.title, "en-US", 1], "a voice of this machine, not one that sends the text away"
    assert said[1][0] == TEXT[: TEXT.index("\n")]
    assert browser_page.evaluate("[...CSS.highlights.get('spoken')][0].toString()") == said[1][0]
    browser_page.get_by_role("button", name="Pause").click()
    browser_page.wait_for_timeout(600)
    assert browser_page.evaluate("said.length") == 2
    browser_page.get_by_label("Speed").select_option("1.5")
    browser_page.get_by_role("button", name="Go on").click()
    assert browser_page.evaluate("said.at(-1)") == [said[1][0], "en-US", 1.5]
    browser_page.get_by_role("button", name="Stop").click()
    assert not browser_page.locator("[data-player]").is_visible()
    assert browser_page.problems == []


@pytest.mark.parametrize("voices", [[], [("de", True)], [("en", False)]])
def test_without_a_voice_of_the_language_here_nothing_offers_to_read(
    browser_page: Any, article: Article, voices: list[tuple[str, bool]]
) -> None:
    with_voices(browser_page, *voices)
    browser_page.goto(f"/articles/{article.pk}/", wait_until="networkidle")
    assert not browser_page.get_by_role("button", name="Listen").is_visible()


def test_a_key_point_leads_to_its_passage_without_loading(browser_page: Any, article: Article) -> None:
    browser_page.goto(f"/articles/{article.pk}/", wait_until="networkidle")
    browser_page.evaluate("window.isTheSame = true")
    point = browser_page.locator(".points a").last
    point.click()
    browser_page.locator(".body mark#p").wait_for()
    assert " ".join(browser_page.locator(".body mark").all_inner_texts()) == point.inner_text()
    assert browser_page.evaluate("window.isTheSame")
    assert "?p=1." in browser_page.url
    browser_page.reload()
    assert " ".join(browser_page.locator(".body mark").all_inner_texts()) == point.inner_text()


def test_every_control_that_is_shown_opens_something(browser_page: Any, article: Article) -> None:
    browser_page.goto(f"/articles/{article.pk}/")
    for control in browser_page.locator(".features :is(a, button):visible").all():
        name = control.inner_text()
        control.click()
        wait_until(browser_page, "document.querySelector('[data-told]').textContent.length > 40")
        assert browser_page.locator("[data-told] input, [data-told] .meta").count(), name
