"""Hypothesis's strategies for the features of a scenario: the whole product, as far as a dialect has it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from callback_conformance.explore.features import (
    DEFAULTS,
    ENDINGS,
    ENDINGS_OF_SEVERAL,
    FALSY_RESULTS,
    CallbackFeatures,
    Features,
)


@dataclass(frozen=True)
class Offer:
    """What an implementation has, beside what each has."""

    dialect: str
    pairs: bool = True
    set_props: bool = True
    on_error: bool = True
    no_output: bool = True
    #: Whether what a page sends can be overheard, and sent by a stranger.
    overhears: bool = True
    #: Whether sequences may wait until a period has passed, or until a user is forgotten.
    waits: bool = True


def rarely(strategy: st.SearchStrategy[object], plain: object) -> st.SearchStrategy[object]:
    """Two times in three the plain choice: a scenario with everything shows little of each."""
    return st.sampled_from([True, False, False]).flatmap(
        lambda chosen: strategy if chosen else st.just(plain)
    )


def features(offer: Offer) -> st.SearchStrategy[Features]:
    """Scenarios of one or two callbacks."""
    several = st.lists(callbacks(offer), min_size=1, max_size=2).map(tuple)
    chains = ["", "", "result", "progress", "running", "update"]
    return st.builds(
        Features,
        callbacks=several,
        chain=st.sampled_from(chains),
        shared_cancel=st.booleans(),
        cached=rarely(st.just(True), False),
        duplicate=rarely(st.just(True), False),
        ordinary=rarely(st.sampled_from(["cancel", "plain"]), ""),
    ).map(lambda drawn: consistent(drawn, offer))


def callbacks(offer: Offer) -> st.SearchStrategy[CallbackFeatures]:
    """One callback."""
    endings = st.lists(st.sampled_from([*ENDINGS, *ENDINGS_OF_SEVERAL]), max_size=2, unique=True)
    return st.builds(
        CallbackFeatures,
        outputs=rarely(st.sampled_from(["none", "several", "named", "list"]), "one"),
        result=rarely(st.sampled_from(["list", *FALSY_RESULTS]), "word"),
        endings=endings.map(tuple),
        running=st.sampled_from(["", "note", "button"]),
        pair=rarely(st.just(True), False),
        cancel=st.sampled_from(["", "button", "field"]),
        progress=st.sampled_from(["", "", "one", "list", "named"]),
        reports=rarely(st.sampled_from(["list", "0"]), "word"),
        default=st.sampled_from(list(DEFAULTS)),
        updates=st.sampled_from([0, 0, 1, 2]),
        on_error=rarely(st.just(True), False),
        state=rarely(st.sampled_from(["field", "all"]), ""),
        initial=rarely(st.just(True), False),
        indexed=rarely(st.just(True), False),
        match=rarely(st.just(True), False),
    )


def consistent(drawn: Features, offer: Offer) -> Features:
    """The features that go together, in the words of a dialect."""
    kept = tuple(_offered(callback, offer) for callback in drawn.callbacks)
    if drawn.cached and offer.dialect == "labs":
        drawn = replace(drawn, cached=False)
    if drawn.cached:  # whether a hit repeats what its job has set is implementation-defined
        kept = tuple(replace(callback, updates=0) for callback in kept)
    if len(kept) < 2 or not _can_chain(drawn.chain, kept[0]):
        drawn = replace(drawn, chain="")
    if drawn.chain:
        kept = (kept[0], replace(kept[1], initial=False, match=False, running=_quiet(kept[1])))
        kept = (replace(kept[0], initial=False), kept[1])
    first = kept[0]
    if drawn.duplicate and (first.outputs != "one" or first.match or first.indexed or _sets(first)):
        drawn = replace(drawn, duplicate=False)
    if drawn.ordinary == "cancel" and not any(c.cancel == "button" for c in kept):
        drawn = replace(drawn, ordinary="plain")
    return replace(drawn, callbacks=kept)


def _sets(callback: CallbackFeatures) -> bool:
    """Whether a duplicate would name properties that the first callback names."""
    return bool(callback.running or callback.progress or callback.updates or callback.cancel)


def _quiet(callback: CallbackFeatures) -> str:
    return "" if callback.running == "button" else callback.running


def _can_chain(chain: str, first: CallbackFeatures) -> bool:
    if first.match or not chain:
        return False
    plain = {
        "result": first.outputs != "none" and first.result == "word",
        "progress": first.progress in ("list", "one") and first.reports == "word",
        "running": first.running == "note" and not first.pair,
        "update": first.updates > 0,
    }
    return plain[chain]


def _offered(callback: CallbackFeatures, offer: Offer) -> CallbackFeatures:
    background = offer.dialect == "background"
    outputs, progress = callback.outputs, callback.progress
    if outputs == "none" and not (background and offer.no_output):
        outputs = "one"
    if offer.dialect == "labs" and progress:
        progress = "list"
    match = callback.match and background and outputs != "none"
    indexed = callback.indexed and background and not match
    words = {*ENDINGS} | ({*ENDINGS_OF_SEVERAL} if outputs == "several" else set())
    endings = tuple(word for word in callback.endings if word in words)
    if outputs == "none":
        endings = tuple(word for word in endings if word != "unstorable")
    if callback.outputs in ("list", "several", "named"):
        endings = tuple(word for word in endings if word != "none")
    return replace(
        callback,
        outputs=outputs,
        progress=progress,
        result=callback.result if outputs == "one" else "word",
        endings=endings,
        pair=callback.pair and background and offer.pairs and callback.running != "" and not match,
        default=callback.default if progress and offer.dialect != "labs" else "",
        reports=callback.reports if progress == "one" else "word",
        updates=callback.updates if background and offer.set_props else 0,
        on_error=callback.on_error and background and offer.on_error and outputs != "none",
        state="field" if callback.state == "all" and not background else callback.state,
        initial=callback.initial and not match,
        indexed=indexed,
        match=match,
    )
