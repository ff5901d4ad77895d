"""A page of our Dash style by plain HTTP: it sends the requests that a test makes, and none by itself."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import requests

ANSWER_S = 15  # of one request: a cancel waits until the lease of a dead worker ends


class HttpPage:
    """One load of a program with the output ``out.children``, the trigger ``run.n_clicks`` and the cancel
    input ``stop.n_clicks``."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._clicks = 0
        self.load()

    def load(self) -> None:
        """Load the page, as for the first time."""
        text = requests.get(self.url, timeout=ANSWER_S).text
        match = re.search(r'"end_id": "([^"]+)"', text)
        assert match, text
        self._end_id = match[1]

    def run(self, value: Any) -> str:
        """Trigger the callback, and return the handle of the run."""
        self._value = value
        key: str = self.trigger("out.children", "run", value).json()["cacheKey"]
        return key

    def poll(self, key: str, url: str | None = None) -> requests.Response:
        """Poll a run once."""
        return self.trigger("out.children", "run", self._value, url, cacheKey=key, job=key)

    def news(self, key: str, name: str, seconds: float = 10) -> Any:
        """Poll until the answer has ``name``, and return that; of an error, its text."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answer = self.poll(key)
            if answer.status_code == 500:
                return answer.text
            news = answer.json() if answer.status_code == 200 else {"ended": True}
            if name in news:
                return news[name]
            assert "ended" not in news, "the run has ended without an update"
            time.sleep(0.02)
        raise AssertionError(f"no {name} within {seconds} s")

    def result(self, key: str, seconds: float = 10) -> Any:
        """Poll until the run has ended, and return what ``out`` shows then, or the text of its failure."""
        response = self.news(key, "response", seconds)
        return response if isinstance(response, str) else response["out"]["children"]

    def ends_without_update(self, key: str) -> None:
        """The next poll is answered by 204: the run has ended, and updates nothing."""
        assert self.poll(key).status_code == 204

    def cancel(self) -> None:
        """Trigger the cancel input, and wait for the answer."""
        self._clicks += 1
        self.trigger("stop.id@n_clicks", "stop", self._clicks)

    def trigger(
        self, output: str, component: str, value: Any, url: str | None = None, **query: str
    ) -> requests.Response:
        """Send what the renderer sends when the ``n_clicks`` of ``component`` has become ``value``."""
        id, _, name = output.partition(".")
        body = {
            "output": output,
            "outputs": {"id": id, "property": name},
            "inputs": [{"id": component, "property": "n_clicks", "value": value}],
            "changedPropIds": [f"{component}.n_clicks"],
            "state": [],
        }
        return requests.post(
            f"{url or self.url}/_dash-update-component",
            params={"endId": self._end_id, **query},
            data=json.dumps(body),
            headers={"Content-Type": "application/json"},
            timeout=ANSWER_S,
        )
