"""Pages as a reader meets them in a real browser: they ask nobody else, fit a phone, and the keys work."""

from __future__ import annotations

from typing import Any

import pytest

from octavo.services import users
from octavo.store.models import Article, Enclosure, Story
from octavo.web import page_cache
from tests.web import newsroom

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/",
    "/latest/",
    "/stories/",
    "/sections/world/",
    "/countries/XA/",
    "/languages/ar/",
    "/publishers/",
    "/publishers/evening-lamp/",
    "/search/",
    "/health/",
    "/about/",
    "/preferences/",
)
MOST_REQUESTS = 5
MOST_BYTES = 30_000
# WCAG 2.2, success criterion 1.4.6 (enhanced contrast).
CONTRAST = 7.0
NARROWEST_OF_A_ROW = """
() => Math.min(...[...document.querySelectorAll('.list > li > .what')].map((each) => each.getBoundingClientRect().width))
"""
MEASURE_CONTRAST = """
() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (colour) => numbers(colour).map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const paper = light(getComputedStyle(document.body).backgroundColor);
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility()) continue;
    const ink = light(getComputedStyle(element).color);
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (ratio < %s) found.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
  }
  return found;
}
"""


@pytest.fixture
def press(data_folder) -> None:
    newsroom.fill_from_press(data_folder)
    page_cache.shelf.clear()


def lead() -> Article:
    return Article.objects.filter(picture__isnull=False, language="en").order_by("-word_count").first()


def widest() -> Story:
    return Story.objects.order_by("-article_count").first()


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_and_ask_nobody_else(browser_page: Any, press: None, width: int) -> None:
    browser_page.set_viewport_size({"width": width, "height": 844})
    arabic = Article.objects.filter(language="ar").first()
    for address in (
        *PAGES,
        f"/articles/{lead().pk}/",
        f"/articles/{arabic.pk}/",
        f"/articles/{arabic.pk}/versions/?v=1",
        f"/stories/{widest().pk}/",
    ):
        browser_page.goto(address)
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert browser_page.locator("main h1, header h1").count() == 1, address
    assert browser_page.problems == []


def test_a_headline_has_the_whole_width_of_a_phone(browser_page: Any, press: None) -> None:
    browser_page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/stories/", "/latest/"):
        browser_page.goto(address)
        assert browser_page.locator(".list .folded").count(), "the list has stories to fold"
        assert browser_page.evaluate(NARROWEST_OF_A_ROW) > 300, address


def test_the_front_page_is_light(browser_page: Any, press: None) -> None:
    sizes = []
    browser_page.on("requestfinished", lambda request: sizes.append(request.sizes()))
    browser_page.goto("/", wait_until="networkidle")
    assert len(sizes) <= MOST_REQUESTS
    assert sizes[0]["responseBodySize"] <= MOST_BYTES


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_text_stands_out_from_its_paper(
    chromium: Any, live_server: Any, press: None, theme: str, language: str
) -> None:
    context = chromium.new_context(base_url=live_server.url, color_scheme=theme, locale=language)
    page = context.new_page()
    for address in ("/", f"/articles/{lead().pk}/", f"/stories/{widest().pk}/", "/search/?q=ferry", "/about/"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        assert page.evaluate(MEASURE_CONTRAST % CONTRAST) == [], address
    context.close()


def test_every_page_works_without_scripts(chromium: Any, live_server: Any, press: None) -> None:
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto("/")
    page.locator(".sheet a[data-title]").first.click()
    title = page.locator("article h1").inner_text()
    page.locator(".points a").first.click()
    assert page.locator("mark#p").count() == 1
    page.goto("/")
    page.get_by_role("button", name="العربية").click()
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert title
    context.close()


def test_a_story_unfolds_without_scripts(chromium: Any, live_server: Any, press: None) -> None:
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto("/")
    under = page.locator(".sheet .folded").first
    assert not under.locator("li a").first.is_visible()
    under.locator("summary").click()
    assert under.locator("li a").first.is_visible()
    under.locator("a.counts").click()
    assert page.locator(".reported svg.times").count() > 2
    assert page.locator("h1").inner_text()
    page.locator(".copies summary").first.click()
    page.get_by_text("Why these are one story").click()
    assert page.get_by_text("Strongest links").is_visible()
    context.close()


def test_keys_walk_through_a_list(browser_page: Any, press: None) -> None:
    browser_page.goto("/latest/")
    for key in ("j", "j", "k"):
        browser_page.keyboard.press(key)
    here = browser_page.locator("[data-row].is-here")
    assert here.count() == 1
    title = here.locator("a[data-title]").inner_text()
    assert title == browser_page.locator("a[data-title]").first.inner_text()
    browser_page.keyboard.press("o")
    browser_page.wait_for_url("**/articles/*/")
    assert browser_page.locator("article h1").inner_text() == title


def test_a_slash_searches_and_a_question_mark_helps(browser_page: Any, press: None) -> None:
    browser_page.goto("/")
    browser_page.keyboard.press("?")
    assert browser_page.locator("dialog#keys").is_visible()
    browser_page.keyboard.press("Escape")
    browser_page.locator("dialog#keys").wait_for(state="hidden")
    browser_page.keyboard.press("/")
    browser_page.keyboard.type("j ferry")  # letters in a field are no keys
    assert browser_page.locator("input[type=search]").input_value() == "j ferry"
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url("**/search/?q=j+ferry")


def test_sound_is_asked_for_on_a_click_only(browser_page: Any, live_server: Any) -> None:
    article = newsroom.make_article()
    sound = f"{live_server.url}/robots.txt?sound"
    Enclosure.objects.create(article=article, url=sound, type="audio/mpeg", duration=754)
    asked = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.goto(f"/articles/{article.pk}/", wait_until="networkidle")
    assert "12:34" in browser_page.locator(".media").inner_text()
    assert sound not in asked
    with browser_page.expect_request(sound):
        browser_page.locator("a[data-play]").click()


def test_a_key_point_lands_on_its_sentence(browser_page: Any, press: None) -> None:
    browser_page.goto(f"/articles/{lead().pk}/")
    point = browser_page.locator(".points a").last
    said = point.inner_text()
    point.click()
    mark = browser_page.locator("mark#p")
    mark.wait_for()
    assert " ".join(browser_page.locator(".body mark").all_inner_texts()).split() == said.split()
    assert mark.evaluate("element => element.getBoundingClientRect().top < innerHeight")


def test_an_edition_is_chosen_in_the_masthead(browser_page: Any, press: None) -> None:
    browser_page.goto("/")
    browser_page.locator("details.drop summary").first.click()
    browser_page.locator("select[name=country]").select_option("XG")
    browser_page.locator("form.panel button").click()
    browser_page.wait_for_load_state()
    assert "Kessanda" in browser_page.locator("details.drop summary").first.inner_text()
    shown = set(browser_page.locator(".list .from").all_inner_texts())
    assert shown <= {"The Obiru Herald"}


def sign_in(page: Any, then: str) -> None:
    """Signs mara in through the form, which leads on to `then`."""
    page.goto(f"/accounts/login/?next={then}")
    page.fill("[name=login]", "mara")
    page.fill("[name=password]", "a-long-enough-one")
    page.locator("main button").click()
    page.wait_for_url(f"**{then}")


def test_forms_are_taken_from_a_real_browser(browser_page: Any, live_server: Any) -> None:
    article = newsroom.make_article()
    browser_page.goto(users.admin_link())
    browser_page.fill("[name=name]", "mara")
    browser_page.fill("[name=password]", "a-long-enough-one")
    browser_page.fill("[name=again]", "a-long-enough-one")
    browser_page.locator("main button").click()
    browser_page.wait_for_url(f"{live_server.url}/")
    browser_page.goto("/accounts/logout/")
    browser_page.locator("main button").click()
    sign_in(browser_page, f"/articles/{article.pk}/")
    browser_page.fill("main textarea", "What the coverage misses.")
    browser_page.locator("main form:has(textarea) button").last.click()
    browser_page.wait_for_selector("text=What the coverage misses.")
    assert browser_page.problems == []


def test_keys_save_and_mark_in_place(browser_page: Any, press: None) -> None:
    users.add("mara", "a-long-enough-one")
    sign_in(browser_page, "/latest/")
    browser_page.keyboard.press("j")
    for key, word in (("s", "Saved"), ("m", "Mark unread")):
        with browser_page.expect_response("**/mark/") as answer:
            browser_page.keyboard.press(key)
        assert answer.value.status == 204
        browser_page.locator(".is-here button", has_text=word).wait_for()
    browser_page.reload()
    assert browser_page.locator("main button:text-is('Saved')").count() == 1
    assert browser_page.locator("main button:text-is('Mark unread')").count() == 1
    assert browser_page.problems == []


def test_a_mark_after_signing_out_leads_to_signing_in(browser_page: Any, press: None) -> None:
    users.add("mara", "a-long-enough-one")
    sign_in(browser_page, "/latest/")
    browser_page.context.clear_cookies(name="sessionid")
    browser_page.locator("main button:text-is('Save')").first.click()
    browser_page.wait_for_url("**/accounts/login/**")
    assert browser_page.locator("input[name=password]").count() == 1
