"""A scenario as the program that a Dash user would write, for Dash itself and for what looks like it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from callback_conformance.adapters.dash import caching as dash_caching
from callback_conformance.adapters.dash.components import components, is_core
from callback_conformance.adapters.dash.decorator import decorator, handler, in_labs
from callback_conformance.adapters.dash.names import DashNames
from callback_conformance.adapters.dash.steps import DashSteps
from callback_conformance.adapters.dash.stores import Special
from callback_conformance.adapters.source import (
    INDENT,
    Call,
    Node,
    call,
    flat,
    function,
    imported,
    job_body,
    literal,
    opened,
    standard_modules,
    steps,
    taken,
    uses_figures,
    uses_no_update,
)
from callback_conformance.scenario import (
    WILDCARDS,
    Action,
    Background,
    BadScenario,
    Dependency,
    Job,
    Manager,
    Ordinary,
    Scenario,
    leaves,
    member,
    parameters,
)
from callback_conformance.scenario.scenario import properties

__all__ = ["DashNames", "dash_program"]

_DEPENDENCIES = {"Input", "Output", "State", *WILDCARDS}


def dash_program(scenario: Scenario, names: DashNames) -> str:
    """The program of ``scenario``."""
    callbacks = [_checked(callback) for callback in scenario.callbacks]
    imports, app = _imports(scenario, names), _app(scenario, names)
    before = [special.source.rstrip() for special in _specials(scenario, names)]
    before += dash_caching.preparations(scenario)
    parts = [
        *([imports, *before, app] if before else [f"{imports}\n\n{app}"]),
        *(_callback(callback, names, _prevented(scenario, names)) for callback in callbacks),
        f'if __name__ == "__main__":\n    {names.serves}',
    ]
    return "\n\n\n".join(parts) + "\n"


def _checked(callback: object) -> Background | Ordinary:
    if isinstance(callback, Action):
        raise BadScenario(
            f"{callback.name}: an action that invokes a long callback is Taipy's form"
        )
    assert isinstance(callback, (Background, Ordinary))
    return callback


def _prevented(scenario: Scenario, names: DashNames) -> bool:
    """True where the app itself prevents initial calls: Dash Labs does not let a long callback do so."""
    long = [one for one in scenario.callbacks if isinstance(one, Background)]
    return names.dialect == "labs" and bool(long) and not any(one.initial for one in long)


def _imports(scenario: Scenario, names: DashNames) -> str:
    jobs = _jobs(scenario)
    standard = {
        *standard_modules(jobs),
        *(dash_caching.modules(scenario) - dash_caching.FRAMEWORKS),
    }
    if _stored(scenario):
        standard.update(names.store.modules)
    for special in _specials(scenario, names):
        standard.update(special.modules)
    groups = [
        [f"import {module}" for module in sorted(standard)],
        _frameworks(scenario, names),
        ["import probe"],
    ]
    return "\n\n".join("\n".join(group) for group in groups if group)


def _stored(scenario: Scenario) -> bool:
    """True where a manager is given what its results are kept in."""
    return any(one.cache and one.given is None for one in scenario.managers)


def _special(manager: Manager) -> str:
    """The special kind of store that a manager has; empty for a plain one."""
    if not manager.keeps_results:
        return "nothing kept"
    return "told" if manager.told else "full" if manager.can_fill else ""


def _specials(scenario: Scenario, names: DashNames) -> list[Special]:
    """The special stores that the managers of a scenario have."""
    kinds = dict.fromkeys(map(_special, scenario.managers))
    return [names.store.special[kind] for kind in kinds if kind in names.store.special]


def _frameworks(scenario: Scenario, names: DashNames) -> list[str]:
    """What is imported of frameworks: whole modules first, then names, as import sorters have it."""
    used = _used(scenario, names)
    if names.declares == "callback":
        used.add("callback")
    whole = [
        f"import {module} as {name}"
        for name, module in names.modules
        if name == "dl" or name in used
    ]
    if _uses_figures(scenario):
        whole.append("import plotly.graph_objects as go")
    dependencies = _DEPENDENCIES & used
    sources: dict[str, set[str]] = {
        names.package: used - dependencies - {name for name, _ in names.modules}
    }
    if not names.prefix:
        sources.setdefault(names.dependencies or names.package, set()).update(dependencies)
    if scenario.managers:
        sources.setdefault(names.managers or names.package, set()).add(names.manager_class)
    named = [imported(module, sorted(n, key=_import_order)) for module, n in sources.items()]
    if any(step.verb == "decline" for one in scenario.callbacks for step in taken(one.job)):
        named.append(f"from {names.package}.exceptions import PreventUpdate")
    caching = dash_caching.modules(scenario) & dash_caching.FRAMEWORKS
    whole += [f"import {module}" for module in caching]
    stores = set(names.store.imports if _stored(scenario) else ())
    for special in _specials(scenario, names):
        stores.update(special.imports)
    whole += [one for one in stores if one.startswith("import ")]
    named += [one for one in stores if not one.startswith("import ")]
    return [*sorted(whole), *sorted(named, key=_module)]


def _used(scenario: Scenario, names: DashNames) -> set[str]:
    """The names that a program of Dash uses, wherever they come from."""
    jobs = _jobs(scenario)
    used = {"Dash", "Input", "html"}
    there = (*scenario.components, *scenario.generated)
    if any(map(is_core, there)):
        used.add("dcc")
    if any(_uses_output(callback) for callback in map(_checked, scenario.callbacks)):
        used.add("Output")
    if any(map(_uses_state, map(_checked, scenario.callbacks))):
        used.add("State")
    if any(map(uses_no_update, jobs)):
        used.add("no_update")
    used |= DashSteps(names.context).names({step.verb for job in jobs for step in job.steps})
    named = [
        member(prop.partition(".")[0]) for one in scenario.callbacks for prop in properties(one)
    ]
    return used | {str(one.index) for one in named if one and one.wildcard}


def _jobs(scenario: Scenario) -> list[Job]:
    handlers = [getattr(callback, "on_error", None) for callback in scenario.callbacks]
    return [*(callback.job for callback in scenario.callbacks), *filter(None, handlers)]


def _uses_output(callback: Background | Ordinary) -> bool:
    beside = (getattr(callback, name, None) for name in ("progress", "running"))
    return any(leaves(callback.output)) or any(beside)


def _uses_state(callback: Background | Ordinary) -> bool:
    names = ("inputs", "cancel", "progress", "running", "options")
    groupings = [getattr(callback, name, ()) for name in names]
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


def _uses_figures(scenario: Scenario) -> bool:
    return uses_figures([c.props for c in scenario.components]) or any(
        uses_figures([c.job, getattr(c, "progress_default", None)])
        for c in map(_checked, scenario.callbacks)
    )


def _module(statement: str) -> str:
    return statement.split()[1]


def _import_order(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def _app(scenario: Scenario, names: DashNames) -> str:
    lines = dash_caching.constants(scenario)
    for manager in scenario.managers:
        several = len(scenario.managers) > 1
        if manager.cache and manager.given is None:
            lines += names.store.prepared(manager.name, _special(manager), several)
        made = opened(_manager(manager, names), after=len(manager.name) + 3)
        lines.append(f"{manager.name} = {made}")
    given = _constructor(scenario, names)
    lines.append(f"app = {opened(call('Dash', '__name__', **given), after=len('app = '))}")
    if scenario.server:
        lines.append("server = app.server")
    layout = opened(call("html.Div", components(scenario.components)), always=True)
    laid_out = [f"app.layout = {layout}"]
    if scenario.validation_layout:
        parts = components(scenario.generated).parts
        known = opened(call("html.Div", Call("[", ("app.layout", *parts), "]")), always=True)
        laid_out.append(f"app.validation_layout = {known}")
    return "\n".join(lines) + "\n\n" + "\n".join(laid_out)


def _constructor(scenario: Scenario, names: DashNames) -> dict[str, Node]:
    options: dict[str, Node] = {}
    if scenario.suppress_callback_exceptions:
        options["suppress_callback_exceptions"] = "True"
    if names.dialect != "labs":
        managed = {names.constructor_argument: scenario.manager} if scenario.manager else {}
        return {**managed, **options}
    if len(scenario.managers) != 1 or not scenario.manager:
        raise BadScenario("an app of Dash Labs has one manager, which its plugin is given")
    plugins = (
        "dl.plugins.FlexibleCallbacks()",
        "dl.plugins.HiddenComponents()",
        f"dl.plugins.LongCallback({scenario.manager})",
    )
    made = [one for one in plugins if not scenario.lacks or f".{scenario.lacks}(" not in one]
    given: dict[str, Node] = {"plugins": Call("[", tuple(made), "]")}
    if _prevented(scenario, names):
        given["prevent_initial_callbacks"] = "True"
    return given


def _manager(manager: Manager, names: DashNames) -> Node:
    first = names.store.given(manager.name, _special(manager)) if manager.cache else None
    made = [] if first is None else [first]
    given = made if manager.given is None else [literal(manager.given)]
    mistakes = {name: literal(value) for name, value in manager.options.items()}
    return call(names.manager_class, *given, **dash_caching.manager_options(manager), **mistakes)


def _callback(callback: Background | Ordinary, names: DashNames, prevented: bool) -> str:
    arguments = list(getattr(callback, "takes", ()) or parameters(callback))
    received = ["set_progress", *arguments] if getattr(callback, "progress", None) else arguments
    job = in_labs(callback.job, callback.name) if names.dialect == "labs" else callback.job
    own = DashSteps(names.context)
    if isinstance(callback, Background):
        body = job_body(job, callback.name, arguments, own=own)
    else:
        body = steps(job, arguments, own=own)
    twins = getattr(callback, "twins", ())
    declared_by = opened(decorator(callback, names, prevented), always=True)
    declared = f"@{declared_by}\n{function(callback.name, received, body)}"
    if isinstance(callback, Background) and callback.on_error is not None:
        handled = steps(callback.on_error, ["error"], own=own)
        declared = f"{function(handler(callback), ['error'], handled)}\n\n\n{declared}"
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
