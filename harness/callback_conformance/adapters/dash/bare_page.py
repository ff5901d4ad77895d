"""A page that sends requests and shows nothing: what a server takes for them is most of the time that passes."""

from __future__ import annotations

import http.client
import json
import re
from typing import Any
from urllib.parse import urlencode

from callback_conformance.adapters.adapter import NoResult
from callback_conformance.adapters.dash.extensions import Extensions
from callback_conformance.page.tab import REQUEST_SECONDS


class BareDashPage:
    """One connection, which stays open as a browser's does, and the requests of one run at a time."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(
            url.removeprefix("http://"), timeout=REQUEST_SECONDS
        )
        config = re.search(
            r'id="_dash-config"[^>]*>(.*?)</script>', self._request("GET", "/", ""), re.DOTALL
        )
        page: dict[str, Any] = json.loads(config.group(1)) if config else {}
        self._extensions = Extensions.of(page)
        self._end_id: str = page.get("end_id", "")
        self._order = 0
        self._body: dict[str, Any] = {}
        self._handles: list[tuple[str, str]] = []

    def trigger(self, button: str, output: str, value: int) -> None:
        """Set ``button.n_clicks`` to a value, and start the job whose result is shown in ``output.children``."""
        changed = {"id": button, "property": "n_clicks", "value": value}
        self._body = {
            "output": f"{output}.children",
            "outputs": {"id": output, "property": "children"},
            "inputs": [changed],
            "changedPropIds": [f"{button}.n_clicks"],
            "parsedChangedPropsIds": [f"{button}.n_clicks"],
        }
        self._handles = []
        started = self._post()
        self._handles = [(name, started[name]) for name in ("cacheKey", "job") if name in started]
        self._body = {**self._body, "inputs": [{**changed, "value": None}]}

    def poll(self) -> object:
        """The result, or None while the job runs. Raises NoResult for an end without one."""
        answer = self._post()
        if "response" not in answer:
            return None
        [properties] = answer["response"].values()
        return properties["children"]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _post(self) -> Any:
        query = [("endId", self._end_id), *self._handles]
        if self._body["output"] in self._extensions.repeats:
            self._order += 1
            query.append(("order", str(self._order)))
        return json.loads(self._request("POST", "/_dash-update-component", urlencode(query)))

    def _request(self, method: str, path: str, query: str) -> str:
        headers, body = {}, None
        if method == "POST":
            headers, body = {"Content-Type": "application/json"}, json.dumps(self._body)
            if header := self._extensions.query_header:
                headers[header] = query
            else:
                path = f"{path}?{query}"
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        text = response.read().decode()
        if response.status != http.client.OK:
            raise NoResult(f"{method} {path} was answered with {response.status}: {text:.500}")
        return text
