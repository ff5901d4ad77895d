"""The page: the stock Dash renderer, the bundles of the components, and two scripts beside them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from dash import _dash_renderer, dcc, html
from dash.development.base_component import ComponentRegistry
from markupsafe import escape

from .encoding import encode

SUITES: Final = "/_dash-component-suites"
_HERE: Final = __package__ or ""

_HTML: Final = """<!DOCTYPE html>
<html>
  <head>
    <meta charset="UTF-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{title}</title>
    <link rel="icon" href="data:,">
  </head>
  <body>
    <div id="react-entry-point"><div class="_dash-loading">Loading...</div></div>
    <script id="_dash-config" type="application/json">{config}</script>
    <script id="_long-callbacks" type="application/json">{repeated}</script>
    {scripts}
    <script id="_dash-renderer">var renderer = new DashRenderer(longCallbackHooks);</script>
  </body>
</html>
"""


def render(title: str, handle: str, repeated: list[str], options: dict[str, Any]) -> str:
    """Return the page.

    `handle` is the page's own; the renderer sends it with each request. `repeated` are the callbacks
    whose requests reconnect.js may repeat. `options` are settings of the renderer.
    """
    config = {
        "url_base_pathname": None,
        "requests_pathname_prefix": "/",
        "update_title": "Updating...",
        "children_props": ComponentRegistry.children_props,
        "serve_locally": True,
        "disable_version_check": True,
        "end_id": handle,
        **options,
    }
    scripts = [f'<script src="{SUITES}/{path}"></script>' for path in _scripts(options["ui"])]
    return _HTML.format(
        title=escape(title),
        config=_embedded(config),
        repeated=_embedded(repeated),
        scripts="\n    ".join(scripts),
    )


def directory(package: str) -> Path | None:
    """Return the directory of a package whose files a page may ask for, or None."""
    served = {_HERE, "plotly", *(resource["namespace"] for resource in _resources())}
    file = sys.modules[package].__file__ if package in served else None
    return Path(file).parent if file else None


def _embedded(value: Any) -> str:
    """Return JSON that cannot end the script element in which it stands."""
    return encode(value).replace("<", "\\u003c")


def _scripts(debug: bool) -> Iterator[str]:
    """Yield what the page loads, in order. The renderer goes before the components' bundles.

    Only the development build of the renderer can show errors on the page.
    """
    react = _dash_renderer._js_dist_dependencies[0]["relative_package_path"]
    yield from (f"dash/{path}" for path in react["dev" if debug else "prod"])
    yield f"{_HERE}/reconnect.js"
    yield f"{_HERE}/instances.js"
    for resource in _resources():
        if not {"dynamic", "async", "dev_only"} & resource.keys():
            path = resource["relative_package_path"]
            path = resource.get("dev_package_path", path) if debug else path
            yield f"{resource['namespace']}/{path}"


def _resources() -> list[dict[str, Any]]:
    """Return the scripts of the renderer and of every package with components."""
    packages = [dcc, html, *(sys.modules[name] for name in ComponentRegistry.registry)]
    listed = [getattr(package, "_js_dist", []) for package in packages]
    return [*_dash_renderer._js_dist, *(resource for found in listed for resource in found)]
