"""A scenario as the program that a Taipy user would write, for Taipy itself and for what looks like it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from keyword import iskeyword

from callback_conformance.adapters.emitter import Scope
from callback_conformance.adapters.source import INDENT, call, function, opened
from callback_conformance.adapters.taipy.emitter import TaipyEmitter, assignment, variable
from callback_conformance.adapters.taipy.functions import functions
from callback_conformance.scenario import (
    SUCCESS,
    UNSET,
    Action,
    Argument,
    Background,
    BadScenario,
    Callback,
    Component,
    Ordinary,
    Scenario,
    Status,
    leaves,
    parameters,
)
from callback_conformance.scenario.steps import Assign

#: Each kind of component in the page language, and the property that its variable (or label) holds.
#: A text whose variable stands for another property than its own says so in its id.
_ELEMENTS = {
    "button": ("<|{label}|button|id={id}{action}|>", "children"),
    "text": ("<|{{{id}}}|text|id={id}|>", "children"),
    "field": ("<|{{{id}}}|input|id={id}|>", "value"),
    "store": ("<|{{{id}}}|text|id={id}-data|>", "data"),
}
_OWN_NAMES = {"Gui", "asyncio", "functools", "invoke_long_callback", "notify", "page", "probe"}


@dataclass(frozen=True)
class TaipyNames:
    """Where a program imports its names from, and the keyword arguments of its ``run``."""

    package: str = "taipy.gui"
    run: Mapping[str, object] = field(default_factory=dict)


def taipy_program(scenario: Scenario, names: TaipyNames) -> str:
    """The program of ``scenario``. Raises BadScenario for what Taipy has no form for."""
    emitter = TaipyEmitter(names.package)
    handlers = _handlers(scenario)
    elements = [_element(component, handlers) for component in scenario.components]
    callbacks = dict.fromkeys(  # what several share stands in the program once
        part
        for callback in scenario.callbacks
        for part in _callback(emitter, callback, scenario, handlers)
    )
    variables = _variables(emitter, scenario, handlers)
    options = {name: emitter.literal(value) for name, value in names.run.items()}
    if scenario.forget_after_seconds is not None:
        options["state_retention_period"] = str(scenario.forget_after_seconds)
    run = opened(call(f"{emitter.taipy('Gui')}(page).run", **options), INDENT)
    parts = [
        "\n\n".join(filter(None, [emitter.imports(), variables])),
        *callbacks,
        'page = """\n' + "\n\n".join(elements) + '\n"""',
        f'if __name__ == "__main__":\n{INDENT}{run}',
    ]
    return "\n\n\n".join(parts) + "\n"


def _handlers(scenario: Scenario) -> dict[str, str]:
    """The function that each button calls."""
    invoking = [callback for callback in scenario.callbacks if not isinstance(callback, Ordinary)]
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
    inputs = [callback.trigger] if isinstance(callback, Action) else leaves(callback.inputs)
    buttons = [prop.partition(".")[0] for prop in inputs if _is_button(prop, scenario)]
    if not buttons:
        raise BadScenario(f"{callback.name} is not started by a button, as an action of Taipy is")
    return buttons


def _is_button(prop: str, scenario: Scenario) -> bool:
    id = prop.partition(".")[0]
    return any(
        component.id == id and component.kind == "button" for component in scenario.components
    )


def _taken(callback: Background | Ordinary, scenario: Scenario) -> dict[str, str]:
    """The parameters of a callback but for those of its buttons, and the property each stands for."""
    taken: dict[str, str] = {}
    for name, prop in parameters(callback).items():
        if not isinstance(prop, str):
            raise BadScenario(f"{callback.name}: Taipy has no grouping within the arguments")
        if not _is_button(prop, scenario):
            taken[name] = prop
    return taken


def _action(callback: Background, scenario: Scenario) -> Action:
    """A callback that uses nothing but what Taipy has too, as the action that does the same."""
    options = ("running", "cancel", "progress", "initial", "manager", "duplicates")
    unsupported = [option for option in options if getattr(callback, option)]
    if callback.progress_default is not UNSET:
        unsupported.append("a progress default")
    if isinstance(callback.output, Mapping):
        unsupported.append("a result by names")
    if unsupported:
        raise BadScenario(f"{callback.name}: {unsupported[0]} is Dash's; Taipy has nothing like it")
    outputs = (
        callback.output if isinstance(callback.output, str) else tuple(leaves(callback.output))
    )
    taken = _taken(callback, scenario)
    return Action(
        callback.name,
        trigger=_buttons(callback, scenario)[0],
        job=callback.job,
        arguments=tuple(taken.values()),
        status=Status(
            ("state", "status", "result"), ((SUCCESS, Assign(outputs, Argument("result"))),)
        ),
        takes=tuple(taken),
    )


def _variables(emitter: TaipyEmitter, scenario: Scenario, handlers: Mapping[str, str]) -> str:
    """The variables behind the elements, with their first values."""
    callbacks = (callback.name for callback in scenario.callbacks)
    reserved = {*_OWN_NAMES, *handlers.values(), *callbacks}
    lines = []
    for component in scenario.components:
        if component.kind == "button":
            continue
        if not component.id.isidentifier() or iskeyword(component.id) or component.id in reserved:
            raise BadScenario(f"{component.id!r} cannot be the name of a variable of the program")
        first = emitter.literal(component.props[_ELEMENTS[component.kind][1]])
        lines.append(f"{component.id} = {opened(first, after=len(component.id) + len(' = '))}")
    return "\n".join(lines)


def _element(component: Component, handlers: Mapping[str, str]) -> str:
    if component.kind not in _ELEMENTS:
        raise BadScenario(
            f"{component.id}: no {component.kind} in Taipy; choose from {', '.join(_ELEMENTS)}"
        )
    form, prop = _ELEMENTS[component.kind]
    if unknown := set(component.props) - {prop}:
        raise BadScenario(f"{component.id} has {unknown}; in Taipy it can have {prop!r}")
    if component.kind == "button" and component.id not in handlers:
        raise BadScenario(f"{component.id} starts nothing; in Taipy it would call on_action")
    handler = handlers.get(component.id, "")
    action = "" if handler == "on_action" else f"|on_action={handler}"
    label = component.props.get("children", component.id)
    return form.format(id=component.id, label=label, action=action)


def _callback(
    emitter: TaipyEmitter, callback: Callback, scenario: Scenario, handlers: Mapping[str, str]
) -> list[str]:
    handler = handlers[_buttons(callback, scenario)[0]]
    if isinstance(callback, Ordinary):
        return _ordinary(emitter, callback, scenario, handler)
    action = _action(callback, scenario) if isinstance(callback, Background) else callback
    if buttons := [prop for prop in action.arguments if _is_button(prop, scenario)]:
        raise BadScenario(f"{action.name} takes {buttons[0]}, and a button has no variable")
    return functions(emitter, action, handler)


def _ordinary(
    emitter: TaipyEmitter, callback: Ordinary, scenario: Scenario, handler: str
) -> list[str]:
    """The function of a callback, and the action that shows what it returns."""
    taken = _taken(callback, scenario)
    body = emitter.statements(callback.job, Scope(callback.name, tuple(taken)))
    value = call(callback.name, *map(variable, taken.values()))
    return [
        function(callback.name, list(taken), body),
        function(handler, ["state"], [assignment(callback.output, value, 1)]),
    ]
