"""A plan as a test in the language of the suite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callback_conformance.explore.plan import Plan, built
from callback_conformance.explore.player import Difference
from callback_conformance.explore.taipy_features import PERIOD_MS
from callback_conformance.model import Model
from callback_conformance.model.acts import (
    Act,
    Click,
    Enter,
    HoldAnswers,
    Leave,
    LetTimePass,
    LoadByInventedHandle,
    LoadUnconnected,
    Look,
    LosePoll,
    OpenPage,
    Overhear,
    PushAct,
    Release,
    Reload,
    StrangerEnters,
)
from callback_conformance.model.taipy import TaipyModel
from callback_conformance.scenario import (
    NO_UPDATE,
    UNSET,
    Action,
    Argument,
    Background,
    CacheBy,
    Component,
    FrozenList,
    Ordinary,
    Scenario,
    Step,
    Steps,
)
from callback_conformance.scenario.steps import (
    Announce,
    Assign,
    Decline,
    Die,
    ExitQuietly,
    Give,
    GiveUnstorable,
    IfWord,
    NameThread,
    Notify,
    RaiseError,
    Report,
    SetProps,
    WaitAt,
)

_CLASSES = {
    "button": "Button",
    "text": "Text",
    "field": "Field",
    "progress": "ProgressBar",
    "store": "Store",
}
_FIRST = {"text": "children", "field": "value", "store": "data"}
_BARE = {
    Decline: "decline()",
    Die: "die()",
    ExitQuietly: "exit_quietly()",
    GiveUnstorable: "give_unstorable()",
}


def as_test(plan: Plan, difference: Difference, dialect: str) -> str:
    """The test that shows a difference."""
    scenario = built(plan.features)
    parts = [*map(_component, scenario.components), *map(_callback, scenario.callbacks)]
    lines = [
        f'@covers("{difference.requirement}")',
        "def test_difference(open_page: OpenPage) -> None:",
        "    page = open_page(",
        *(f"        {part}," for part in parts),
        *_managers(scenario),
        *_forgetting(scenario),
        "    )",
    ]
    model: Any = (
        TaipyModel.opened(scenario) if dialect == "taipy" else Model.opened(scenario, dialect)
    )
    lines += [f"    {line}" for line in _jobs(model, {})]
    for act in plan.acts:
        before, gates = model.runs, {run.number: run.gate for run in model.runs.values()}
        model = model.act(act)
        lines += [f"    {line}" for line in [*_act(act, gates), *_jobs(model, before)]]
    return "\n".join([*lines, f"    # {difference}"])


def _managers(scenario: Scenario) -> list[str]:
    """A manager that caches by a constant."""
    kept = [
        manager.cache_by for manager in scenario.managers if isinstance(manager.cache_by, CacheBy)
    ]
    text = '        managers=(Manager("manager", cache_by=constant({})),),'
    return [text.format(_literal(cache_by.subject)) for cache_by in kept]


def _forgetting(scenario: Scenario) -> list[str]:
    seconds = scenario.forget_after_seconds
    return [] if seconds is None else [f"        forget_after_seconds={seconds},"]


def _page(number: int) -> str:
    return "page" if number <= 1 else f"page_{number}"


def _jobs(model: Model, before: Mapping[int, object]) -> list[str]:
    runs = [run for number, run in model.runs.items() if number not in before]
    started = [run for run in runs if not getattr(run, "is_hit", False)]
    return [f"job_{run.number} = {_page(run.page)}.next_job().wait_for_rest()" for run in started]


def _act(act: Act, gates: Mapping[int, str]) -> list[str]:
    match act:
        case Click(page, button):
            return [f'{_page(page)}.click("{button}")']
        case Enter(page, prop, entry):
            return [f'{_page(page)}.set("{prop}", {entry!r})']
        case Release(run, word, slowly=True):
            return [f"# {act} at its gate {gates[run]!r}, while its status function is held"]
        case Release(run, word):
            return [f'job_{run}.release_if_alive("{gates[run]}", "{word}").wait_for_rest()']
        case Look(page):
            name = f"{_page(page)}.network"
            return [f"{name}.deliver_answers()", f"{name}.poll()", f"{name}.poll()"]
        case HoldAnswers(page):
            return [f"{_page(page)}.network.hold_answers()"]
        case LosePoll(page, refused):
            return [f"{_page(page)}.network.{'refuse' if refused else 'lose'}_next_poll()"]
        case Reload(page):
            return [f"{_page(page)}.reload()"]
        case OpenPage(same_user):
            return [f"page_2 = page.another_{'tab' if same_user else 'user'}()"]
    return _push_act(act)


def _push_act(act: PushAct) -> list[str]:
    match act:
        case LetTimePass():
            return [f"page.go_on_for(seconds={3 * PERIOD_MS / 1000})"]
        case Leave(page):
            return [f"{_page(page)}.close()"]
        case LoadUnconnected():
            return ["page.network.load_unconnected()"]
        case Overhear(page):
            return [f"stranger_{page} = {_page(page)}.stranger()", f"stranger_{page}.page.fence()"]
        case StrangerEnters(page, prop, entry):
            return [f'stranger_{page}.page.set("{prop}", {entry!r})']
        case LoadByInventedHandle(page):
            return [
                f"# a load of {_page(page)} by the handle of its user with another first letter"
            ]


def _component(component: Component) -> str:
    props = dict(component.props)
    first = props.pop(_FIRST.get(component.kind, ""), None)
    words = [f'"{component.id}"', *([] if first in (None, "") else [_literal(first)])]
    words += [f"{name}={_literal(held)}" for name, held in props.items()]
    return f"{_CLASSES[component.kind]}({', '.join(words)})"


def _action(action: Action) -> str:
    status = action.status
    options = {
        "arguments": action.arguments,
        "literal_arguments": action.literal_arguments,
        "takes": action.takes,
        "status_arguments": action.status_arguments,
        "period_ms": action.period_ms,
        "initial": action.initial,
        "name": "" if action.name == "heavy_function" else action.name,
    }
    words = [f'trigger="{action.trigger}"', f"job={_steps(action.job)}"]
    words += [f"{name}={_literal(held)}" for name, held in options.items() if held]
    words += [f'kind="{action.kind}"'] if action.kind != "function" else []
    if status:
        does = [_timed(when, step) for when, step in status.steps]
        names = ", ".join(map(_literal, status.parameters))
        kind = f', kind="{status.kind}"' if status.kind != "function" else ""
        words.append(f"status=status({names}, does=[{', '.join(does)}]{kind})")
    return f"invoke({', '.join([*words, 'emits_error=True'])})"


def _callback(callback: object) -> str:
    if isinstance(callback, Action):
        return _action(callback)
    assert isinstance(callback, Background | Ordinary)
    options: dict[str, object] = {
        "output": callback.output,
        "inputs": callback.inputs,
        "state": callback.state or None,
    }
    if isinstance(callback, Background):
        options |= {
            "running": list(callback.running),
            "cancel": list(callback.cancel),
            "progress": callback.progress,
            "duplicates": callback.duplicates,
        }
    words = [f"{name}={_literal(held)}" for name, held in options.items() if held]
    if isinstance(callback, Background):
        if callback.progress_default is not UNSET:
            words.append(f"progress_default={_literal(callback.progress_default)}")
        if callback.on_error:
            words.append(f"on_error={_steps(callback.on_error)}")
    words += ["initial=True"] if callback.initial else []
    words += [f"job={_steps(callback.job)}", f'name="{callback.name}"']
    kind = "background" if isinstance(callback, Background) else "ordinary"
    return f"{kind}({', '.join(words)})"


def _steps(steps: Steps) -> str:
    return " >> ".join(map(_step, steps.steps))


def _step(step: Step) -> str:
    match step:
        case WaitAt(gate):
            return f'wait_at("{gate}")'
        case Report(progress):
            return f"report({_literal(progress)})"
        case SetProps(prop, part):
            return f'set_props("{prop}", {_literal(part)})'
        case Give(returned):
            return "no_update()" if returned == NO_UPDATE else f"give({_literal(returned)})"
        case IfWord(word, inner):
            return f'if_word("{word}", {_step(inner)})'
        case RaiseError(message, kind):
            named = "" if kind == "ValueError" else f', kind="{kind}"'
            return f'raise_error("{message}"{named})'
        case NameThread(name):
            return f'name_thread("{name}")'
        case Announce(word):
            return f'announce("{word}")'
    return _BARE[type(step)]


def _timed(when: str, step: Step) -> str:
    """A step of a status function, with when it is taken."""
    moment = when.upper()
    match step:
        case Assign(props, part):
            return f"assign({_literal(props)}, {_literal(part)}, {moment})"
        case Notify(kind, message):
            return f"notify({_literal(kind)}, {_literal(message)}, {moment})"
    return _step(step) if moment == "ALWAYS" else f"({moment}, {_step(step)})"


def _literal(held: object) -> str:
    if isinstance(held, Argument):
        return f'arg("{held.name}")'
    if held == NO_UPDATE:
        return "NO_UPDATE"
    if isinstance(held, Mapping):
        return "{" + ", ".join(f'"{key}": {_literal(part)}' for key, part in held.items()) + "}"
    if isinstance(held, FrozenList | list):
        return f"[{', '.join(map(_literal, held))}]"
    if isinstance(held, tuple):
        return f"({', '.join(map(_literal, held))}{',' if len(held) == 1 else ''})"
    return f'"{held}"' if isinstance(held, str) and '"' not in held else repr(held)
