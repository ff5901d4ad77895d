"""Writes what the programs of Dash and of its dialects have in common."""

from __future__ import annotations

from typing import assert_never

from callback_conformance.adapters.dash.names import DashNames
from callback_conformance.adapters.emitter import Emitter, Scope
from callback_conformance.adapters.source import Call, Node, call, function, keyed, opened
from callback_conformance.scenario import BadScenario, BarFigure, Component, indexed_component
from callback_conformance.scenario.steps import (
    Assign,
    Decline,
    EmitError,
    EmitRequest,
    EmitTrigger,
    EmitValues,
    FrameworkStep,
    Generate,
    Notify,
    Report,
    SetProps,
)

#: The module and the class of each kind of component.
_CLASSES = {
    "button": ("html", "Button"),
    "text": ("html", "Div"),
    "field": ("dcc", "Input"),
    "progress": ("html", "Progress"),
    "graph": ("dcc", "Graph"),
    "store": ("dcc", "Store"),
    "container": ("html", "Div"),
    "upload": ("dcc", "Upload"),
}


class DashEmitter(Emitter):
    """Writes one program; ``names`` are those of its dialect and package."""

    def __init__(self, names: DashNames) -> None:
        super().__init__()
        self.names = names
        self._definitions: dict[str, None] = {}
        self._constants: dict[str, None] = {}

    # What stands above the app: each once, however often the program uses it.

    def define(self, source: str) -> None:
        """Put a class or a function above the app."""
        self._definitions[source.rstrip()] = None

    def constant(self, assignment: str) -> None:
        """Put an assignment right before the managers."""
        self._constants[assignment] = None

    @property
    def definitions(self) -> list[str]:
        """The classes and functions above the app."""
        return list(self._definitions)

    @property
    def constants(self) -> list[str]:
        """The assignments before the managers."""
        return list(self._constants)

    # Names.

    def dash(self, name: str) -> str:
        """A name of the framework: that of a module of its own, or what its package exports."""
        if module := self.names.modules.get(name):
            return self.module(module, name)
        return self.name(self.names.package, name)

    def dependency_name(self, name: str) -> str:
        """The name of a class of dependencies, or of a wildcard."""
        if self.names.prefix:
            return f"{self.dash(self.names.prefix)}.{name}"
        return self.name(self.names.dependencies or self.names.package, name)

    def no_update(self) -> str:
        return self.dash("no_update")

    def figure(self, figure: BarFigure) -> Node:
        go = self.module("plotly.graph_objects", "go")
        axis = f'{{"xaxis": {{"range": [0, {figure.total}]}}}}'
        return call(f"{go}.Figure", f"{go}.Bar(x=[{figure.value}])", layout=axis)

    def appended(self, item: Node) -> Node:
        body = [f"patched = {self.dash('Patch')}()", "patched.append(item)", "return patched"]
        self.define(function("appended", ["item"], body))
        return call("appended", item)

    # Components and dependencies.

    def component(self, component: Component) -> Node:
        """The call that makes a component."""
        props = dict(component.props)
        default = component.id if component.kind == "button" else None
        children = props.pop("children", default)
        first = [self.literal(children)] if children is not None else []
        if component.kind == "upload":
            first = [call(f"{self.dash('html')}.Button", *first)]
        rest = {name: self.literal(value) for name, value in props.items()}
        module, name = _CLASSES[component.kind]
        identifier = self.identifier(component.id)
        return call(f"{self.dash(module)}.{name}", *first, id=identifier, **rest)

    def components(self, components: tuple[Component, ...]) -> Call:
        """A list of components."""
        return Call("[", tuple(map(self.component, components)), "]")

    def identifier(self, id: str) -> Node:
        """The id of a component; a dictionary for one of a family and for what stands for several."""
        indexed = indexed_component(id)
        if indexed is None:
            return self.literal(id)
        index = self.literal(indexed.index)
        if indexed.is_wildcard:
            index = self.dependency_name(str(indexed.index))
        return Call("{", (f'"type": "{indexed.family}"', keyed('"index"', index)), "}")

    def dependency(self, kind: str, prop: str, **options: str) -> Node:
        """``Input("run", "n_clicks")``."""
        id, _, name = prop.partition(".")
        return call(self.dependency_name(kind), self.identifier(id), f'"{name}"', **options)

    # Statements.

    def framework_statement(self, step: FrameworkStep, scope: Scope) -> list[str]:
        match step:
            case Report(progress):
                return [opened(self._set_progress(progress, scope), scope.indent)]
            case Decline():
                exceptions = f"{self.names.package}.exceptions"
                return [f"raise {self.name(exceptions, 'PreventUpdate')}"]
            case SetProps(prop, value):
                id, _, name = prop.partition(".")
                pair = keyed(self.literal(name), self.literal(value, scope.names))
                props = Call("{", (pair,), "}")
                return [
                    opened(call(self.dash("set_props"), self.identifier(id), props), scope.indent)
                ]
            case Generate(components):
                return self.returned(self.components(components), scope)
            case EmitTrigger():
                return self._emit("trigger", scope, **self._trigger())
            case EmitValues():
                context = self.dash(self.names.context)
                return self._emit(
                    "values", scope, inputs=f"{context}.inputs", states=f"{context}.states"
                )
            case EmitRequest():
                context = self.dash(self.names.context)
                return self._emit(
                    "request",
                    scope,
                    headers=f"dict({context}.headers)",
                    cookies=f"dict({context}.cookies)",
                    path=f"{context}.path",
                )
            case EmitError():
                exception = "isinstance(error, Exception)"
                return self._emit("error", scope, text="str(error)", exception=exception)
            case Assign() | Notify():
                return super().framework_statement(step, scope)
            case _:
                assert_never(step)

    def _set_progress(self, progress: object, scope: Scope) -> Node:
        """Dash Labs takes two values as two arguments, Dash all values as one."""
        if self.names.dialect != "labs":
            return call("set_progress", self.literal(progress, scope.names))
        if not isinstance(progress, (list, tuple)) or len(progress) != 2:
            raise BadScenario(
                f"{scope.function}: progress of Dash Labs is two values, not {progress!r}"
            )
        return call("set_progress", *(self.literal(part, scope.names) for part in progress))

    def _trigger(self) -> dict[str, str]:
        context = self.dash(self.names.context)
        if context == "ctx":
            return {"id": "ctx.triggered_id", "triggered": "ctx.triggered"}
        # An older Dash has an empty list that holds something, and no trigger's id.
        return {"triggered": f"{context}.triggered or []"}

    def _emit(self, event: str, scope: Scope, **facts: str) -> list[str]:
        return [opened(self.probe("emit", f'"{event}"', **facts), scope.indent)]
