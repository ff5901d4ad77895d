"""A page of Dash before 2.6, or of Dash Labs, without a browser: a hidden timer polls for the result of a job."""

import json
from collections.abc import Iterator
from typing import Any


class TimerPage:
    """A page that is loaded: the values of its properties, and its callbacks."""

    def __init__(self, app: Any) -> None:
        self.app, self.http = app, app.server.test_client()
        self.values = dict(properties(self.http.get("/_dash-layout").json))
        self.callbacks = self.http.get("/_dash-dependencies").json

    def another(self) -> "TimerPage":
        """Load another page of the app, as a second user does."""
        return TimerPage(self.app)

    def change(self, changed: str, value: Any) -> dict[str, Any]:
        """Set a property, call its callback, apply the answer, and return the properties that it sets."""
        self.values[changed] = value
        [callback] = [spec for spec in self.callbacks if changed in map(name, spec["inputs"])]
        self.answer = self.http.post(
            "/_dash-update-component",
            data=json.dumps(self.request(callback, changed)),  # the keys keep their order
            content_type="application/json",
        )
        response = self.answer.json.get("response", {}) if self.answer.status_code == 200 else {}
        updates = {
            f"{component}.{prop}": update
            for component, props in response.items()
            for prop, update in props.items()
        }
        self.values.update(updates)
        return updates

    def request(self, callback: dict[str, Any], changed: str) -> dict[str, Any]:
        """Return the request that the renderer sends when an Input has changed."""
        pairs = [output.rpartition(".") for output in callback["output"].strip(".").split("...")]
        outputs = [{"id": parsed(component), "property": prop} for component, _, prop in pairs]
        several = callback["output"].startswith("..")
        return {
            "output": callback["output"],
            "outputs": outputs if several else outputs[0],
            "inputs": [self.with_value(dependency) for dependency in callback["inputs"]],
            "state": [self.with_value(dependency) for dependency in callback["state"]],
            "changedPropIds": [changed],
        }

    def with_value(self, dependency: dict[str, str]) -> dict[str, Any]:
        component, prop = parsed(dependency["id"]), dependency["property"]
        return {"id": component, "property": prop, "value": self.values.get(name(dependency))}

    @property
    def timers(self) -> list[str]:
        """The properties that change when a hidden timer ticks."""
        inputs = [name(dependency) for spec in self.callbacks for dependency in spec["inputs"]]
        return [prop for prop in inputs if "n_int" in prop]

    def is_off(self, timer: str) -> bool:
        """Tell whether a hidden timer is disabled."""
        return bool(self.values[timer.replace(".n_intervals", ".disabled")])

    def tick(self, timer: str = "") -> dict[str, Any]:
        """Let a hidden timer tick once, unless it is disabled: the only one, if none is named."""
        if not timer:
            [timer] = self.timers
        return {} if self.is_off(timer) else self.change(timer, (self.values.get(timer) or 0) + 1)


def name(dependency: dict[str, str]) -> str:
    return f"{dependency['id']}.{dependency['property']}"


def parsed(component: str) -> Any:
    """Return the id of a component as an object, if it is one."""
    return json.loads(component) if component.startswith("{") else component


def properties(part: Any) -> Iterator[tuple[str, Any]]:
    """Yield the properties in a part of a layout."""
    if isinstance(part, list):
        for child in part:
            yield from properties(child)
    elif isinstance(part, dict) and "props" in part:
        component = part["props"].get("id")
        if isinstance(component, dict):
            component = json.dumps(component, sort_keys=True, separators=(",", ":"))
        if component:
            yield from ((f"{component}.{prop}", value) for prop, value in part["props"].items())
        yield from properties(part["props"].get("children"))
