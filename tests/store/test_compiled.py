"""A compiled question: put into SQL once a thread, answered anew each time, its values never read as SQL."""

from __future__ import annotations

import threading

import pytest
from django.db import close_old_connections, connection, connections
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from octavo.store.compiled import Asked, Compiled, Question
from octavo.store.models import Publisher

pytestmark = pytest.mark.django_db


@Question
def slugs_where(**facts: Asked) -> QuerySet[Publisher, tuple[str]]:
    return Publisher.objects.filter(**facts).order_by("slug").values_list("slug")


@Question
def among(*ids: Asked) -> QuerySet[Publisher]:
    return Publisher.objects.filter(pk__in=ids).order_by("slug")  # type: ignore[misc]


def a_publisher(slug: str, **facts: str) -> Publisher:
    return Publisher.objects.create(slug=slug, name=slug.title(), **facts)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words of every question that is put into SQL from now on."""
    made: list[str] = []
    begin = Compiled.__init__

    def noted(self: Compiled, queryset: QuerySet[Publisher]) -> None:
        begin(self, queryset)
        made.append(self._sql)

    monkeypatch.setattr(Compiled, "__init__", noted)
    return made


def test_it_answers_with_the_values_of_now() -> None:
    for slug, country in (("north", "XA"), ("south", "XB"), ("west", "XA")):
        a_publisher(slug, country=country)
    assert slugs_where(country="XA") == [("north",), ("west",)]
    assert slugs_where(country="XB") == [("south",)]
    a_publisher("east", country="XB")
    assert slugs_where(country="XB") == [("east",), ("south",)]


def test_it_is_put_into_sql_once_for_each_set_of_names_and_number_of_values(compiled: list[str]) -> None:
    fresh, more = Question(slugs_where._build), Question(among._build)
    for country in ("XA", "XB", "XC"):
        fresh(country=country)
        fresh(country=country, language="en")
    more(1, 2)
    more(3, 4)
    more(1, 2, 3)
    assert len(compiled) == 4


def test_it_gives_whole_objects_as_its_queryset_does() -> None:
    first, second = a_publisher("a", owner="Owner"), a_publisher("b")
    with CaptureQueriesContext(connection) as captured:
        found = among(second.pk, first.pk)
        assert [(each.pk, each.owner, each.created_at) for each in found] == [
            (first.pk, "Owner", first.created_at),
            (second.pk, "", second.created_at),
        ]
    assert len(captured) == 1


def test_its_times_are_aware() -> None:
    made = a_publisher("paper")
    (found,) = among(made.pk)
    assert found.created_at == Publisher.objects.get().created_at
    assert found.created_at.tzinfo is not None


@pytest.mark.parametrize("hostile", ["x' OR '1'='1", "%s", "%", '"; DROP TABLE store_publisher; --', ""])
def test_a_value_is_never_read_as_sql(hostile: str) -> None:
    a_publisher("paper", country="XA")
    assert slugs_where(name=hostile) == []
    a_publisher("other", owner=hostile)
    assert ("other",) in slugs_where(owner=hostile)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_through_its_own_connection() -> None:
    a_publisher("paper", country="XA")
    slugs_where(country="XA")
    answers, faults = [], []

    def ask() -> None:
        try:
            for _ in range(20):
                answers.append(slugs_where(country="XA"))
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    assert not faults
    assert answers == [[("paper",)]] * 80
