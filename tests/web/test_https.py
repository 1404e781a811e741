"""Behind a proxy that undoes https, the site knows that its readers came through https."""

from __future__ import annotations

import dataclasses
import io
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

pytestmark = pytest.mark.django_db
COOKIE = "a" * 32


def sign_in() -> str:
    """The status of a form that a browser sends to https://localhost, as the proxy hands it on."""
    from octavo.web.wsgi import application

    sent = f"csrfmiddlewaretoken={COOKIE}&login=mara&password=wrong".encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/accounts/login/", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", "HTTP_ORIGIN": "https://localhost",
        "HTTP_COOKIE": f"csrftoken={COOKIE}", "CONTENT_TYPE": "application/x-www-form-urlencoded",
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
