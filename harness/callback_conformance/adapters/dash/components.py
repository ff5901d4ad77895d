"""Components, and the ids by which dependencies name them, in a Dash program."""

from __future__ import annotations

from callback_conformance.adapters.source import Call, Node, call, literal
from callback_conformance.scenario import Component, member

_CLASSES = {
    "button": "html.Button",
    "text": "html.Div",
    "field": "dcc.Input",
    "progress": "html.Progress",
    "graph": "dcc.Graph",
    "store": "dcc.Store",
    "container": "html.Div",
    "upload": "dcc.Upload",
}


def component(one: Component) -> Node:
    """The call that makes a component."""
    props = dict(one.props)
    children = props.pop("children", one.id if one.kind == "button" else None)
    first = [literal(children)] if children is not None else []
    if one.kind == "upload":
        first = [call("html.Button", *first)]
    rest = {name: literal(value) for name, value in props.items()}
    return call(_CLASSES[one.kind], *first, id=identifier(one.id), **rest)


def is_core(one: Component) -> bool:
    """True for a component of ``dcc``."""
    return _CLASSES[one.kind].startswith("dcc.")


def components(several: tuple[Component, ...]) -> Call:
    """A list of components."""
    return Call("[", tuple(map(component, several)), "]")


def identifier(id: str) -> Node:
    """The id of a component: of one that belongs to a family, or stands for several, a dictionary."""
    found = member(id)
    if found is None:
        return literal(id)
    index = str(found.index) if found.wildcard else literal(found.index)
    return Call("{", (f'"type": "{found.family}"', f'"index": {index}'), "}")


def dependency(name: str, prop: str) -> Node:
    """``Input("run", "n_clicks")``, where ``name`` is what the program calls the class."""
    id, _, of = prop.partition(".")
    return call(name, identifier(id), f'"{of}"')
