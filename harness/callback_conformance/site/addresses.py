"""Where each thing stands on the site. These addresses are permanent: others link to them."""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import PurePosixPath

from callback_conformance import places
from callback_conformance.ledger import Deviation
from callback_conformance.report.matrix import slug
from callback_conformance.site.prose import Links

_ENTRY = re.compile(r"deviations/(\w+)/([\w-]+)/([\w-]+)\.(md|toml)")
#: Pages that are made of generated Markdown, or that take its place.
_PAGES = {
    "README.md": "guides/manual.html",
    "deviations/INDEX.md": "ledger/index.html",
    "docs/results/README.md": "releases.html",
    "docs/results/features.md": "features.html",
    "docs/results/upgrades.md": "compare.html",
    "docs/results/symptoms.md": "symptoms.html",
    "docs/results/upstream.md": "upstream.html",
    "docs/run.svg": "run.svg",
}


def fault_page(release: str, fault: str) -> str:
    """The page of a fault."""
    return f"ledger/{release}/{fault}.html"


def entry_page(entry: Deviation) -> str:
    """Where an entry stands on the page of its fault."""
    return f"{fault_page(entry.release, entry.fault.slug)}#{entry.id}"


def release_page(release: str) -> str:
    """The page of a release, as NAME@VERSION."""
    return f"releases/{slug(release)}.html"


def requirement_page(id: str) -> str:
    """The page of a requirement."""
    return f"requirements/{id}.html"


def guide_page(file: str) -> str:
    """The page of a Markdown file of the repository."""
    if file in _PAGES:
        return _PAGES[file]
    if file.startswith("docs/spec-"):
        return f"spec/{PurePosixPath(file).stem.removeprefix('spec-')}.html"
    name = file.removeprefix("docs/").removesuffix(".md").removesuffix("/README")
    return f"guides/{name.lower().replace('/', '-').replace('_', '-')}.html"


def links_from(file: str, page: str, guides: Sequence[str], anchors: Mapping[str, str]) -> Links:
    """What turns the links of a Markdown file into those of its page. ``anchors`` has the pages of SPEC.md's headings.

    What the site does not hold is linked to where the repository is published.
    """

    def link(target: str) -> str:
        if re.match(r"[a-z]+:", target) or (target.startswith("#") and file != "SPEC.md"):
            return target
        path, _, anchor = target.partition("#")
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) if path else file
        return _relative(_address(wanted, anchor, guides, anchors), page)

    return link


def _address(file: str, anchor: str, guides: Sequence[str], anchors: Mapping[str, str]) -> str:
    if entry := _ENTRY.fullmatch(file):
        release, fault, name, kind = entry.groups()
        return f"{fault_page(release, fault)}#{name if kind == 'md' else 'workaround'}"
    if file == "SPEC.md":
        return anchors.get(anchor, "spec/index.html")
    if file in _PAGES or file in guides:
        return f"{guide_page(file)}{'#' if anchor else ''}{anchor}"
    if f"{file}/README.md" in guides:
        return guide_page(f"{file}/README.md")
    kind = "tree" if (places.ROOT / file).is_dir() else "blob"
    return f"{_repository()}/{kind}/main/{file}{'#' if anchor else ''}{anchor}"


def _relative(address: str, page: str) -> str:
    return address if ":" in address else f"{'../' * page.count('/')}{address}"


@cache
def _repository() -> str:
    project = tomllib.loads((places.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["urls"]["Repository"])
