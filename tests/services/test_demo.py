"""The demo press in the store: it keeps its times when it is started again, and goes without a trace."""

from __future__ import annotations

import pytest

from octavo.demo.server import DemoPress
from octavo.services import demo
from octavo.store.models import Feed, Publisher

pytestmark = pytest.mark.django_db


def test_a_press_that_is_started_again_keeps_its_times() -> None:
    assert demo.first_start() is None
    with DemoPress(0) as press:
        demo.import_press(press.starter(), press.started)
    with DemoPress(0, started=demo.first_start()) as again:
        demo.import_press(again.starter(), again.started)
    before = {printed.guid: printed.published for printed in press.manifest().values()}
    assert {printed.guid: printed.published for printed in again.manifest().values()} == before


def test_a_press_on_ports_of_the_systems_choice_is_read_from_the_same_ones_again() -> None:
    with DemoPress(0) as press:
        demo.import_press(press.starter(), press.started)
    addresses = set(Feed.objects.values_list("url", flat=True))
    with DemoPress(0, started=demo.first_start(), ports=demo.ports_before()) as again:
        demo.import_press(again.starter(), again.started)
    assert set(Feed.objects.values_list("url", flat=True)) == addresses


def test_a_press_that_was_taken_away_starts_anew() -> None:
    with DemoPress(0) as press:
        demo.import_press(press.starter(), press.started)
    demo.remove()
    assert demo.first_start() is None
    assert not Feed.objects.exists()
    assert not Publisher.objects.exists()
