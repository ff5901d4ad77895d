"""What a drawn scenario has, feature by feature: the first choice of each is the plainest."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias

from callback_conformance.scenario import (
    NO_UPDATE,
    UNSET,
    BadScenario,
    Button,
    Callback,
    Component,
    Field,
    Manager,
    Ordinary,
    ProgressBar,
    Scenario,
    Step,
    Steps,
    Store,
    Text,
    arg,
    background,
    constant,
    decline,
    die,
    exit_quietly,
    give,
    give_unstorable,
    if_word,
    no_update,
    ordinary,
    raise_error,
    report,
    scenario,
    set_props,
    wait_at,
)

#: How a run may end by a word instead of a result.
ENDINGS: dict[str, Step] = {
    "raise": raise_error("the disk is full"),
    "decline": decline(),
    "none": no_update(),
    "die": die(),
    "exit": exit_quietly(),
    "unstorable": give_unstorable(),
}
#: The same, for a callback with several outputs.
ENDINGS_OF_SEVERAL: dict[str, Step] = {
    "some": give(("some", NO_UPDATE)),
    "wrong": give("alone"),
}
DEFAULTS: dict[str, Any] = {"": UNSET, "rest": "rest", "0": 0, "empty": "", "list": []}
FALSY_RESULTS: dict[str, Any] = {"None": None, "0": 0, "False": False, "empty": "", "list": []}


@dataclass(frozen=True)
class CallbackFeatures:
    """What one long-running callback has."""

    #: ``one``, ``none``, ``several``, ``named`` or ``list`` (of one).
    outputs: str = "one"
    #: ``word`` (the one with which its job is released), ``list``, or one of FALSY_RESULTS.
    result: str = "word"
    #: The words by which its job ends in another way.
    endings: tuple[str, ...] = ()
    #: ``note`` or ``button``, which names the callback's own; empty: none.
    running: str = ""
    #: Whether the on value comes without an off value.
    pair: bool = False
    #: ``button`` or ``field``.
    cancel: str = ""
    #: ``one``, ``list`` or ``named``.
    progress: str = ""
    #: What it reports for one property: ``word``, ``list`` or ``0``.
    reports: str = "word"
    #: One of DEFAULTS.
    default: str = ""
    #: How many properties its job sets.
    updates: int = 0
    on_error: bool = False
    #: ``field``, or ``all`` for the fields of a family.
    state: str = ""
    initial: bool = False
    #: Whether ids are dictionaries; whether ``MATCH`` stands in them.
    indexed: bool = False
    match: bool = False


@dataclass(frozen=True)
class Features:
    """What a whole scenario has."""

    callbacks: tuple[CallbackFeatures, ...] = (CallbackFeatures(),)
    #: How a second callback depends on the first: ``result``, ``progress``, ``running`` or ``update`` trigger it.
    chain: str = ""
    #: Whether both name one cancel input.
    shared_cancel: bool = False
    #: Whether the same lines declare a second callback.
    duplicate: bool = False
    #: Whether the manager caches results.
    cached: bool = False
    #: ``cancel``: an ordinary callback whose input is a cancel input; ``plain``: one of a button of its own.
    ordinary: str = ""


Parts: TypeAlias = "list[Component | Callback]"


def simpler(features: Features) -> list[Features]:
    """The same scenario with one feature less, in each way."""
    plainer = [
        replace(features, **{name: plain})
        for name, plain in _plain(features)
        if name != "callbacks"
    ]
    callbacks = features.callbacks
    if len(callbacks) > 1 and not features.chain:
        plainer += [replace(features, callbacks=(callback,)) for callback in callbacks]
    for number, callback in enumerate(callbacks):
        for name, plain in _plain(callback):
            changed = replace(callback, **{name: plain})
            plainer.append(_with_callback(features, number, changed))
        for ending in callback.endings:
            rest = tuple(word for word in callback.endings if word != ending)
            plainer.append(_with_callback(features, number, replace(callback, endings=rest)))
    return [features for features in dict.fromkeys(plainer) if _can_be_built(features)]


def _can_be_built(features: Features) -> bool:
    """False where a feature has gone that another one needs."""
    try:
        build(features)
    except BadScenario:
        return False
    return True


def _with_callback(features: Features, number: int, changed: CallbackFeatures) -> Features:
    callbacks = list(features.callbacks)
    callbacks[number] = changed
    return replace(features, callbacks=tuple(callbacks))


def _plain(features: Features | CallbackFeatures) -> list[tuple[str, Any]]:
    plainest = type(features)()
    pairs = [(part.name, getattr(plainest, part.name)) for part in fields(features)]
    return [(name, plain) for name, plain in pairs if getattr(features, name) != plain]


def build(features: Features) -> Scenario:
    """The scenario that has these features."""
    parts: Parts = []
    for number, callback in enumerate(features.callbacks, start=1):
        parts += _parts(features, callback, number)
    if features.ordinary:
        name = "stop" if features.ordinary == "cancel" else "ask"
        parts += [Button("ask")] if name == "ask" else []
        parts += [Text("answer"), _answering(name)]
    cache_by = constant("version 1") if features.cached else None
    return scenario(*_unique(parts), managers=(Manager("manager", cache_by=cache_by),))


def _unique(parts: Parts) -> Parts:
    """Components that callbacks share stand on the page once."""
    ids: set[str] = set()
    kept: Parts = []
    for part in parts:
        if isinstance(part, Component):
            if part.id in ids:
                continue
            ids.add(part.id)
        kept.append(part)
    return kept


def _answering(button: str) -> Ordinary:
    answer = give("answered {n_clicks}")
    return ordinary(output="answer.children", inputs=f"{button}.n_clicks", job=answer)


class _Names:
    """What the components of one callback are called, and what stands for them in its dependencies."""

    def __init__(self, callback: CallbackFeatures, number: int) -> None:
        self._callback = callback
        self._number = number

    def on_page(self, name: str) -> list[str]:
        """The ids of the components that the callback's instances have."""
        if self._callback.match:
            return [f"{self.own(name)}[1]", f"{self.own(name)}[2]"]
        return [self.single(name)]

    def single(self, name: str) -> str:
        """The id of a component that there is once."""
        return f"{self.own(name)}[1]" if self._callback.indexed else self.own(name)

    def own(self, name: str) -> str:
        """The name, in the words of this callback."""
        return name if self._number == 1 else f"{name}_{self._number}"

    def __call__(self, name: str) -> str:
        return f"{self.own(name)}[MATCH]" if self._callback.match else self.single(name)


def _parts(features: Features, callback: CallbackFeatures, number: int) -> Parts:
    names = _Names(callback, number)
    parts: Parts = [Button(id) for id in names.on_page("run")]
    options: dict[str, Any] = {"inputs": f"{names('run')}.n_clicks", "output": None}
    if features.chain and number == 2:
        parts, options["inputs"] = [], _chained(features)
    parts += [Text(id, "before") for name in _outputs(callback) for id in names.on_page(name)]
    options["output"] = _output(callback, names)
    _add_running(parts, options, callback, names)
    _add_cancel(parts, options, features, callback, names)
    _add_progress(parts, options, callback, names)
    if callback.updates:
        parts += [Text(names.single(name)) for name in ("said", "heard")[: callback.updates]]
    if callback.state == "field":
        parts.append(Field(names.single("name"), "Ann"))
        options["state"] = f"{names.single('name')}.value"
    elif callback.state == "all":
        row = names.own("row")
        parts += [Field(f"{row}[1]", "a"), Field(f"{row}[2]", "b")]
        options["state"] = f"{row}[ALL].value"
    if callback.on_error:
        options["on_error"] = give(_shared(callback, "failed"))
    if features.duplicate and number == 1:
        parts += [Button("again"), Text("out_again", "before")]
        options["duplicates"] = (("out_again.children", "again.n_clicks"),)
    name = "job" if number == 1 else f"job_{number}"
    job = _steps(callback, names)
    return [*parts, background(job=job, name=name, initial=callback.initial, **options)]


def _chained(features: Features) -> str:
    names = _Names(features.callbacks[0], 1)
    prop = {"result": "out", "progress": "bar", "running": "note", "update": "said"}[features.chain]
    return f"{names.single(prop)}.{'value' if prop == 'bar' else 'children'}"


def _outputs(callback: CallbackFeatures) -> tuple[str, ...]:
    counts = {"none": (), "one": ("out",), "list": ("out",)}
    return counts.get(callback.outputs, ("out", "other"))


def _output(callback: CallbackFeatures, names: _Names) -> Any:
    props = [f"{names(name)}.children" for name in _outputs(callback)]
    if callback.outputs == "named":
        return dict(zip(("first", "second"), props, strict=True))
    return None if not props else props[0] if callback.outputs == "one" else props


def _shared(callback: CallbackFeatures, part: Any) -> Any:
    """What a job returns so that each output shows ``part``."""
    if callback.outputs == "named":
        return {"first": part, "second": "too"}
    if callback.outputs == "several":
        return (part, "too")
    return [part] if callback.outputs == "list" else part


def _add_running(
    parts: Parts, options: dict[str, Any], callback: CallbackFeatures, names: _Names
) -> None:
    if not callback.running:
        return
    entry: tuple[Any, ...] = (f"{names('run')}.disabled", True, False)
    if callback.running == "note":
        parts += [Text(id, "idle") for id in names.on_page("note")]
        entry = (f"{names('note')}.children", "busy", "over")
    options["running"] = [entry[:2] if callback.pair else entry]


def _add_cancel(
    parts: Parts,
    options: dict[str, Any],
    features: Features,
    callback: CallbackFeatures,
    names: _Names,
) -> None:
    stop = (
        "stop" if features.shared_cancel or features.ordinary == "cancel" else names.single("stop")
    )
    if callback.cancel == "field":
        parts.append(Field(names.single("order"), "go on"))
        options["cancel"] = [f"{names.single('order')}.value"]
    elif callback.cancel:
        parts.append(Button(stop))
        options["cancel"] = [f"{stop}.n_clicks"]
    elif features.ordinary == "cancel":
        parts.append(Button("stop"))


def _add_progress(
    parts: Parts, options: dict[str, Any], callback: CallbackFeatures, names: _Names
) -> None:
    if not callback.progress:
        return
    bar, default = names.single("bar"), DEFAULTS[callback.default]
    if callback.progress == "one":
        parts.append(Store(bar) if callback.reports == "list" else ProgressBar(bar))
        options["progress"] = f"{bar}.{'data' if callback.reports == 'list' else 'value'}"
    else:
        parts.append(ProgressBar(bar))
        props = [f"{bar}.value", f"{bar}.max"]
        named = callback.progress == "named"
        options["progress"] = dict(zip(("now", "all"), props, strict=True)) if named else props
        if default is not UNSET:
            default = {"now": default, "all": "9"} if named else [default, "9"]
    if default is not UNSET:
        options["progress_default"] = default


def _steps(callback: CallbackFeatures, names: _Names) -> Steps:
    steps: list[Step] = [wait_at("gate")]
    if callback.progress:
        steps.append(report(_reported(callback)))
    targets = ("said", "heard")[: callback.updates]
    steps += [set_props(f"{names.single(name)}.children", arg("word")) for name in targets]
    if len(steps) > 1:
        steps.append(wait_at("half"))
    endings = {**ENDINGS, **ENDINGS_OF_SEVERAL}
    steps += [if_word(word, endings[word]) for word in callback.endings]
    if callback.outputs != "none":
        steps.append(give(_shared(callback, _result(callback))))
    return Steps(tuple(steps))


def _reported(callback: CallbackFeatures) -> Any:
    if callback.progress == "list":
        return (arg("word"), "9")
    if callback.progress == "named":
        return {"now": arg("word"), "all": "9"}
    return {"word": arg("word"), "list": [arg("word"), "9"], "0": 0}[callback.reports]


def _result(callback: CallbackFeatures) -> Any:
    if callback.result == "list":
        return [arg("word"), "more"]
    return FALSY_RESULTS.get(callback.result, arg("word"))
