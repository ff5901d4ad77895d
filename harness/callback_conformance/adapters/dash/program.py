"""A scenario as the program that a Dash user would write, for Dash itself and for what looks like it."""

from __future__ import annotations

from callback_conformance.adapters.callables import written_callable
from callback_conformance.adapters.dash.caching import manager_options
from callback_conformance.adapters.dash.decorator import decorator, handler_name
from callback_conformance.adapters.dash.emitter import DashEmitter
from callback_conformance.adapters.dash.names import DashNames
from callback_conformance.adapters.dash.stores import StoreSource, store, watched
from callback_conformance.adapters.emitter import Scope
from callback_conformance.adapters.source import INDENT, Call, Node, call, flat, function, opened
from callback_conformance.scenario import (
    Action,
    Background,
    BadScenario,
    Manager,
    Ordinary,
    Scenario,
    leaves,
    parameters,
)


def dash_program(scenario: Scenario, names: DashNames) -> str:
    """The program of ``scenario``. Raises BadScenario for what the dialect has no form for."""
    emitter = DashEmitter(names)
    prevented = _prevented(scenario, names)
    managers = _managers(emitter, scenario)
    app = _app(emitter, scenario, prevented)
    callbacks = [_callback(emitter, callback, prevented) for callback in scenario.callbacks]
    app = "\n".join([*emitter.constants, *managers, app])
    imports, definitions = emitter.imports(), emitter.definitions
    serves = names.serves
    if scenario.debug:
        # The reloader would start the program a second time.
        serves = serves.replace("()", "(debug=True, use_reloader=False)")
    parts = [
        *([imports, *definitions, app] if definitions else [f"{imports}\n\n{app}"]),
        *callbacks,
        f'if __name__ == "__main__":\n    {serves}',
    ]
    return "\n\n\n".join(parts) + "\n"


def _prevented(scenario: Scenario, names: DashNames) -> bool:
    """True where the app itself prevents initial calls: Dash Labs does not let a long callback do so."""
    long = [callback for callback in scenario.callbacks if isinstance(callback, Background)]
    return names.dialect == "labs" and bool(long) and not any(callback.initial for callback in long)


def _managers(emitter: DashEmitter, scenario: Scenario) -> list[str]:
    several = len(scenario.managers) > 1
    return [line for manager in scenario.managers for line in _manager(emitter, manager, several)]


def _manager(emitter: DashEmitter, manager: Manager, several: bool) -> list[str]:
    source = StoreSource()
    if manager.instead_of_cache is not None:
        source = StoreSource(emitter.literal(manager.instead_of_cache))
    elif manager.cache:
        source = store(emitter, manager, several)
    if manager.open_files:
        emitter.constant(f"{emitter.module('os')}.umask(0)")
    names = emitter.names.embedded if manager.embedded else emitter.names
    constructor = call(
        emitter.name(names.managers or names.package, names.manager_class),
        *([] if source.argument is None else [source.argument]),
        **manager_options(emitter, manager),
        **{name: emitter.literal(value) for name, value in manager.options.items()},
    )
    assigned = f"{manager.name} = {opened(constructor, after=len(manager.name) + 3)}"
    return [*source.lines, assigned, *watched(emitter, manager)]


def _app(emitter: DashEmitter, scenario: Scenario, prevented: bool) -> str:
    constructor = call(
        emitter.dash("Dash"), "__name__", **_constructor(emitter, scenario, prevented)
    )
    lines = [f"app = {opened(constructor, after=len('app = '))}"]
    if scenario.server:
        lines.append("server = app.server")
    div = f"{emitter.dash('html')}.Div"
    layout = opened(call(div, emitter.components(scenario.components)), always=True)
    lines += ["", f"app.layout = {layout}"]
    if scenario.validation_layout:
        components = emitter.components(scenario.generated).parts
        every = call(div, Call("[", ("app.layout", *components), "]"))
        lines.append(f"app.validation_layout = {opened(every, always=True)}")
    return "\n".join(lines)


def _constructor(emitter: DashEmitter, scenario: Scenario, prevented: bool) -> dict[str, Node]:
    """The keyword arguments of the app's constructor."""
    options: dict[str, Node] = {}
    if scenario.suppress_callback_exceptions:
        options["suppress_callback_exceptions"] = "True"
    if emitter.names.dialect != "labs":
        argument = emitter.names.constructor_argument
        return {**({argument: scenario.manager} if scenario.manager else {}), **options}
    if len(scenario.managers) != 1 or not scenario.manager:
        raise BadScenario(
            "an app of Dash Labs has one manager, which its plugin is constructed with"
        )
    calls = {
        "FlexibleCallbacks": "",
        "HiddenComponents": "",
        "LongCallback": scenario.manager,
    }
    plugins = f"{emitter.dash('dl')}.plugins"
    present = [
        f"{plugins}.{name}({argument})"
        for name, argument in calls.items()
        if name != scenario.lacks
    ]
    arguments: dict[str, Node] = {"plugins": Call("[", tuple(present), "]")}
    if prevented:
        arguments["prevent_initial_callbacks"] = "True"
    return arguments


def _callback(emitter: DashEmitter, callback: object, prevented: bool) -> str:
    if isinstance(callback, Background):
        return _background(emitter, callback, prevented)
    if isinstance(callback, Ordinary):
        arguments = tuple(parameters(callback))
        body = emitter.statements(callback.job, Scope(callback.name, arguments))
        return _declared(emitter, callback, prevented, arguments, body)
    assert isinstance(callback, Action)
    raise BadScenario(f"{callback.name}: an action that invokes a long callback is Taipy's form")


def _background(emitter: DashEmitter, callback: Background, prevented: bool) -> str:
    arguments = callback.takes or tuple(parameters(callback))
    scope = Scope(callback.name, arguments)
    received = ("set_progress", *arguments) if callback.progress else arguments

    def body(depth: int) -> list[str]:
        return emitter.job_body(callback.job, scope.at(depth))

    if callback.kind == "function":
        declared = _declared(emitter, callback, prevented, received, body(1))
    else:
        job = written_callable(emitter, callback.kind, callback.name, received, body)
        declares = opened(decorator(emitter, callback, prevented), always=True)
        declared = f"{job.source}\n\n\n{declares}({flat(job.reference)})"
    if callback.on_error is not None:
        name = handler_name(callback)
        handled = emitter.statements(callback.on_error, Scope(name, ("error",)))
        declared = f"{function(name, ['error'], handled)}\n\n\n{declared}"
    return _in_a_loop(emitter, callback, declared) if callback.duplicates else declared


def _declared(
    emitter: DashEmitter,
    callback: Background | Ordinary,
    prevented: bool,
    received: tuple[str, ...],
    body: list[str],
) -> str:
    """The function of a callback under its decorator."""
    declares = opened(decorator(emitter, callback, prevented), always=True)
    return f"@{declares}\n{function(callback.name, received, body)}"


def _in_a_loop(emitter: DashEmitter, callback: Background, declared: str) -> str:
    """The callback and its duplicates, declared by the same lines: a function of equal source for each."""
    first = [next(leaves(part)) for part in (callback.output, callback.inputs)]
    pairs = [
        tuple(prop.partition(".")[0] for prop in pair) for pair in (first, *callback.duplicates)
    ]
    output, trigger = pairs[0]
    declared = declared.replace(f'Output("{output}",', "Output(output,")
    declared = declared.replace(f'Input("{trigger}",', "Input(trigger,")
    lines = [f"{INDENT}{line}" if line else "" for line in declared.splitlines()]
    return "\n".join([f"for output, trigger in {flat(emitter.literal(pairs))}:", "", *lines])
