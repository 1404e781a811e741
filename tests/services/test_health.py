"""Feed health tells a silent network from silent publishers."""

from __future__ import annotations

import pytest
from django.utils import timezone

from octavo.services import health
from octavo.store.models import Feed, Publisher

pytestmark = pytest.mark.django_db


def feeds(count: int, reason: str, *, is_demo: bool = False) -> None:
    publisher = Publisher.objects.create(slug=f"quay-{reason}-{is_demo}", name="Quay", is_demo=is_demo)
    for number in range(count):
        url = f"https://quay.example/{reason}/{is_demo}/{number}"
        Feed.objects.create(
            publisher=publisher, url=url, url_key=url, polled_at=timezone.now(), failure_reason=reason,
            failures=int(bool(reason)),
        )  # fmt: skip


def test_silence_everywhere_is_told_once() -> None:
    feeds(5, "unreachable")
    feeds(5, "too-slow")
    feeds(3, "", is_demo=True)
    assert health.is_cut_off()


def test_one_answer_is_enough_to_trust_the_network() -> None:
    feeds(20, "unreachable")
    feeds(1, "status-500")
    assert not health.is_cut_off()


def test_a_few_silent_feeds_say_nothing_of_the_network() -> None:
    feeds(health.ENOUGH_SILENT - 1, "unreachable")
    assert not health.is_cut_off()
