"""Who is administrator is said on the terminal or by a one-time link, never by coming first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from octavo.services import users
from octavo.services.users import UserRefused
from octavo.store.models import LoginLink, User

pytestmark = pytest.mark.django_db

GOOD = "lantern-harbour-9"


def token() -> str:
    return users.admin_link().rsplit("/", 1)[1]


def test_a_reader_is_no_administrator_and_an_administrator_is() -> None:
    assert not users.add("mara", GOOD).is_staff
    assert not users.has_admin()
    assert users.add("tomas", GOOD, is_admin=True).is_superuser
    assert users.has_admin()
    assert [(row.name, row.role) for row in users.all_readers()] == [("mara", "reader"), ("tomas", "administrator")]


@pytest.mark.parametrize(("name", "password"), [("", GOOD), ("mara vee", GOOD), ("mara", "")])
def test_what_cannot_be_is_refused_with_a_sentence(name: str, password: str) -> None:
    with pytest.raises(UserRefused, match=r"\w+ \w+"):
        users.add(name, password)


def test_a_name_is_taken_once() -> None:
    users.add("mara", GOOD)
    for again in ("mara", "Mara", "MARA"):
        with pytest.raises(UserRefused, match="exists"):
            users.add(again, GOOD)


def test_a_new_password_is_the_only_one() -> None:
    users.add("mara", GOOD)
    users.set_password("MARA", "tide-table-77")
    reader = User.objects.get()
    assert reader.check_password("tide-table-77")
    assert not reader.check_password(GOOD)
    with pytest.raises(UserRefused, match="no reader"):
        users.set_password("nobody", GOOD)


def test_a_link_works_once_and_only_its_hash_is_kept() -> None:
    one = token()
    assert LoginLink.objects.get().token_hash != one
    assert users.is_link_good(one)
    assert users.take_up_link(one, "tomas", GOOD).is_superuser
    assert not users.is_link_good(one)
    with pytest.raises(UserRefused, match="has been used"):
        users.take_up_link(one, "second", GOOD)


def test_a_link_expires_and_a_new_one_ends_the_old() -> None:
    one, later = token(), timezone.now() + timedelta(hours=25)
    assert not users.is_link_good(one, later)
    token()
    assert not users.is_link_good(one)


def test_a_refused_name_does_not_use_the_link_up() -> None:
    one = token()
    with pytest.raises(UserRefused):
        users.take_up_link(one, "two words", GOOD)
    assert users.is_link_good(one)
