"""A scenario as the program that a Taipy user would write, for Taipy itself and for what looks like it."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from harness.implementations.source import (
    INDENT,
    Call,
    Node,
    call,
    function,
    job_body,
    literal,
    opened,
    standard_modules,
    steps,
    uses_figures,
)
from harness.scenario import (
    ALWAYS,
    FAILURE,
    RUNNING,
    SUCCESS,
    Action,
    Argument,
    Background,
    BadScenario,
    Component,
    Grouping,
    Job,
    Ordinary,
    Scenario,
    Status,
    Step,
    leaves,
    parameters,
)
from harness.scenario.callbacks import UNSET

Timed = tuple[str, Step]

#: What each kind of component is in the page language, and the property that a variable holds.
_ELEMENTS = {
    "button": ("<|{label}|button|id={id}{action}|>", "children"),
    "text": ("<|{{{id}}}|text|id={id}|>", "children"),
    "field": ("<|{{{id}}}|input|id={id}|>", "value"),
}
_OWN_NAMES = {"Gui", "functools", "invoke_long_callback", "notify", "page", "stage"}


@dataclass(frozen=True)
class TaipyNames:
    """Where a program imports its names from, and the keyword arguments that its ``run`` is given."""

    package: str = "taipy.gui"
    run: Mapping[str, Node] = field(default_factory=dict)


@dataclass(frozen=True)
class _Function:
    """The source of a callable, and the expression that stands for it where it is handed over."""

    source: str
    reference: Node


def render(scenario: Scenario, names: TaipyNames) -> str:
    """The program of ``scenario``."""
    callbacks = [_as_action(callback, scenario) for callback in scenario.callbacks]
    handlers = _handlers(scenario)
    _check_names(scenario)
    parts = [
        _imports(callbacks, names),
        *(part for callback in callbacks for part in _callback(callback, scenario, handlers)),
        _page(scenario, handlers),
        f'if __name__ == "__main__":\n{INDENT}{opened(call("Gui(page).run", **names.run), INDENT)}',
    ]
    if variables := _variables(scenario):
        parts[0] += f"\n\n{variables}"
    return "\n\n\n".join(parts) + "\n"


# From any dialect's callbacks to actions.


def _as_action(callback: Action | Background | Ordinary, scenario: Scenario) -> Action | Ordinary:
    if isinstance(callback, Background):
        return _of_background(callback, scenario)
    jobs = [callback.job]
    if isinstance(callback, Action):
        jobs += [Job((step,)) for _, step in _timed_steps(callback)]
    if uses_figures(jobs) or any(_foreign(step) for job in jobs for step in job.steps):
        raise BadScenario(f"{callback.name} takes a step that only Dash's programs can take")
    return callback


def _of_background(callback: Background, scenario: Scenario) -> Action | Ordinary:
    """The action of a callback that uses nothing but what Taipy has too."""
    options = ("running", "cancel", "progress", "initial", "manager", "twins")
    given = [option for option in options if getattr(callback, option)]
    if given or callback.progress_default is not UNSET or isinstance(callback.output, Mapping):
        what = given[0] if given else "a progress default or outputs by name"
        raise BadScenario(f"{callback.name}: {what} is Dash's; Taipy has nothing like it")
    taken = _fields(callback, scenario)
    delivered = Status(
        ("state", "status", "result"),
        ((SUCCESS, Step("assign", Argument("result"), callback.output)),),
    )
    trigger = _buttons(callback, scenario)[0]
    arguments = tuple(taken.values())
    return _as_action(
        Action(callback.name, trigger, callback.job, arguments, delivered, takes=tuple(taken)),
        scenario,
    )


def _foreign(step: Step) -> bool:
    return step.verb in ("report", "no_update")


def _timed_steps(action: Action) -> list[Timed]:
    return [*action.first, *(action.status.steps if action.status else ()), *action.then]


def _buttons(callback: Action | Background | Ordinary, scenario: Scenario) -> list[str]:
    """The buttons whose click starts a callback."""
    given = [callback.trigger] if isinstance(callback, Action) else leaves(callback.inputs)
    ids = [prop.partition(".")[0] for prop in given]
    found = [id for id in ids if _component(id, scenario).kind == "button"]
    if not found:
        raise BadScenario(f"{callback.name} is not started by a button, as an action of Taipy is")
    return found


def _fields(callback: Background | Ordinary, scenario: Scenario) -> dict[str, str]:
    """The parameters of a callback that stand for a variable, and the property that it holds."""
    return {
        name: prop
        for name, prop in parameters(callback).items()
        if _component(prop.partition(".")[0], scenario).kind != "button"
    }


def _component(id: str, scenario: Scenario) -> Component:
    return next(component for component in scenario.components if component.id == id)


def _handlers(scenario: Scenario) -> dict[str, str]:
    """The function that each button calls."""
    invoking = [one for one in scenario.callbacks if not isinstance(one, Ordinary)]
    handlers: dict[str, str] = {}
    for callback in scenario.callbacks:
        alone = callback in invoking and len(invoking) == 1
        for button in _buttons(callback, scenario):
            if button in handlers:
                raise BadScenario(f"{button} starts two callbacks; in Taipy it calls one function")
            handlers[button] = "on_action" if alone else f"on_{callback.name}"
    return handlers


def _check_names(scenario: Scenario) -> None:
    functions = {callback.name for callback in scenario.callbacks} | set(_handlers(scenario).values())
    for component in scenario.components:
        bad = not component.id.isidentifier() or keyword.iskeyword(component.id)
        if bad or (component.kind != "button" and component.id in functions | _OWN_NAMES):
            raise BadScenario(f"{component.id!r} cannot be the name of a variable of the program")


# The program, from its first line to its last.


def _imports(callbacks: Sequence[Action | Ordinary], names: TaipyNames) -> str:
    jobs = [callback.job for callback in callbacks]
    actions = [callback for callback in callbacks if isinstance(callback, Action)]
    timed = [step for action in actions for _, step in _timed_steps(action)]
    standard = set(standard_modules([*jobs, Job(tuple(timed))]))
    kinds = {one.kind for action in actions for one in (action, action.status) if one}
    if "partial" in kinds:
        standard.add("functools")
    used = ["Gui"]
    if actions:
        used.append("invoke_long_callback")
    if any(step.verb == "notify" for step in timed):
        used.append("notify")
    groups = [
        [f"import {module}" for module in sorted(standard)],
        [f"from {names.package} import {', '.join(used)}"],
        ["import stage"],
    ]
    return "\n\n".join("\n".join(group) for group in groups if group)


def _variables(scenario: Scenario) -> str:
    """The variables behind the elements, with their first values."""
    return "\n".join(
        f"{component.id} = {opened(literal(component.props[_ELEMENTS[component.kind][1]]))}"
        for component in scenario.components
        if component.kind != "button" and component.kind in _ELEMENTS
    )


def _page(scenario: Scenario, handlers: Mapping[str, str]) -> str:
    elements = [_element(component, handlers) for component in scenario.components]
    return 'page = """\n' + "\n\n".join(elements) + '\n"""'


def _element(component: Component, handlers: Mapping[str, str]) -> str:
    form, prop = _ELEMENTS.get(component.kind, ("", ""))
    if strange := [name for name in component.props if name != prop] or not form:
        raise BadScenario(f"{component.id}: the {component.kind} has no form in Taipy ({strange})")
    handler = handlers.get(component.id, "")
    if component.kind == "button" and not handler:
        raise BadScenario(f"{component.id} starts nothing; in Taipy it would call on_action")
    action = "" if handler == "on_action" else f"|on_action={handler}"
    label = component.props.get("children", component.id)
    return form.format(id=component.id, label=label, action=action)


def _callback(
    callback: Action | Ordinary, scenario: Scenario, handlers: Mapping[str, str]
) -> list[str]:
    handler = handlers[_buttons(callback, scenario)[0]]
    if isinstance(callback, Ordinary):
        return _ordinary(callback, handler, scenario)
    job = _job(callback)
    status = _status(callback)
    invocation = _invocation(callback, job.reference, status.reference if status else None)
    said = _said("action", callback.parameters)
    known = _names(callback.parameters)
    before, after = (_moments(steps_, known, 1) for steps_ in (callback.first, callback.then))
    action = function(handler, callback.parameters, [*said, *before, invocation, *after])
    return [job.source, *([status.source] if status else []), action]


def _ordinary(callback: Ordinary, handler: str, scenario: Scenario) -> list[str]:
    taken = _fields(callback, scenario)
    update = function(callback.name, list(taken), steps(callback.job, list(taken)))
    value = call(callback.name, *(_variable(prop) for prop in taken.values()))
    return [update, function(handler, ["state"], [_assignment(callback.output, value, 1)])]


def _job(action: Action) -> _Function:
    named = tuple(prop.partition(".")[0] for prop in action.arguments)
    takes = named if action.takes is None else action.takes
    known = _names(takes)
    return _function(
        action.kind, action.name, takes, lambda depth: job_body(action.job, action.name, known, depth)
    )


def _status(action: Action) -> _Function | None:
    status = action.status
    if status is None:
        return None
    known = _names(status.parameters)
    periodic = action.period_ms is not None

    def body(depth: int) -> list[str]:
        said = _said("status", status.parameters, depth)
        return [*said, *_chosen(status.steps, known, periodic, depth)]

    return _function(status.kind, f"{action.name}_status", status.parameters, body)


def _invocation(action: Action, job: Node, status: Node | None) -> str:
    """The call of ``invoke_long_callback``, with as many arguments as are given."""
    given = Call("[", tuple(_variable(prop) for prop in action.arguments), "]")
    extra = Call("[", tuple(literal(value) for value in action.status_arguments), "]")
    optional: list[tuple[Node, bool]] = [
        (given, bool(action.arguments)),
        (status or "None", status is not None),
        (extra, bool(action.status_arguments)),
        (str(action.period_ms), action.period_ms is not None),
    ]
    while optional and not optional[-1][1]:
        optional.pop()
    arguments = [node for node, _ in optional]
    return opened(call("invoke_long_callback", "state", job, *arguments), INDENT)


# Functions of every kind.


def _function(
    kind: str, name: str, takes: Sequence[str], body: Callable[[int], list[str]]
) -> _Function:
    """A callable called ``name``; ``body`` gives its statements for a depth of indentation."""
    if kind in ("method", "object"):
        made = "".join(word.capitalize() for word in name.split("_"))
        method = "run" if kind == "method" else "__call__"
        inner = function(method, ["self", *takes], body(2), depth=1)
        source = f"class {made}:\n{INDENT}{inner}\n\n\n{name} = {made}()"
        return _Function(source, f"{name}.{method}" if kind == "method" else name)
    if kind == "partial":
        source = function(name, ["label", *takes], body(1))
        return _Function(source, call("functools.partial", name, f'"{name}"'))
    source = function(name, takes, body(1))
    if kind == "lambda":
        handed = ", ".join(one.partition("=")[0] for one in takes)
        return _Function(source, f"lambda {', '.join(takes)}: {name}({handed})")
    return _Function(source, name)


def _names(takes: Iterable[str]) -> list[str]:
    """The names in a list of parameters, without stars and defaults."""
    names = [one.partition("=")[0].lstrip("*").strip() for one in takes]
    return [name for name in names if name]


def _said(word: str, takes: Sequence[str], depth: int = 1) -> list[str]:
    """The statement in which a function says what it received besides the state."""
    received = {name: name for name in _names(takes) if name != "state"}
    return [opened(call("stage.say", f'"{word}"', **received), INDENT * depth)] if received else []


# What a status function or an action does.


def _chosen(timed: Sequence[Timed], known: list[str], periodic: bool, depth: int) -> list[str]:
    """The statements of steps that are taken at one kind of status or another."""
    lines: list[str] = []
    for always, group in groupby(timed, key=lambda one: one[0] == ALWAYS):
        part = list(group)
        if always:
            lines += _moments(part, known, depth)
        elif periodic or any(when == RUNNING for when, _ in part):
            lines += _three_ways(part, known, depth)
        else:
            lines += _two_ways(part, known, depth)
    return lines


def _two_ways(timed: Sequence[Timed], known: list[str], depth: int) -> list[str]:
    success, failure = (_at(when, timed) for when in (SUCCESS, FAILURE))
    if not success:
        return _block("if not status:", failure, known, depth)
    rest = _block("else:", failure, known, depth) if failure else []
    return _block("if status:", success, known, depth) + rest


def _three_ways(timed: Sequence[Timed], known: list[str], depth: int) -> list[str]:
    running = _at(RUNNING, timed)
    final = [one for one in timed if one not in running]
    if not final:
        return _block("if not isinstance(status, bool):", running, known, depth)
    inner = [f"{INDENT}{line}" for line in _two_ways(final, known, depth + 1)]
    rest = _block("else:", running, known, depth) if running else []
    return ["if isinstance(status, bool):", *inner, *rest]


def _at(when: str, timed: Sequence[Timed]) -> list[Timed]:
    return [one for one in timed if one[0] == when]


def _block(head: str, timed: Sequence[Timed], known: list[str], depth: int) -> list[str]:
    return [head, *(f"{INDENT}{line}" for line in _moments(timed, known, depth + 1))]


def _moments(timed: Sequence[Timed], known: list[str], depth: int) -> list[str]:
    return [line for _, step in timed for line in _moment(step, known, depth)]


def _moment(step: Step, known: list[str], depth: int) -> list[str]:
    if step.verb == "assign":
        return [_assignment(step.target, literal(step.value, known), depth)]
    if step.verb == "notify":
        told = call("notify", "state", literal(step.target), literal(step.value, known))
        return [opened(told, INDENT * depth)]
    return steps(Job((step,)), known, depth)


def _assignment(output: Grouping, value: Node, depth: int) -> str:
    """``state.out = value``; of several outputs each gets its item."""
    several = [_variable(prop) for prop in leaves(output)]
    target = ", ".join(several)
    if len(several) == 1 and not isinstance(output, str):
        target = f"({target},)"
    return f"{target} = {opened(value, INDENT * depth, after=len(target) + len(' = '))}"


def _variable(prop: Any) -> str:
    return f"state.{prop.partition('.')[0]}"
