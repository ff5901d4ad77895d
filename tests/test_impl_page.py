"""What shapes a page of ``impl_dash_style``, and what of Dash it leaves out."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from impl_dash_style import Dash, DiskcacheManager, exceptions, html
from impl_dash_style.settings import LEFT_OUT

DOCUMENT = Path(__file__).parents[1] / "docs" / "dash-style.md"
FRAME = "<main>{%app_entry%}</main>{%config%}{%scripts%}{%renderer%}{%title%}"


def page_of(app: Dash, path: str = "/") -> str:
    """The HTML of an app's page."""
    app.layout = html.Div()
    return app.server.test_client().get(path).text


@pytest.mark.parametrize(
    ("settings", "html_text"),
    [
        ({"title": "A < B"}, "<title>A &lt; B</title>"),
        ({"update_title": None}, '"update_title":null'),
        ({"external_stylesheets": ["/a.css"]}, '<link rel="stylesheet" href="/a.css">'),
        (
            {"external_scripts": [{"src": "/a.js", "integrity": "sha"}]},
            '<script src="/a.js" integrity="sha"></script>',
        ),
        ({"meta_tags": [{"name": "robots", "content": "none"}]}, 'name="robots"'),
        ({"index_string": FRAME}, '<main><div id="react-entry-point">'),
        ({"suppress_callback_exceptions": True}, '"suppress_callback_exceptions":true'),
        ({"use_pages": False, "serve_locally": True}, "dash_renderer"),
        ({}, "dash_table/bundle.js"),
    ],
)
def test_a_setting_shapes_the_page(settings: dict[str, Any], html_text: str) -> None:
    assert html_text in re.sub(r'": ', '":', page_of(Dash(__name__, **settings)))


def test_a_meta_tag_of_the_program_replaces_the_one_of_its_name() -> None:
    html_text = page_of(Dash(__name__, meta_tags=[{"name": "viewport", "content": "width=1"}]))
    assert html_text.count('name="viewport"') == 1


def test_settings_may_be_changed_after_construction() -> None:
    app = Dash(__name__)
    app.title = "later"
    app.config["update_title"] = "wait"
    app.config.suppress_callback_exceptions = True
    html_text = page_of(app)
    assert "<title>later</title>" in html_text
    assert "wait" in html_text


def test_assets_are_loaded_in_order_and_served(tmp_path: Path) -> None:
    for name in ("b.css", "a.css", "own.js", "left.css", "favicon.ico"):
        (tmp_path / name).write_text(name)
    app = Dash(__name__, assets_folder=str(tmp_path), assets_ignore="left")
    html_text = page_of(app)
    assert html_text.index("/assets/a.css") < html_text.index("/assets/b.css")
    assert "/assets/own.js" in html_text
    assert "left.css" not in html_text
    with app.server.test_client().get(app.get_asset_url("a.css")) as answer:
        assert answer.text == "a.css"


@pytest.mark.parametrize(
    ("prefixes", "routes", "requests"),
    [
        ({"url_base_pathname": "/app/"}, "/app/", "/app/"),
        ({"requests_pathname_prefix": "/proxy/"}, "/", "/proxy/"),
        ({"routes_pathname_prefix": "/app/"}, "/app/", "/app/"),
    ],
)
def test_addresses_have_their_prefix(prefixes: dict[str, str], routes: str, requests: str) -> None:
    app = Dash(__name__, **prefixes)
    assert f'src="{requests}_dash-component-suites/' in page_of(app, routes)
    assert app.server.test_client().get(f"{routes}_dash-layout").status_code == 200


def test_an_app_can_be_part_of_a_flask_app() -> None:
    server = Flask(__name__)
    server.add_url_rule("/health", "health", lambda: "well")
    app = Dash(__name__, server, url_base_pathname="/app/")
    assert app.server is server
    assert "react-entry-point" in page_of(app, "/app/")
    assert server.test_client().get("/health").text == "well"


@pytest.mark.parametrize(
    ("declare", "sentence"),
    [
        (lambda: Dash(__name__, use_pages=True), "use_pages"),
        (lambda: Dash(__name__, serve_locally=False), "serve_locally"),
        (lambda: Dash(__name__, titel="x"), "no argument 'titel'"),
        (lambda: Dash(__name__, False), "expected a Flask app"),
        (lambda: Dash(__name__, index_string="<p>"), "lacks {%app_entry%}"),
        (lambda: Dash(__name__, url_base_pathname="app"), "begins and ends with '/'"),
        (
            lambda: Dash(__name__, routes_pathname_prefix="/a/", requests_pathname_prefix="/b/"),
            "must end with",
        ),
        (lambda: setattr(Dash(__name__).config, "titel", "x"), "no setting 'titel'"),
        (lambda: Dash(__name__).run(dev_tools_hot_reload=True), "dev_tools_hot_reload"),
        (lambda: Dash(__name__).run(jupyter_mode="inline"), "jupyter_mode"),
        (lambda: Dash(__name__).clientside_callback(""), "clientside callbacks"),
    ],
)
def test_what_cannot_work_or_is_left_out_is_refused(
    declare: Callable[[], object], sentence: str
) -> None:
    with pytest.raises(exceptions.DeclarationError, match=re.escape(sentence)):
        declare()


def test_all_that_is_left_out_stands_in_one_place() -> None:
    package: Any = importlib.import_module("impl_dash_style")
    text = DOCUMENT.read_text()
    for name in (*LEFT_OUT, *package._LEFT_OUT):
        assert f"`{name}`" in text
    with pytest.raises(ImportError, match=r"leaves out clientside_callback: see docs"):
        _ = package.clientside_callback


def test_what_a_manager_caches_by_may_be_set_later() -> None:
    manager = DiskcacheManager()
    manager.cache_by = [lambda: "version 1"]
    manager.expire = 5
    assert (len(manager.policy.cache_by), manager.policy.expire) == (1, 5)
    for name, value in (("cache_by", "no word"), ("expire", -1)):
        with pytest.raises(exceptions.DeclarationError):
            setattr(manager, name, value)
