"""Splitting and joining stories on the web: for moderators, confirmed, reasoned, logged in the open, and taken back."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from octavo.store.models import Article, Correction, Story
from tests.web import newsroom

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(django_user_model: Any) -> Client:
    signed_in = Client(HTTP_HOST="localhost")
    signed_in.force_login(django_user_model.objects.create_user("editor", is_staff=True))
    return signed_in


def a_story(*titles: str) -> tuple[Story, list[Article]]:
    articles = [newsroom.make_article(title=title) for title in titles]
    return newsroom.make_story(*articles), articles


def post(client: Client, story: Story, **form: object) -> Any:
    return client.post(f"/stories/{story.pk}/correct/", form)


def confirmed(client: Client, story: Story, **form: object) -> Any:
    """Sends the form, then the confirmation as the page gives it."""
    asked = post(client, story, **form)
    assert asked.status_code == 200
    assert not Correction.objects.exists(), "nothing is said before it is confirmed"
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', asked.content.decode()))
    return post(
        client,
        story,
        **{name: unescape(fields[name]) for name in fields if name not in ("next", "csrfmiddlewaretoken")},
    )


def test_an_article_is_split_off_once_that_is_confirmed(editor: Client) -> None:
    story, articles = a_story("Ferry sinks", "Ferry salvaged", "Train derails")
    answer = confirmed(editor, story, verb="apart", article=articles[2].pk, reason="Another event")
    assert answer.headers["Location"] == f"/stories/{story.pk}/"
    said = Correction.objects.get()
    assert (said.verb, said.article, set(said.others)) == ("apart", articles[2], {articles[0].pk, articles[1].pk})
    assert (said.editor.username, said.reason) == ("editor", "Another event")


def test_a_form_that_is_sent_twice_says_it_once(editor: Client) -> None:
    story, articles = a_story("Ferry sinks", "Train derails")
    split = {"verb": "apart", "article": articles[1].pk, "reason": "Another event", "confirmed": "1"}
    for _time in range(2):
        assert post(editor, story, **split).headers["Location"] == f"/stories/{story.pk}/"
    said = Correction.objects.get()
    editor.post(f"/corrections/{said.pk}/undo/")
    post(editor, story, **split)
    assert Correction.objects.filter(withdrawn_at=None).exclude(pk=said.pk).count() == 1, (
        "what was taken back is said anew"
    )


@pytest.mark.parametrize("form", ["/stories/{story}/", "https://localhost/articles/{article}/?p=1#p", "{story}"])
def test_another_story_is_joined_by_any_address_of_it(editor: Client, form: str) -> None:
    story, covering = a_story("Ferry sinks", "Ferry salvaged")
    other, articles = a_story("Boat goes down")
    written = form.format(story=other.pk, article=articles[0].pk)
    confirmed(editor, story, verb="together", other=written, reason="The same boat")
    said = Correction.objects.get()
    assert (said.verb, said.article, said.other_headline) == ("together", articles[0], story.headline.title)
    assert set(said.others) == {article.pk for article in covering}


@pytest.mark.parametrize(
    "form",
    [
        {"verb": "apart", "reason": "why"},
        {"verb": "apart", "article": "999999", "reason": "why"},
        {"verb": "apart", "article": "x", "reason": "why"},
        {"verb": "together", "other": "https://elsewhere.example/news", "reason": "why"},
        {"verb": "together", "other": "/stories/999999/", "reason": "why"},
        {"verb": "together", "other": "9" * 40, "reason": "why"},
        {"verb": "together", "other": "", "reason": "why"},
        {"verb": "odd", "other": "1", "reason": "why"},
        {"verb": "apart", "article": "1", "reason": " "},
        {},
    ],
)
def test_what_is_unclear_is_refused_with_what_to_do_and_keeps_what_was_written(editor: Client, form: dict) -> None:
    story, _ = a_story("Ferry sinks", "Ferry salvaged")
    answer = post(editor, story, **form)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert 'role="alert"' in text
    assert (
        f'value="{form.get("reason", "")}"' in text or form.get("verb") == "odd" or not form.get("reason", "").strip()
    )
    assert not Correction.objects.exists()


def test_a_story_is_not_joined_with_itself(editor: Client) -> None:
    story, articles = a_story("Ferry sinks", "Ferry salvaged")
    answer = post(editor, story, verb="together", other=f"/articles/{articles[1].pk}/", reason="why")
    assert "These two are one story already." in answer.content.decode()


def test_only_moderators_correct(visitor: Client, django_user_model: Any) -> None:
    story, articles = a_story("Ferry sinks", "Ferry salvaged")
    address = f"/stories/{story.pk}/correct/"
    assert "/correct/" not in visitor.get(f"/stories/{story.pk}/").content.decode()
    assert visitor.get(address).headers["Location"].startswith("/accounts/login/")
    visitor.force_login(django_user_model.objects.create_user("reader"))
    assert "/correct/" not in visitor.get(f"/stories/{story.pk}/").content.decode()
    form = {"verb": "apart", "article": articles[0].pk, "reason": "why", "confirmed": "1"}
    assert visitor.get(address).status_code == visitor.post(address, form).status_code == 403
    said = Correction.objects.create(
        verb="apart", article=articles[0], others=[articles[1].pk], made_at=articles[0].sort_at
    )
    assert visitor.post(f"/corrections/{said.pk}/undo/").status_code == 403
    assert Correction.objects.get().withdrawn_at is None


def test_a_correction_is_taken_back_with_the_button_beside_its_message(editor: Client) -> None:
    story, articles = a_story("Ferry sinks", "Train derails")
    confirmed(editor, story, verb="apart", article=articles[1].pk, reason="Another event")
    page = editor.get(f"/stories/{story.pk}/").content.decode()
    said = Correction.objects.get()
    assert f'action="/corrections/{said.pk}/undo/"' in page
    editor.post(f"/corrections/{said.pk}/undo/")
    assert Correction.objects.get().withdrawn_by.username == "editor"
    again = editor.post(f"/corrections/{said.pk}/undo/", follow=True).content.decode()
    assert "This correction has been taken back already." in again


def test_the_log_is_open_to_everybody_and_names_reason_and_editor(visitor: Client, editor: Client) -> None:
    story, articles = a_story("Ferry sinks", "Train derails")
    confirmed(editor, story, verb="apart", article=articles[1].pk, reason="<b>Another</b> event")
    text = visitor.get("/stories/log/").content.decode()
    assert "Not one story" in text
    assert "&lt;b&gt;Another&lt;/b&gt; event" in text
    assert "editor" in text
    assert "Train derails" in text
    assert "/undo/" not in text
    assert "/undo/" in editor.get("/stories/log/").content.decode()


def test_the_log_says_when_there_is_nothing(visitor: Client) -> None:
    assert "No corrections yet." in visitor.get("/stories/log/").content.decode()


def test_the_forms_of_a_merged_story_are_those_of_where_it_went(editor: Client) -> None:
    here, _ = a_story("Ferries stop", "No ferries today")
    gone = Story.objects.create(name="gone", founded_at=here.founded_at, changed_at=here.changed_at, merged_into=here)
    answer = editor.get(f"/stories/{gone.pk}/correct/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/stories/{here.pk}/correct/"
    assert editor.get("/stories/999999999999999999/correct/").status_code == 404
