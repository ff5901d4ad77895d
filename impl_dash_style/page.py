"""The page: the stock Dash renderer, the bundles of the components, and two scripts of our own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NotRequired, TypedDict

from dash import _dash_renderer, dcc, html
from dash.development.base_component import ComponentRegistry
from markupsafe import escape

from impl_dash_style.encoding import encode
from impl_dash_style.incoming import QUERY_HEADER
from impl_dash_style.wire import RendererOptions

SUITES: Final = "/_dash-component-suites"
_PACKAGE: Final = __package__ or ""

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
    {scripts}
    <script id="_dash-renderer">var renderer = new DashRenderer(longCallbackHooks);</script>
  </body>
</html>
"""


class _Resource(TypedDict):
    """A script of a package with components. A path is relative to the package."""

    namespace: str  # the package's name
    relative_package_path: str
    dev_package_path: NotRequired[str]


def render(title: str, handle: str, repeated: list[str], options: RendererOptions) -> str:
    """The page as HTML.

    ``handle`` is the page's own; the renderer sends it with each request. ``repeated`` are the ids of the
    callbacks whose requests reconnect.js repeats. What it and instances.js do is announced to other clients.
    """
    config = {
        "url_base_pathname": None,
        "requests_pathname_prefix": "/",
        "update_title": "Updating...",
        "children_props": ComponentRegistry.children_props,
        "serve_locally": True,
        "disable_version_check": True,
        "end_id": handle,
        "extensions": {
            "repeats": repeated,
            "tells_instance": True,
            "leaves_out_unmatched": True,
            "query_header": QUERY_HEADER,
        },
        **options,
    }
    scripts = [f'<script src="{SUITES}/{path}"></script>' for path in _scripts(options["ui"])]
    return _HTML.format(
        title=escape(title),
        config=_embedded(config),
        scripts="\n    ".join(scripts),
    )


def directory(package: str) -> Path | None:
    """The directory of a package whose files a page may load, or None for any other package."""
    served = {_PACKAGE, "plotly", *(resource["namespace"] for resource in _resources())}
    file = sys.modules[package].__file__ if package in served else None
    return Path(file).parent if file else None


def _embedded(value: object) -> str:
    """JSON that cannot end the script element in which it stands."""
    return encode(value).replace("<", "\\u003c")


def _scripts(debug: bool) -> Iterator[str]:
    """The paths that the page loads, in order. The renderer goes before the components' bundles.

    Only the development build of the renderer can show errors on the page.
    """
    react = _dash_renderer._js_dist_dependencies[0]["relative_package_path"]
    yield from (f"dash/{path}" for path in react["dev" if debug else "prod"])
    yield f"{_PACKAGE}/reconnect.js"
    yield f"{_PACKAGE}/instances.js"
    for resource in _resources():
        if not {"dynamic", "async", "dev_only"} & resource.keys():
            path = resource["relative_package_path"]
            path = resource.get("dev_package_path", path) if debug else path
            yield f"{resource['namespace']}/{path}"


def _resources() -> list[_Resource]:
    """The scripts of the renderer and of every package with components."""
    components = [sys.modules[name] for name in ComponentRegistry.registry]
    packages = [_dash_renderer, dcc, html, *components]
    return [script for package in packages for script in getattr(package, "_js_dist", [])]
