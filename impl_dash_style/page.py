"""The page: the stock Dash renderer, the bundles of the components, and two scripts of our own."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NotRequired, TypedDict

from dash import _dash_renderer, dash_table, dcc, html
from dash.development.base_component import ComponentRegistry
from markupsafe import escape

from impl_dash_style.encoding import encode
from impl_dash_style.incoming import QUERY_HEADER
from impl_dash_style.settings import External, Settings
from impl_dash_style.wire import RendererOptions

SUITES: Final = "_dash-component-suites"
_PACKAGE: Final = __package__ or ""
_ENTRY: Final = '<div id="react-entry-point"><div class="_dash-loading">Loading...</div></div>'
_RENDERER: Final = (
    '<script id="_dash-renderer">var renderer = new DashRenderer(longCallbackHooks);</script>'
)
_METAS: Final = (
    {"charset": "UTF-8"},
    {"name": "viewport", "content": "width=device-width, initial-scale=1"},
)


class _Resource(TypedDict):
    """A script or a stylesheet of a package with components. A path is relative to the package."""

    namespace: str  # the package's name
    relative_package_path: str
    dev_package_path: NotRequired[str]


def render(
    settings: Settings, assets: Path, handle: str, repeated: list[str], options: RendererOptions
) -> str:
    """The page as HTML.

    ``assets`` is the folder of the app's own stylesheets and scripts. ``handle`` is the page's own; the
    renderer sends it with each request. ``repeated`` are the ids of the callbacks whose requests
    reconnect.js repeats. What it and instances.js do is announced to other clients.
    """
    prefix = settings.requests_prefix
    config = {
        "url_base_pathname": settings.url_base_pathname,
        "requests_pathname_prefix": prefix,
        "update_title": settings.update_title,
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
    own = [f"{prefix}{settings.assets_url_path}/{path}" for path in _own_files(settings, assets)]
    packaged = [f"{prefix}{SUITES}/{path}" for path in _scripts(options["ui"])]
    styles = [f"{prefix}{SUITES}/{path}" for path in _styles()]
    parts: dict[str, list[str]] = {
        "metas": [_element("meta", tag) for tag in _metas(settings)],
        "title": [escape(settings.title)],
        "favicon": [_favicon(settings, assets)],
        "css": [
            _link(sheet)
            for sheet in [*settings.external_stylesheets, *styles, *_ending(own, ".css")]
        ],
        "app_entry": [_ENTRY],
        "config": [
            f'<script id="_dash-config" type="application/json">{_embedded(config)}</script>'
        ],
        "scripts": [
            _script(script)
            for script in [*settings.external_scripts, *packaged, *_ending(own, ".js")]
        ],
        "renderer": [_RENDERER],
    }
    return re.sub(
        r"\{%(\w+)%\}",
        lambda match: "\n    ".join(parts[match[1]]) if match[1] in parts else match[0],
        settings.index_string,
    )


def directory(package: str) -> Path | None:
    """The directory of a package whose files a page may load, or None for any other package."""
    served = {_PACKAGE, "plotly", *(resource["namespace"] for resource in _resources("_js_dist"))}
    served |= {resource["namespace"] for resource in _resources("_css_dist")}
    file = sys.modules[package].__file__ if package in served and package in sys.modules else None
    return Path(file).parent if file else None


def _embedded(value: object) -> str:
    """JSON that cannot end the script element in which it stands."""
    return encode(value).replace("<", "\\u003c")


# Elements.


def _element(name: str, attributes: Mapping[str, str]) -> str:
    words = " ".join(f'{escape(key)}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name} {words}>"


def _link(sheet: External) -> str:
    attributes = {"href": sheet} if isinstance(sheet, str) else sheet
    return _element("link", {"rel": "stylesheet", **attributes})


def _script(script: External) -> str:
    return _element("script", {"src": script} if isinstance(script, str) else script) + "</script>"


def _metas(settings: Settings) -> list[Mapping[str, str]]:
    """The tags of the page itself, but for those that the app has its own of."""
    own = {tag.get("name", "charset" if "charset" in tag else "") for tag in settings.meta_tags}
    return [tag for tag in _METAS if tag.get("name", "charset") not in own] + [*settings.meta_tags]


def _favicon(settings: Settings, assets: Path) -> str:
    path = f"{settings.requests_prefix}{settings.assets_url_path}/favicon.ico"
    href = path if (assets / "favicon.ico").is_file() else "data:,"
    return _element("link", {"rel": "icon", "href": href})


# Files.


def _own_files(settings: Settings, assets: Path) -> list[str]:
    """The files in the folder of assets, in alphabetical order, that the page loads by itself."""
    if not settings.include_assets_files or not assets.is_dir():
        return []
    ignored = re.compile(settings.assets_ignore) if settings.assets_ignore else None
    paths = sorted(path for path in assets.rglob("*") if path.is_file())
    return [
        path.relative_to(assets).as_posix()
        for path in paths
        if not (ignored and ignored.search(path.name))
    ]


def _ending(paths: list[str], suffix: str) -> list[str]:
    return [path for path in paths if path.endswith(suffix)]


def _scripts(debug: bool) -> Iterator[str]:
    """The paths that the page loads, in order. The renderer goes before the components' bundles.

    Only the development build of the renderer can show errors on the page.
    """
    react = _dash_renderer._js_dist_dependencies[0]["relative_package_path"]
    yield from (f"dash/{path}" for path in react["dev" if debug else "prod"])
    yield f"{_PACKAGE}/reconnect.js"
    yield f"{_PACKAGE}/instances.js"
    for resource in _loaded("_js_dist"):
        path = resource["relative_package_path"]
        path = resource.get("dev_package_path", path) if debug else path
        yield f"{resource['namespace']}/{path}"


def _styles() -> Iterator[str]:
    for resource in _loaded("_css_dist"):
        yield f"{resource['namespace']}/{resource['relative_package_path']}"


def _loaded(kind: str) -> Iterator[_Resource]:
    """What each page loads at once; a bundle asks for the rest when it is needed."""
    for resource in _resources(kind):
        if not {"dynamic", "async", "dev_only"} & resource.keys():
            yield resource


def _resources(kind: str) -> list[_Resource]:
    """The scripts or the stylesheets of the renderer and of every package with components."""
    components = [sys.modules[name] for name in ComponentRegistry.registry]
    packages = dict.fromkeys([_dash_renderer, dcc, html, dash_table, *components])
    return [file for package in packages for file in getattr(package, kind, [])]
