"""What shapes the page and not its callbacks: title, addresses, stylesheets, scripts, the frame of the HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, Self, TypeAlias

from impl_dash_style.exceptions import DeclarationError

#: An address, or the attributes of the element that loads it.
External: TypeAlias = "str | Mapping[str, str]"

#: The parts that the frame of a page must hold: without them nothing is shown.
_REQUIRED: Final = ("{%app_entry%}", "{%config%}", "{%scripts%}", "{%renderer%}")

_INDEX: Final = """<!DOCTYPE html>
<html>
  <head>
    {%metas%}
    <title>{%title%}</title>
    {%favicon%}
    {%css%}
  </head>
  <body>
    {%app_entry%}
    {%config%}
    {%scripts%}
    {%renderer%}
  </body>
</html>
"""

#: What Dash offers and this implementation leaves out, with the values that ask for nothing.
LEFT_OUT: Final[Mapping[str, tuple[object, ...]]] = {
    "assets_external_path": (None,),
    "backend": (None,),
    "compress": (None, False),
    "csrf_header_name": (),
    "csrf_token_name": (),
    "description": (None,),
    "eager_loading": (False,),
    "enable_mcp": (None, False),
    "extra_hot_reload_paths": (None, []),
    "health_endpoint": (None,),
    "hooks": (None,),
    "include_pages_meta": (),
    "mcp_path": (None,),
    "pages_folder": ("",),
    "routing_callback_inputs": (None,),
    "serve_locally": (True,),
    "show_undo_redo": (False,),
    "use_pages": (None, False),
    "websocket_callbacks": (None, False),
}


@dataclass
class Settings:
    """The settings of an app, by name or as attributes. They may be changed until the page is loaded."""

    title: str = "Dash"
    update_title: str | None = "Updating..."  # while a callback runs; None or "" for none
    external_stylesheets: Sequence[External] = ()
    external_scripts: Sequence[External] = ()
    meta_tags: Sequence[Mapping[str, str]] = ()
    index_string: str = _INDEX
    assets_folder: str = "assets"  # beside the module that the app is named after
    assets_url_path: str = "assets"
    assets_ignore: str = ""  # a regular expression: files that the page does not load by itself
    include_assets_files: bool = True
    url_base_pathname: str | None = None  # stands for both that follow
    routes_pathname_prefix: str | None = None  # of the addresses that the server answers
    requests_pathname_prefix: str | None = None  # of those that the page asks
    suppress_callback_exceptions: bool = False
    prevent_initial_callbacks: bool | str = False

    @classmethod
    def declare(cls, options: Mapping[str, object]) -> Self:
        """Take the options of an app. Raises DeclarationError for those that cannot work or are left out."""
        names = {field.name for field in fields(cls)}
        for name, value in options.items():
            if name in LEFT_OUT and value not in LEFT_OUT[name]:
                raise DeclarationError(
                    f"{name}={value!r}: this implementation leaves out what {name} is for"
                )
            if name not in names and name not in LEFT_OUT:
                raise DeclarationError(f"Dash takes no argument {name!r}")
        kept = {name: value for name, value in options.items() if name in names}
        kept = {k: v for k, v in kept.items() if v is not None or k == "update_title"}
        return cls(**kept)  # type: ignore[arg-type]

    def __post_init__(self) -> None:
        base = self.url_base_pathname
        if base and (self.routes_pathname_prefix or self.requests_pathname_prefix):
            raise DeclarationError("give url_base_pathname or the two prefixes, not both")
        for prefix in (base, self.routes_pathname_prefix, self.requests_pathname_prefix):
            if prefix is not None and not (prefix.startswith("/") and prefix.endswith("/")):
                raise DeclarationError(
                    f"expected a path that begins and ends with '/', not {prefix!r}"
                )
        if not self.requests_prefix.endswith(self.routes_prefix):
            raise DeclarationError(
                f"requests_pathname_prefix {self.requests_prefix!r} must end with"
                f" routes_pathname_prefix {self.routes_prefix!r}"
            )
        if missing := [part for part in _REQUIRED if part not in self.index_string]:
            raise DeclarationError(f"index_string lacks {', '.join(missing)}")

    def __getitem__(self, name: str) -> object:
        return getattr(self, name)

    def __setitem__(self, name: str, value: object) -> None:
        setattr(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        if name not in {field.name for field in fields(self)}:
            raise DeclarationError(f"an app has no setting {name!r}")
        super().__setattr__(name, value)

    def update(self, options: Mapping[str, object]) -> None:
        """Change several. Raises DeclarationError for a name that is none."""
        for name, value in options.items():
            self[name] = value

    @property
    def routes_prefix(self) -> str:
        """What the addresses begin with that the server answers."""
        return self.url_base_pathname or self.routes_pathname_prefix or "/"

    @property
    def requests_prefix(self) -> str:
        """What the addresses begin with that the page asks: a proxy may take away its first part."""
        return self.url_base_pathname or self.requests_pathname_prefix or self.routes_prefix
