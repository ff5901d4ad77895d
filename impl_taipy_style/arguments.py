"""Which arguments a user's function receives."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from inspect import Parameter
from typing import Any

Arguments = tuple[list[Any], dict[str, Any]]

_BY_POSITION = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
_VARIADIC = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)


def status_arguments(
    function: Callable[..., Any], state: object, status: object, args: Sequence[Any], result: object
) -> Arguments:
    """The arguments of a status function, as (positional, keyword).

    It is offered ``state, status, *args, result`` and takes as many as it has parameters:

    * A parameter named ``result``, keyword-only too, always receives the result. The others
      receive the state, the status and then ``args``, in order.
    * Without a parameter of that name, the first one left over after ``args`` takes the result.
    * What the function has no parameter for is dropped; ``*args`` takes all of it.

    So an argument never stands in the place of the result. A parameter that nothing is left for
    keeps its default, or is None if it has none.
    """
    named = any(p.name == "result" and p.kind not in _VARIADIC for p in _parameters(function))
    if named:
        return fit(function, [state, status, *args], {"result": result})
    return fit(function, [state, status, *args, result])


def fit(
    function: Callable[..., Any], values: Iterable[Any], named: Mapping[str, Any] | None = None
) -> Arguments:
    """As many of ``values`` as ``function`` takes by position; ``named`` wherever a name stands."""
    queue = deque(values)
    named = named or {}
    positional: list[Any] = []
    keyword: dict[str, Any] = {}
    for parameter in _parameters(function):
        if parameter.kind is Parameter.VAR_POSITIONAL:
            positional.extend(queue)
        elif parameter.kind in _BY_POSITION and parameter.name not in named and queue:
            positional.append(queue.popleft())
        elif parameter.kind in _BY_POSITION:
            positional.append(named.get(parameter.name, _default(parameter)))
        elif parameter.kind is Parameter.KEYWORD_ONLY:
            keyword[parameter.name] = named.get(parameter.name, _default(parameter))
    return positional, keyword


def _default(parameter: Parameter) -> Any:
    return None if parameter.default is Parameter.empty else parameter.default


def _parameters(function: Callable[..., Any]) -> list[Parameter]:
    try:
        return list(inspect.signature(function).parameters.values())
    except (
        TypeError,
        ValueError,
    ):  # The parameters of some functions in C cannot be read: offer everything.
        return [Parameter("values", Parameter.VAR_POSITIONAL)]
