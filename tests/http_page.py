"""A page of our Dash style by plain HTTP: it asks what a test tells it to ask, and nothing by itself."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import requests

ANSWER_S = 15  # of one request: a cancel waits for a dead worker's lease


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
        found = re.search(r'"end_id": "([^"]+)"', text)
        assert found, text
        self._end_id = found[1]

    def run(self, value: Any) -> str:
        """Trigger the callback, and return the handle of the run."""
        self._value = value
        key: str = self.ask("out.children", "run", value).json()["cacheKey"]
        return key

    def poll(self, key: str, url: str | None = None) -> requests.Response:
        """Ask for news of a run once."""
        return self.ask("out.children", "run", self._value, url, cacheKey=key, job=key)

    def news(self, key: str, name: str, seconds: float = 10) -> Any:
        """Ask until the answer has ``name``, or is an error: then return its text."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answer = self.poll(key)
            if answer.status_code == 500:
                return answer.text
            told = answer.json() if answer.status_code == 200 else {"ended": True}
            if name in told:
                return told[name]
            assert "ended" not in told, "the run has ended without an update"
            time.sleep(0.02)
        raise AssertionError(f"no {name} within {seconds} s")

    def result(self, key: str, seconds: float = 10) -> Any:
        """Ask until the run has ended, and return what ``out`` holds then, or the text of its failure."""
        told = self.news(key, "response", seconds)
        return told if isinstance(told, str) else told["out"]["children"]

    def ends_without_update(self, key: str) -> None:
        """The next answer says that there is nothing to wait for."""
        assert self.poll(key).status_code == 204

    def cancel(self) -> None:
        """Change the cancel input, and wait for the answer."""
        self._clicks += 1
        self.ask("stop.id@n_clicks", "stop", self._clicks)

    def ask(
        self, output: str, trigger: str, value: Any, url: str | None = None, **query: str
    ) -> requests.Response:
        """Send what the renderer sends when ``trigger.n_clicks`` has become ``value``."""
        id, _, name = output.partition(".")
        body = {
            "output": output,
            "outputs": {"id": id, "property": name},
            "inputs": [{"id": trigger, "property": "n_clicks", "value": value}],
            "changedPropIds": [f"{trigger}.n_clicks"],
            "state": [],
        }
        return requests.post(
            f"{url or self.url}/_dash-update-component",
            params={"endId": self._end_id, **query},
            data=json.dumps(body),
            headers={"Content-Type": "application/json"},
            timeout=ANSWER_S,
        )
