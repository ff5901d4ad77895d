"""What releases of Dash and Dash Labs do not offer, each with a program that proves it."""

from __future__ import annotations

from collections.abc import Mapping

from packaging.version import Version

from callback_conformance.adapters.feature import Feature

_SET_PROPS = """\
import dash
print("dash.set_props" if hasattr(dash, "set_props") else "absent")
"""

_ON_ERROR = """\
import inspect
import dash
places = [dash.callback, dash.Dash]
accepting = [place.__name__ for place in places if "on_error" in inspect.signature(place).parameters]
print(accepting or "absent")
"""

# The page knows a callback by its outputs. Where a callback may have none, the server says so.
_NO_OUTPUT = """\
import dash
app = dash.Dash()
app.layout = dash.html.Button(id="run")

@app.callback(inputs=[dash.Input("run", "n_clicks")])
def job(n_clicks):
    pass

callback = app.server.test_client().get("/_dash-dependencies").get_json()[0]
print("absent" if not callback["output"].strip(".") and "no_output" not in callback else callback)
"""

_ALLOW_DUPLICATE = """\
import inspect
import dash
accepts = "allow_duplicate" in inspect.signature(dash.Output).parameters
print("Output(..., allow_duplicate=True)" if accepts else "absent")
"""

_PATCH = """\
import dash
print("dash.Patch" if hasattr(dash, "Patch") else "absent")
"""

# The page knows a patch by a word. A page that looks for it once does so in results.
_PATCH_BESIDE_OUTPUTS = """\
from pathlib import Path
import dash
script = Path(dash.__file__).parent / "dash-renderer" / "build" / "dash_renderer.min.js"
places = script.read_text(encoding="utf-8").count("__dash_patch_update")
print(f"{places} places" if places > 1 else "absent")
"""

_REQUEST_DATA = """\
from dash._callback_context import CallbackContext
print("ctx.headers" if hasattr(CallbackContext, "headers") else "absent")
"""

_CACHE_IGNORE_TRIGGERED = """\
import inspect
import dash
accepts = "cache_ignore_triggered" in inspect.signature(dash.callback).parameters
print("callback(..., cache_ignore_triggered=False)" if accepts else "absent")
"""

# The managers that 0.4 exports: each calls the job in a function of its own, which Celery keeps in a task.
_TWO_COUNTS = """\
from types import SimpleNamespace
from dash_labs.plugins.long_callback.managers import celery_manager, diskcache_manager

def report(set_progress):
    set_progress("1", "10")

app = SimpleNamespace(task=lambda bind: lambda function: function)
jobs = {
    "diskcache": (diskcache_manager.make_update_cache(report, {}, True, None), ("result", "progress", [])),
    "Celery": (celery_manager.make_celery_fn(report, app, True), (None, [])),
}
accepting = []
for name, (job, arguments) in jobs.items():
    try:
        job(*arguments)
    except TypeError as error:
        if "_set_progress() takes 1 positional argument but 2 were given" in str(error):
            continue
        raise
    accepting.append(name)
print(accepting or "absent")
"""

_SINCE = {
    Feature.SET_PROPS: (Version("2.17"), _SET_PROPS),
    Feature.ON_ERROR: (Version("2.18"), _ON_ERROR),
    Feature.NO_OUTPUT: (Version("2.17"), _NO_OUTPUT),
    Feature.ALLOW_DUPLICATE: (Version("2.9"), _ALLOW_DUPLICATE),
    Feature.PATCH: (Version("2.9"), _PATCH),
    Feature.PATCH_BESIDE_OUTPUTS: (Version("3.3"), _PATCH_BESIDE_OUTPUTS),
    Feature.REQUEST_DATA: (Version("2.18"), _REQUEST_DATA),
    Feature.CACHE_IGNORE_TRIGGERED: (Version("3.0"), _CACHE_IGNORE_TRIGGERED),
}


def absent_from_dash(version: str) -> Mapping[Feature, str]:
    """What came with later versions of Dash."""
    return {
        feature: probe for feature, (first, probe) in _SINCE.items() if Version(version) < first
    }


def absent_from_dash_labs(version: str) -> Mapping[Feature, str]:
    """What the document of Dash Labs 0.3 describes and 0.4 replaced by one argument of the form of ``progress``."""
    return {Feature.TWO_COUNTS: _TWO_COUNTS} if Version(version) >= Version("0.4") else {}
