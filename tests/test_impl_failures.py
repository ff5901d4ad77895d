"""What ``impl_dash_style`` tells a page of a failure, and what it keeps for the log."""

from __future__ import annotations

import re

import pytest

from impl_dash_style import Dash, html
from impl_dash_style.exceptions import CallbackFailure

FAILURE = CallbackFailure("The job of out.children failed.", "ValueError: no room in /srv/private")


def answer(app: Dash) -> str:
    """The body of the answer to a request whose job has failed."""
    with app.server.test_request_context():
        response = app.server.make_response(app.server.handle_user_exception(FAILURE))
    assert response.status_code == 500
    return response.get_data(as_text=True)


def test_a_page_is_told_the_id_under_which_the_log_has_the_exception(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = Dash("app")
    shown = answer(app)
    assert "/srv" not in shown
    named = re.fullmatch(
        r"The job of out\.children failed\. This is failure (\w{8}) in the server's log\.", shown
    )
    assert named, shown
    assert f"Failure {named[1]}: {FAILURE}\n{FAILURE.detail}" in caplog.text


def test_in_debug_mode_a_page_is_told_the_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Dash("app")
    app.layout = html.Div()
    monkeypatch.setattr(app.server, "run", lambda *_, **__: None)
    app.run(debug=True)
    assert answer(app) == f"{FAILURE}\n\n{FAILURE.detail}"
