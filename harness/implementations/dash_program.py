"""A scenario as the program that a Dash user would write, for Dash itself and for what looks like it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harness.implementations import dash_caching
from harness.implementations.source import (
    INDENT,
    Call,
    Node,
    call,
    flat,
    function,
    imported,
    job_body,
    keyword,
    literal,
    opened,
    standard_modules,
    steps,
    uses_figures,
)
from harness.scenario import (
    Action,
    Background,
    BadScenario,
    Component,
    Dependency,
    Grouping,
    Manager,
    Ordinary,
    Plain,
    Scenario,
    leaves,
    parameters,
)
from harness.scenario.callbacks import UNSET

TOLD_CACHE = '''\
class ToldCache(diskcache.Cache):
    """A store that tells the stage of each read and write."""

    def get(self, key, *args, **kwargs):
        value = super().get(key, *args, **kwargs)
        stage.passes(f"{os.path.basename(self.directory)} read")
        return value

    def set(self, key, value, *args, **kwargs):
        done = super().set(key, value, *args, **kwargs)
        stage.passes(f"{os.path.basename(self.directory)} write")
        return done
'''

_COMPONENTS = {
    "button": "html.Button",
    "text": "html.Div",
    "field": "dcc.Input",
    "progress": "html.Progress",
    "graph": "dcc.Graph",
    "store": "dcc.Store",
}


@dataclass(frozen=True)
class DashNames:
    """Where a program imports its names from: the package, and what a manager is called."""

    package: str = "dash"
    manager_class: str = "DiskcacheManager"
    constructor_argument: str = "background_callback_manager"


def render(scenario: Scenario, names: DashNames) -> str:
    """The program of ``scenario``."""
    callbacks = [_checked(callback) for callback in scenario.callbacks]
    imports, app = _imports(scenario, names), _app(scenario, names)
    told = any(manager.told for manager in scenario.managers)
    before = [TOLD_CACHE.rstrip()] if told else []
    before += dash_caching.preparations(scenario)
    parts = [
        *([imports, *before, app] if before else [f"{imports}\n\n{app}"]),
        *(_callback(callback) for callback in callbacks),
        'if __name__ == "__main__":\n    app.run()',
    ]
    return "\n\n\n".join(parts) + "\n"


def _checked(callback: object) -> Background | Ordinary:
    if isinstance(callback, Action):
        raise BadScenario(
            f"{callback.name}: an action that invokes a long callback is Taipy's form"
        )
    assert isinstance(callback, (Background, Ordinary))
    return callback


def _imports(scenario: Scenario, names: DashNames) -> str:
    jobs = [callback.job for callback in scenario.callbacks]
    caching = dash_caching.modules(scenario)
    standard = {*standard_modules(jobs), *(caching - dash_caching.FRAMEWORKS)}
    if any(manager.told for manager in scenario.managers):
        standard.add("os")
    used = {"Dash", "Input", "Output", "callback", "html"}
    if scenario.managers:
        used.add(names.manager_class)
    if any(component.kind in ("field", "graph", "store") for component in scenario.components):
        used.add("dcc")
    if any(map(_uses_state, map(_checked, scenario.callbacks))):
        used.add("State")
    if any(step.verb == "no_update" for job in jobs for step in job.steps):
        used.add("no_update")
    figures = uses_figures([c.props for c in scenario.components]) or any(
        uses_figures([c.job, getattr(c, "progress_default", None)])
        for c in map(_checked, scenario.callbacks)
    )
    frameworks = [imported(names.package, sorted(used, key=_import_order))]
    before = ["import diskcache"] if any(manager.cache for manager in scenario.managers) else []
    before += [f"import {module}" for module in sorted(caching & dash_caching.FRAMEWORKS)]
    if figures:
        before.append("import plotly.graph_objects as go")
    groups = [
        [f"import {module}" for module in sorted(standard)],
        [*before, *frameworks],
        ["import stage"],
    ]
    return "\n\n".join("\n".join(group) for group in groups if group)


def _uses_state(callback: Background | Ordinary) -> bool:
    groupings = [
        getattr(callback, name, ()) for name in ("cancel", "progress", "running", "options")
    ]
    return any(leaves(callback.state)) or any(map(_holds_state, groupings))


def _holds_state(part: object) -> bool:
    if isinstance(part, Dependency):
        return part.kind == "State"
    inside = part.values() if isinstance(part, Mapping) else part
    return (
        isinstance(inside, Iterable)
        and not isinstance(part, str)
        and any(map(_holds_state, inside))
    )


def _import_order(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def _app(scenario: Scenario, names: DashNames) -> str:
    lines = [f"{manager.name} = {_manager(manager, names)}" for manager in scenario.managers]
    given = {names.constructor_argument: scenario.manager} if scenario.manager else {}
    lines.append(f"app = {opened(call('Dash', '__name__', **given))}")
    if scenario.server:
        lines.append("server = app.server")
    children = Call("[", tuple(_component(component) for component in scenario.components), "]")
    layout = opened(call("html.Div", children), always=True)
    return "\n".join(lines) + "\n\n" + f"app.layout = {layout}"


def _manager(manager: Manager, names: DashNames) -> str:
    cache = "ToldCache" if manager.told else "diskcache.Cache"
    given = [f'{cache}("./{manager.name}")'] if manager.cache else []
    return opened(call(names.manager_class, *given, **dash_caching.manager_options(manager)))


def _component(component: Component) -> Node:
    props = dict(component.props)
    children = props.pop("children", component.id if component.kind == "button" else None)
    first = [literal(children)] if children is not None else []
    rest = {name: literal(value) for name, value in props.items()}
    return call(_COMPONENTS[component.kind], *first, id=literal(component.id), **rest)


def _callback(callback: Background | Ordinary) -> str:
    arguments = list(parameters(callback))
    received = ["set_progress", *arguments] if getattr(callback, "progress", None) else arguments
    if isinstance(callback, Background):
        body = job_body(callback.job, callback.name, arguments)
    else:
        body = steps(callback.job, arguments)
    twins = getattr(callback, "twins", ())
    decorator = opened(_decorator(callback), always=True)
    declared = f"@{decorator}\n{function(callback.name, received, body)}"
    return _in_a_loop(callback, declared, twins) if twins else declared


def _in_a_loop(
    callback: Background | Ordinary, declared: str, twins: tuple[tuple[str, str], ...]
) -> str:
    """The callback and its twins, declared by the same lines: a function of equal source for each."""
    pairs = [(prop.partition(".")[0], trigger.partition(".")[0]) for prop, trigger in twins]
    output, trigger = (next(leaves(part)) for part in (callback.output, callback.inputs))
    first = (output.partition(".")[0], trigger.partition(".")[0])
    declared = declared.replace(f'Output("{first[0]}",', "Output(output,")
    declared = declared.replace(f'Input("{first[1]}",', "Input(trigger,")
    lines = [f"{INDENT}{line}" if line else "" for line in declared.splitlines()]
    return "\n".join([f"for output, trigger in {flat(literal([first, *pairs]))}:", "", *lines])


def _decorator(callback: Background | Ordinary) -> Call:
    options: dict[str, Node] = {}
    if isinstance(callback, Background):
        options = _background_options(callback)
    options |= {name: _written(value) for name, value in callback.options.items()}
    if not callback.initial:
        options["prevent_initial_call"] = "True"
    output = _grouping("Output", callback.output)
    given = (callback.inputs, callback.state)
    if any(isinstance(part, Mapping) for part in (callback.output, *given)):
        named = {"output": output, "inputs": _grouping("Input", callback.inputs)}
        if callback.state:
            named["state"] = _grouping("State", callback.state)
        return call("callback", **named, **options)
    inputs = [_dependency("Input", prop) for prop in leaves(callback.inputs)]
    states = [_dependency("State", prop) for prop in leaves(callback.state)]
    return call("callback", output, *inputs, *states, **options)


def _background_options(callback: Background) -> dict[str, Node]:
    options: dict[str, Node] = {"background": "True"}
    if callback.manager:
        options["manager"] = callback.manager
    if callback.running:
        options["running"] = Call("[", tuple(_running(entry) for entry in callback.running), "]")
    if callback.cancel:
        options["cancel"] = _grouping("Input", callback.cancel)
    if callback.progress:
        options["progress"] = _grouping("Output", callback.progress)
    if callback.progress_default is not UNSET:
        options["progress_default"] = literal(callback.progress_default)
    if callback.interval_ms is not None:
        options["interval"] = str(callback.interval_ms)
    return options | dash_caching.callback_options(callback, _dependency)


def _running(entry: tuple[object, ...]) -> Node:
    prop, *values = entry
    return Call("(", (_grouping("Output", prop), *(literal(value) for value in values)))


def _grouping(kind: str, grouping: Grouping) -> Node:
    if isinstance(grouping, str):
        return _dependency(kind, grouping)
    if isinstance(grouping, (Dependency, Plain)):
        return _written(grouping)
    if isinstance(grouping, Mapping):
        parts = [keyword(key, _grouping(kind, part)) for key, part in grouping.items()]
        return Call("dict(", tuple(parts))
    return Call("[", tuple(_grouping(kind, part) for part in grouping), "]")


def _dependency(kind: str, prop: str) -> Node:
    component, _, name = prop.partition(".")
    return f'{kind}("{component}", "{name}")'


def _written(value: object) -> Node:
    """A value in which dependencies may stand."""
    if isinstance(value, Dependency):
        return _dependency(value.kind, value.prop)
    if isinstance(value, (list, tuple)):
        brackets = "[]" if isinstance(value, list) else "()"
        return Call(brackets[0], tuple(map(_written, value)), brackets[1])
    return literal(value.value if isinstance(value, Plain) else value)
