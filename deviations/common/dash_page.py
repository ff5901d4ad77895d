"""A page of Dash 2.6 or newer without a browser: it sends over HTTP what the renderer sends."""

import json
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from deviations.common.jobs import jobs_end, kill_jobs


class Page:
    """A page that is loaded. Cookies can be set by name."""

    def __init__(self, app: Any, **cookies: str) -> None:
        self.app, self.http = app, app.server.test_client()
        for name, value in cookies.items():
            self.http.set_cookie(name, value)
        self.loaded = self.http.get("/")
        end_id = re.search(r'"end_id":"([^"]+)"', self.loaded.get_data(as_text=True))
        self.query = {"endId": end_id[1]} if end_id else {}

    def another(self) -> "Page":
        """Load another page of the app, as a second user does."""
        return Page(self.app)

    def post(self, body: dict[str, Any], **query: str) -> Any:
        """Send a request for a callback; the keys of the body keep their order."""
        return self.http.post(
            "/_dash-update-component",
            data=json.dumps(body),
            content_type="application/json",
            query_string={**self.query, **query},
        )

    def cancel(self, job: str, trigger: str = "cancel.n_clicks") -> Any:
        """Send what the renderer sends when a cancel Input changes while a job runs."""
        component, _, _ = trigger.partition(".")
        return Callback(self, f"{component}.id", trigger).send(1, cancelJob=job)


class Callback:
    """A background callback of a page, by its Output and its Input."""

    def __init__(
        self, page: Page, output: str = "out.children", trigger: str = "run.n_clicks"
    ) -> None:
        self.page, self.output, self.trigger = page, output, trigger

    def send(self, value: Any, **query: str) -> Any:
        """Send a request: a trigger, or, with the handles of a job, a poll."""
        return self.page.post(request_body(self.output, self.trigger, value), **query)

    def start(self, value: Any = 1, **query: str) -> dict[str, str]:
        """Trigger the callback, and return the handles by which its job is polled."""
        answer = self.send(value, **query).json
        return {"cacheKey": answer["cacheKey"], "job": answer["job"]}

    def poll(self, handles: dict[str, str]) -> Any:
        return self.send(None, **handles)

    def run(self, value: Any = 1, **query: str) -> dict[str, str]:
        """Trigger the callback, wait until its job has ended, and return the job's handles."""
        handles = self.start(value, **query)
        jobs_end()
        return handles

    def result(self, value: Any = 1) -> Any:
        """Trigger the callback, wait until its job has ended, and return the answer to the first poll."""
        return self.poll(self.run(value))


def request_body(output: str, trigger: str, value: Any) -> dict[str, Any]:
    """Return what the renderer sends for a callback with one Output and one Input."""
    return {
        "output": output,
        "outputs": dependency(output),
        "inputs": [{**dependency(trigger), "value": value}],
        "changedPropIds": [trigger],
    }


def dependency(name: str) -> dict[str, str]:
    """Return `id.property` as the renderer writes it."""
    component, _, prop = name.rpartition(".")
    return {"id": component, "property": prop}


@contextmanager
def page_of(program: Callable[..., Any], *arguments: Any) -> Iterator[Page]:
    """Load the page of a program that keeps its files in a temporary folder; its jobs end with it."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            yield Page(program(folder, *arguments))
        finally:
            kill_jobs()


@contextmanager
def callback_of(
    program: Callable[..., Any],
    *arguments: Any,
    output: str = "out.children",
    trigger: str = "run.n_clicks",
) -> Iterator[Callback]:
    """Load the page of a program, as `page_of` does, and take its callback."""
    with page_of(program, *arguments) as page:
        yield Callback(page, output, trigger)
