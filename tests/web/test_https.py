"""Behind a proxy that undoes https, the site knows that its readers came through https."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.signals import request_started
from django.db import close_old_connections

pytestmark = pytest.mark.django_db
COOKIE = "a" * 32


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """A request closes the connections it finds; the test's own transaction is in one of them."""
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


def sign_in() -> str:
    """The status of a form that a browser sends to https://localhost, as the proxy hands it on."""
    from octavo.web.wsgi import application

    sent = f"csrfmiddlewaretoken={COOKIE}&login=mara&password=wrong".encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/accounts/login/", "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost", "HTTP_ORIGIN": "https://localhost", "HTTP_COOKIE": f"csrftoken={COOKIE}", "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(sent)), "wsgi.input": io.BytesIO(sent),
    }  # fmt: skip
    setup_testing_defaults(environ)
    answer: list[str] = []
    list(application(environ, lambda status, *_: answer.append(status)))
    return answer[0]


@pytest.mark.parametrize(("https", "status"), [(True, "200 OK"), (False, "403 Forbidden")])
def test_a_form_sent_through_https_is_taken(settings, https: bool, status: str) -> None:
    settings.OCTAVO = dataclasses.replace(settings.OCTAVO, https=https)
    assert sign_in() == status
