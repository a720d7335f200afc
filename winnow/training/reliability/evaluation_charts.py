"""Small charts of an evaluation, as SVG text without scripts or styles from elsewhere."""

from collections.abc import Iterable, Sequence
from typing import Final

SIZE: Final = 240  # pixels of the square plot
MARGIN: Final = 36
FRAME: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full} {full}" width="{full}" height="{full}"'
    ' font-family="sans-serif" font-size="11">\n<title>{title}</title>\n'
    '<rect width="{full}" height="{full}" fill="#fff"/>\n'
    '<path d="M{m} {m}V{far}H{far}" fill="none" stroke="#333"/>\n'
    '<path d="M{m} {far}L{far} {m}" stroke="#999" stroke-dasharray="4"/>\n'
    '<text x="{middle}" y="{low}" text-anchor="middle">{x}</text>\n'
    '<text x="12" y="{middle}" text-anchor="middle" transform="rotate(-90 12 {middle})">{y}</text>\n'
    "{marks}\n</svg>\n"
)


def reliability_diagram(bins: Iterable[tuple[int, float, float]]) -> str:
    """A chart of predicted probability against the share that is reliable; a circle's area grows with its sources."""
    circles = (
        f'<circle cx="{_x(mean):.1f}" cy="{_y(share):.1f}" r="{1 + number**0.5 / 2:.1f}" fill="#27a" opacity=".7"/>'
        for number, mean, share in bins
    )
    return _chart("Reliability diagram", "probability said", "share that is reliable", circles)


def roc_curve(points: Sequence[tuple[float, float]]) -> str:
    """The share of reliable sources kept against the share of unreliable ones kept with them."""
    line = " ".join(f"{_x(false):.1f},{_y(true):.1f}" for false, true in points)
    curve = f'<polyline points="{line}" fill="none" stroke="#27a" stroke-width="2"/>'
    return _chart("ROC", "share of unreliable sources kept", "share of reliable sources kept", [curve])


def _chart(title: str, x: str, y: str, marks: Iterable[str]) -> str:
    full = SIZE + 2 * MARGIN
    return FRAME.format(
        full=full,
        title=title,
        m=MARGIN,
        far=MARGIN + SIZE,
        middle=full / 2,
        low=full - 10,
        x=x,
        y=y,
        marks="\n".join(marks),
    )


def _x(share: float) -> float:
    return MARGIN + SIZE * share


def _y(share: float) -> float:
    return MARGIN + SIZE * (1 - share)
