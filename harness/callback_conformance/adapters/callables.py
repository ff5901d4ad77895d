"""A function as every kind of callable that a Python programmer hands over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from callback_conformance.adapters.emitter import Emitter
from callback_conformance.adapters.source import INDENT, Call, Node, call, function
from callback_conformance.scenario import BadScenario

#: Gives the statements of a function for a depth of indentation.
Body: TypeAlias = Callable[[int], list[str]]


@dataclass(frozen=True)
class CallableSource:
    """The source of a callable, and the expression that stands for it where it is handed over."""

    source: str
    reference: Node


def written_callable(
    emitter: Emitter, kind: str, name: str, takes: Sequence[str], body: Body
) -> CallableSource:
    """A callable called ``name``; ``body`` gives its statements for a depth of indentation."""
    match kind:
        case "function":
            return CallableSource(function(name, takes, body(1)), name)
        case "lambda":
            handed = tuple(parameter.partition("=")[0] for parameter in takes)
            head = f"lambda {', '.join(takes)}" if takes else "lambda"
            return CallableSource(function(name, takes, body(1)), Call(f"{head}: {name}(", handed))
        case "partial":
            bound = call(f"{emitter.module('functools')}.partial", name, f'"{name}"')
            return CallableSource(function(name, ["label", *takes], body(1)), bound)
        case "coroutine":
            wait = f"await {emitter.module('asyncio')}.sleep(0)"  # as in one worth its keyword
            source = function(name, takes, [wait, *body(1)], keyword="async def")
            return CallableSource(source, name)
        case "decorated":
            plain = function(name, takes, body(1))
            return CallableSource(f"{_decorator(emitter, name)}\n\n\n@called_{name}\n{plain}", name)
        case "method":
            return CallableSource(_instance(name, "run", takes, body(2)), f"{name}.run")
        case "object":
            return CallableSource(_instance(name, "__call__", takes, body(2)), name)
        case "class":
            return CallableSource(_class(name, "__init__", takes, body(2)), _title(name))
        case "text":
            return CallableSource("", f'"{name}"')
    raise BadScenario(f"{name}: no kind of callable is called {kind!r}")


def _decorator(emitter: Emitter, name: str) -> str:
    call_it = function("call", ["*args", "**kwargs"], [f"return {name}(*args, **kwargs)"], depth=1)
    wraps = f"@{emitter.module('functools')}.wraps({name})"
    body = [wraps, call_it, "", "return call"]
    return function(f"called_{name}", [name], body).replace(f"{INDENT}\n", "\n")


def _instance(name: str, method: str, takes: Sequence[str], body: Sequence[str]) -> str:
    return f"{_class(name, method, takes, body)}\n\n\n{name} = {_title(name)}()"


def _class(name: str, method: str, takes: Sequence[str], body: Sequence[str]) -> str:
    inner = function(method, ["self", *takes], body, depth=1)
    return f"class {_title(name)}:\n{INDENT}{inner}"


def _title(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
