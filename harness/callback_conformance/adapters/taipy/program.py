"""A scenario as the program that a Taipy user would write, for Taipy itself and for what looks like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from keyword import iskeyword

from callback_conformance.adapters.source import (
    INDENT,
    Node,
    call,
    function,
    literal,
    opened,
    standard_modules,
    steps,
    uses_figures,
)
from callback_conformance.adapters.taipy.functions import assignment, functions, variable
from callback_conformance.scenario import (
    SUCCESS,
    Action,
    Argument,
    Background,
    BadScenario,
    Callback,
    Component,
    Job,
    Ordinary,
    Scenario,
    Status,
    Step,
    leaves,
    parameters,
)
from callback_conformance.scenario.callbacks import UNSET

#: Each kind of component in the page language, and the property that its variable (or label) holds.
#: A text whose variable stands for another property than its own says so in its id.
_ELEMENTS = {
    "button": ("<|{label}|button|id={id}{action}|>", "children"),
    "text": ("<|{{{id}}}|text|id={id}|>", "children"),
    "field": ("<|{{{id}}}|input|id={id}|>", "value"),
    "store": ("<|{{{id}}}|text|id={id}-data|>", "data"),
}
_KINDS_NEED = {"partial": "functools", "decorated": "functools", "coroutine": "asyncio"}
_OWN_NAMES = {"Gui", "asyncio", "functools", "invoke_long_callback", "notify", "page", "probe"}


@dataclass(frozen=True)
class TaipyNames:
    """Where a program imports its names from, and the keyword arguments that its ``run`` is given."""

    package: str = "taipy.gui"
    run: Mapping[str, Node] = field(default_factory=dict)


def taipy_program(scenario: Scenario, names: TaipyNames) -> str:
    """The program of ``scenario``. Raises BadScenario for what Taipy has no form for."""
    handlers = _handlers(scenario)
    elements = [_element(component, handlers) for component in scenario.components]
    callbacks = [_as_taipy_has_it(callback, scenario) for callback in scenario.callbacks]
    options = dict(names.run)
    if scenario.forget_after_seconds is not None:
        options["state_retention_period"] = str(scenario.forget_after_seconds)
    parts = [
        "\n\n".join(filter(None, [_imports(callbacks, names), _variables(scenario, handlers)])),
        *dict.fromkeys(  # what several share stands there once
            part for callback in callbacks for part in _callback(callback, scenario, handlers)
        ),
        'page = """\n' + "\n\n".join(elements) + '\n"""',
        f'if __name__ == "__main__":\n{INDENT}{opened(call("Gui(page).run", **options), INDENT)}',
    ]
    return "\n\n\n".join(parts) + "\n"


def _handlers(scenario: Scenario) -> dict[str, str]:
    """The function that each button calls."""
    invoking = [one for one in scenario.callbacks if not isinstance(one, Ordinary)]
    handlers: dict[str, str] = {}
    for callback in scenario.callbacks:
        alone = invoking == [callback]
        for button in _buttons(callback, scenario):
            if button in handlers:
                raise BadScenario(f"{button} starts two callbacks; in Taipy it calls one function")
            handlers[button] = "on_action" if alone else f"on_{callback.name}"
    return handlers


def _buttons(callback: Callback, scenario: Scenario) -> list[str]:
    """The buttons whose click starts a callback."""
    given = [callback.trigger] if isinstance(callback, Action) else leaves(callback.inputs)
    found = [prop.partition(".")[0] for prop in given if _is_button(prop, scenario)]
    if not found:
        raise BadScenario(f"{callback.name} is not started by a button, as an action of Taipy is")
    return found


def _is_button(prop: str, scenario: Scenario) -> bool:
    id = prop.partition(".")[0]
    return any(
        component.id == id and component.kind == "button" for component in scenario.components
    )


def _taken(callback: Background | Ordinary, scenario: Scenario) -> dict[str, str]:
    """The parameters of a callback but for those of its buttons, and the property each stands for."""
    named = parameters(callback).items()
    return {name: prop for name, prop in named if not _is_button(prop, scenario)}


def _as_taipy_has_it(callback: Callback, scenario: Scenario) -> Action | Ordinary:
    made = _action(callback, scenario) if isinstance(callback, Background) else callback
    done = [*made.job.steps, *(_timed(made) if isinstance(made, Action) else ())]
    if uses_figures(Job(tuple(done))) or any(s.verb in ("report", "no_update") for s in done):
        raise BadScenario(f"{made.name} takes a step that only Dash's programs can take")
    return made


def _action(callback: Background, scenario: Scenario) -> Action:
    """A callback that uses nothing but what Taipy has too, as the action that does the same."""
    options = ("running", "cancel", "progress", "initial", "manager", "twins")
    given = [option for option in options if getattr(callback, option)]
    if given or callback.progress_default is not UNSET or isinstance(callback.output, Mapping):
        what = given[0] if given else "a progress default, or a result by names,"
        raise BadScenario(f"{callback.name}: {what} is Dash's; Taipy has nothing like it")
    shown = Step("assign", Argument("result"), callback.output)
    status = Status(("state", "status", "result"), ((SUCCESS, shown),))
    taken = _taken(callback, scenario)
    return Action(
        callback.name,
        trigger=_buttons(callback, scenario)[0],
        job=callback.job,
        arguments=tuple(taken.values()),
        status=status,
        takes=tuple(taken),
    )


def _timed(action: Action) -> list[Step]:
    """The steps of an action and its status functions."""
    statuses = [step for one in _invoked(action) if one.status for step in one.status.steps]
    return [step for _, step in (*action.first, *action.then, *statuses)]


def _invoked(action: Action) -> tuple[Action, ...]:
    """The long callbacks of an action."""
    return (action, *action.also)


def _imports(callbacks: Sequence[Action | Ordinary], names: TaipyNames) -> str:
    actions = [callback for callback in callbacks if isinstance(callback, Action)]
    timed = [step for action in actions for step in _timed(action)]
    invoked = [one for action in actions for one in _invoked(action)]
    jobs = [one.job for one in (*callbacks, *invoked)]
    standard = set(standard_modules([*jobs, Job(tuple(timed))]))
    kinds = {one.kind for action in invoked for one in (action, action.status) if one}
    standard |= {module for kind, module in _KINDS_NEED.items() if kind in kinds}
    used = ["Gui"]
    if actions:
        used.append("invoke_long_callback")
    if any(step.verb == "notify" for step in timed):
        used.append("notify")
    groups = [
        [f"import {module}" for module in sorted(standard)],
        [f"from {names.package} import {', '.join(used)}"],
        ["import probe"],
    ]
    return "\n\n".join("\n".join(group) for group in groups if group)


def _variables(scenario: Scenario, handlers: Mapping[str, str]) -> str:
    """The variables behind the elements, with their first values."""
    taken = {*_OWN_NAMES, *handlers.values(), *(callback.name for callback in scenario.callbacks)}
    lines = []
    for component in scenario.components:
        if component.kind == "button":
            continue
        if not component.id.isidentifier() or iskeyword(component.id) or component.id in taken:
            raise BadScenario(f"{component.id!r} cannot be the name of a variable of the program")
        first = literal(component.props[_ELEMENTS[component.kind][1]])
        lines.append(f"{component.id} = {opened(first, after=len(component.id) + len(' = '))}")
    return "\n".join(lines)


def _element(component: Component, handlers: Mapping[str, str]) -> str:
    if component.kind not in _ELEMENTS:
        raise BadScenario(f"{component.id}: no {component.kind} in Taipy; there are {[*_ELEMENTS]}")
    form, prop = _ELEMENTS[component.kind]
    if strange := set(component.props) - {prop}:
        raise BadScenario(f"{component.id} is given {strange}; in Taipy it can be given {prop!r}")
    if component.kind == "button" and component.id not in handlers:
        raise BadScenario(f"{component.id} starts nothing; in Taipy it would call on_action")
    handler = handlers.get(component.id, "")
    action = "" if handler == "on_action" else f"|on_action={handler}"
    label = component.props.get("children", component.id)
    return form.format(id=component.id, label=label, action=action)


def _callback(
    callback: Action | Ordinary, scenario: Scenario, handlers: Mapping[str, str]
) -> list[str]:
    handler = handlers[_buttons(callback, scenario)[0]]
    if isinstance(callback, Action):
        if buttons := [prop for prop in callback.arguments if _is_button(prop, scenario)]:
            raise BadScenario(
                f"{callback.name} is given {buttons[0]}, and a button has no variable"
            )
        return functions(callback, handler)
    taken = _taken(callback, scenario)
    update = function(callback.name, list(taken), steps(callback.job, list(taken)))
    value = call(callback.name, *(variable(prop) for prop in taken.values()))
    return [update, function(handler, ["state"], [assignment(callback.output, value, 1)])]
