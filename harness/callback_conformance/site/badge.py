"""A badge of a cell, as an image that needs no service."""

from __future__ import annotations

from html import escape

from callback_conformance.site.facts import Score

CHARACTER = 6.6  # pixels, of the average character at this size
#: The lowest share of kept requirements, in per cent, for each colour.
COLOURS = ((100, "#1a7f37"), (80, "#8a6100"), (0, "#b42318"))


def badge(score: Score) -> str:
    """The badge as SVG."""
    cell = score.cell
    left = f"{score.view.implementation} {score.view.version}".strip() + f" on {cell.spec.backend}"
    right = f"{score.kept} of {len(cell.applicable)} kept"
    colour = next(colour for least, colour in COLOURS if score.percent >= least)
    first, second = (round(len(text) * CHARACTER + 14) for text in (left, right))
    label = escape(f"{left}: {right}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{first + second}" height="20" role="img" aria-label="{label}">'
        f"<title>{label}</title>"
        f'<rect width="{first}" height="20" fill="#444c56"/><rect x="{first}" width="{second}" height="20" fill="{colour}"/>'
        '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{first / 2}" y="14" textLength="{first - 12}">{escape(left)}</text>'
        f'<text x="{first + second / 2}" y="14" textLength="{second - 12}">{escape(right)}</text></g></svg>\n'
    )
