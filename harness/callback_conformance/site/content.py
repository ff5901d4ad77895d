"""The prose of the site: SPEC.md, the guides of the repository, and what is generated of the findings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from callback_conformance import places
from callback_conformance.findings.recorded import Findings
from callback_conformance.site import addresses, specification
from callback_conformance.site.prose import Links, Prose, render

#: What a reader may want beside SPEC.md, the most wanted first.
GUIDES = (
    "docs/your-own-backend.md", "docs/verdicts.md", "README.md", "docs/*.md", "examples/*/README.md",
    "deviations/README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md",
)  # fmt: skip


@dataclass(frozen=True)
class Text:
    """A page of prose."""

    page: str
    #: What it is made of, from the top of the repository.
    file: str
    prose: Prose


@dataclass(frozen=True)
class Content:
    """All pages of prose, and what other pages show of SPEC.md."""

    texts: tuple[Text, ...]
    #: The files that are guides, the most wanted first.
    guides: tuple[str, ...]
    #: A chapter's page, its explanation and its example, by its number.
    chapters: dict[int, Text]
    #: What SPEC.md says under a requirement beside its sentence, by id.
    notes: dict[str, Prose]
    #: Where each heading of SPEC.md stands.
    anchors: dict[str, str]

    def part(self, text: str, file: str, page: str) -> Prose:
        """Markdown that a file of the repository holds, or might, as a part of a page."""
        return render(text, self.links(file, page))

    def links(self, file: str, page: str) -> Links:
        """How links of a file are written on a page."""
        return addresses.links_from(file, page, self.guides, self.anchors)


def read(findings: Findings) -> Content:
    """Read and render all of it."""
    spec_parts = specification.parts(places.SPEC.read_text(encoding="utf-8"))
    guides = tuple(_guides(places.ROOT))
    content = Content((), guides, {}, {}, dict(specification.anchors(spec_parts)))
    ids = findings.specification.requirements

    def chapter(part: specification.Part) -> Text:
        links = content.links("SPEC.md", part.page)
        return Text(
            part.page, "SPEC.md", render(part.text, links, lambda id: _requirement(id, ids))
        )

    for part in spec_parts:
        number = part.text.removeprefix("## ").partition(".")[0]
        if number.isdigit():
            intro = content.part(part.introduction, "SPEC.md", "requirements/ID.html")
            content.chapters[int(number)] = Text(part.page, "SPEC.md", intro)
    for id, text in specification.notes(spec_parts).items():
        if text:
            content.notes[id] = content.part(text, "SPEC.md", "requirements/ID.html")
    written = {
        **{file: (places.ROOT / file).read_text(encoding="utf-8") for file in guides},
    }
    texts = [
        Text(page, file, content.part(text, file, page))
        for file, text in written.items()
        for page in [addresses.guide_page(file)]
    ]
    return Content(
        (*map(chapter, spec_parts), *texts),
        guides,
        content.chapters,
        content.notes,
        content.anchors,
    )


def _requirement(title: str, ids: object) -> str:
    return f"../{addresses.requirement_page(title)}" if title in ids else ""  # type: ignore[operator]


def _guides(root: Path) -> list[str]:
    files = (file for pattern in GUIDES for file in sorted(root.glob(pattern)))
    return list(dict.fromkeys(str(file.relative_to(root)) for file in files))
