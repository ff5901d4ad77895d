"""What a drawn Taipy scenario has, feature by feature: the first choice of each is the plainest."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from hypothesis import strategies as st

from callback_conformance.explore.drawing import rarely
from callback_conformance.scenario import (
    FAILURE,
    RUNNING,
    SUCCESS,
    Action,
    Button,
    Component,
    Field,
    Scenario,
    Status,
    Step,
    Steps,
    Store,
    Text,
    announce,
    arg,
    assign,
    exit_quietly,
    give,
    if_word,
    invoke,
    name_thread,
    notify,
    raise_error,
    scenario,
    status,
    wait_at,
)

#: How a run may end by a word instead of a result.
ENDINGS: dict[str, Step] = {
    "raise": raise_error("the disk is full"),
    "exit": exit_quietly(),
    "interrupt": raise_error("stopped", kind="KeyboardInterrupt"),
}
RESULTS: dict[str, Any] = {
    "word": arg("word"), "None": None, "0": 0, "False": False, "empty": "", "list": [arg("word")],
    "dictionary": {"made": arg("word")}, "no_list": [], "no_dictionary": {}, "float": 0.5, "minus": -1,
    "nested": [{"made": [arg("word"), None, True]}],
}  # fmt: skip
#: The parameters of a status function, its status arguments, and the parameter that receives the result.
SHAPES: dict[str, tuple[tuple[str, ...], tuple[Any, ...], str]] = {
    "plain": (("state", "status", "result"), (), "result"),
    "two": (("state", "status"), ("extra",), ""),
    "after": (("state", "status", "extra", "result"), ("E",), "result"),
    "before": (("state", "status", "result", "extra"), ("E",), "result"),
    "position": (("state", "status", "extra", "outcome"), ("E",), "outcome"),
    "rest": (("state", "*rest"), ("E",), ""),
    "more": (("state", "status", "*more"), ("E",), ""),
    "keyword": (("state", "status", "extra", "*", "result"), ("E",), "result"),
    "default": (("state", "status", "extra", "outcome", 'further="kept"'), ("E",), "outcome"),
    "alone": (("state",), (), ""),
}
NAMING: tuple[Step, ...] = (wait_at("start"), name_thread("worker"))
PERIOD_MS = 500  # the shortest that every implementation honours
CALLABLES = ("function", "method", "lambda", "partial", "object", "coroutine")


@dataclass(frozen=True)
class ActionFeatures:
    """What one action and its job have."""

    result: str = "word"
    endings: tuple[str, ...] = ()
    #: The kind of callable that the job is; ``text`` is none.
    kind: str = "function"
    #: ``field``, ``shown`` (what its status function assigns), ``literal``, ``too_few``, or ``number``, which is no list.
    arguments: str = ""
    #: One of SHAPES; empty: no status function.
    shape: str = "plain"
    #: The kind of callable that it is.
    status_kind: str = "function"
    #: Whether there is a period.
    period: bool = False
    #: Whether its job names its thread once it has begun.
    names_thread: bool = False
    #: Whether its status function takes its time to report a result, or raises once it has reported anything.
    slow: bool = False
    mistaken: bool = False
    #: Whether it is invoked for each new user too.
    initial: bool = False


@dataclass(frozen=True)
class TaipyFeatures:
    """What a whole scenario has."""

    callbacks: tuple[ActionFeatures, ...] = (ActionFeatures(),)
    #: Whether the program forgets a user who has left.
    forgets: bool = False
    chain: str = ""


def actions() -> st.SearchStrategy[ActionFeatures]:
    """One action."""
    return st.builds(
        ActionFeatures,
        result=rarely(st.sampled_from(list(RESULTS)), "word"),
        endings=st.lists(st.sampled_from(list(ENDINGS)), max_size=2, unique=True).map(tuple),
        kind=rarely(st.sampled_from([*CALLABLES, "text"]), "function"),
        arguments=st.sampled_from(["", "field", "field", "shown", "literal", "too_few", "number"]),
        shape=st.sampled_from(["plain", *SHAPES, ""]),
        status_kind=rarely(st.sampled_from([*CALLABLES, "decorated", "text"]), "function"),
        period=rarely(st.just(True), False),
        names_thread=rarely(st.just(True), False),
        slow=rarely(st.just(True), False),
        mistaken=rarely(st.just(True), False),
        initial=rarely(st.just(True), False),
    ).map(_consistent)


def _consistent(drawn: ActionFeatures) -> ActionFeatures:
    if drawn.status_kind == "lambda" and drawn.shape == "keyword":
        drawn = replace(drawn, status_kind="method")
    if drawn.arguments == "too_few" and not drawn.shape:  # nobody could be told
        drawn = replace(drawn, arguments="literal")
    if not tells_status(drawn):
        drawn = replace(drawn, period=False, slow=False)
    return drawn


def tells_status(drawn: ActionFeatures) -> bool:
    """Whether its status function has a parameter for the status."""
    return drawn.shape != "" and "status" in SHAPES[drawn.shape][0]


def taipy_features(waits: bool = True) -> st.SearchStrategy[TaipyFeatures]:
    """Scenarios of one or two actions; users are forgotten where it is waited for."""
    several = st.lists(actions(), min_size=1, max_size=2).map(_invoked_at_first).map(tuple)
    return st.builds(TaipyFeatures, callbacks=several, forgets=rarely(st.just(waits), False))


def _invoked_at_first(drawn: list[ActionFeatures]) -> list[ActionFeatures]:
    """A program calls one function for each new user."""
    return [drawn[0], *(replace(action, initial=False) for action in drawn[1:])]


def simpler_taipy(features: TaipyFeatures) -> list[TaipyFeatures]:
    """The same scenario with one feature less, in each way."""
    plainer = [replace(features, forgets=False)]
    if len(features.callbacks) > 1:
        plainer += [replace(features, callbacks=(action,)) for action in features.callbacks]
    for number, action in enumerate(features.callbacks):
        for part in fields(action):
            plain = getattr(ActionFeatures(), part.name)
            changed = [*features.callbacks]
            changed[number] = replace(action, **{part.name: plain})
            plainer.append(replace(features, callbacks=tuple(changed)))
    return [candidate for candidate in dict.fromkeys(plainer) if candidate != features]


def build_taipy(features: TaipyFeatures) -> Scenario:
    """The scenario that has these features."""
    parts: list[Component | Action] = []
    for number, action in enumerate(features.callbacks, start=1):
        parts += _parts(action, "" if number == 1 else f"_{number}")
    return scenario(*parts, forget_after_seconds=1 if features.forgets else None)


def _parts(action: ActionFeatures, suffix: str) -> list[Component | Action]:
    shown = f"out{suffix}.children" if action.result == "word" else f"kept{suffix}.data"
    component = (
        Text(f"out{suffix}", "before")
        if action.result == "word"
        else Store(f"kept{suffix}", "before")
    )
    options: dict[str, Any] = {}
    parts: list[Component | Action] = [Button(f"run{suffix}"), component, Text(f"told{suffix}", "")]
    if action.arguments == "field":
        parts.append(Field(f"name{suffix}", "Ann"))
        options["arguments"] = (f"name{suffix}.value",)
    elif action.arguments == "shown":
        options["arguments"] = (shown,)
    elif action.arguments == "too_few":
        options |= {"literal_arguments": ["Ann"], "takes": ("name", "count")}
    elif action.arguments == "literal":
        options |= {"literal_arguments": ["Ann", 2], "takes": ("name", "count")}
    elif action.arguments == "number":
        options |= {"literal_arguments": 5, "takes": ("name",)}
    if action.shape:
        options["status"] = _status(action, shown, f"told{suffix}.children", suffix)
        options["status_arguments"] = SHAPES[action.shape][1]
    if action.period:
        parts.append(Text(f"news{suffix}", ""))
        options["period_ms"] = PERIOD_MS
    if action.initial:
        options["initial"] = True
    steps: list[Step] = [
        *(NAMING if action.names_thread else ()),
        wait_at("gate"),
        *(if_word(word, ENDINGS[word]) for word in action.endings),
    ]
    job = Steps((*steps, give(RESULTS[action.result])))
    name = f"job{suffix}"
    invoked = invoke(
        trigger=f"run{suffix}", job=job, kind=action.kind, emits_error=True, name=name, **options
    )
    return [*parts, invoked]


def _status(action: ActionFeatures, shown: str, told: str, suffix: str) -> Status:
    parameters, _, result = SHAPES[action.shape]
    does: list[Any] = [announce(f"called{suffix}")]
    if "status" not in parameters:
        does += [assign(told, "called"), notify("info", "called")]
    else:
        does += [assign(told, "done", SUCCESS), assign(told, "failed", FAILURE)]
        does += [assign(shown, arg(result), SUCCESS)] if result else []
        does += [notify("success", "done", SUCCESS), notify("error", "failed", FAILURE)]
    if action.period:
        does += [assign(f"news{suffix}.children", "running", RUNNING)]
        does += [notify("info", "still running", RUNNING)]
    does += [(SUCCESS, wait_at(f"slow{suffix}"))] if action.slow else []
    does += [raise_error("no such shelf")] if action.mistaken else []
    return status(*parameters, does=does, kind=action.status_kind, name=f"job{suffix}_status")
