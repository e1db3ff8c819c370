"""How every figure looks: palette, sizes, axes of time and money, footers.

Colours are the eight of Okabe and Ito (https://jfly.uni-koeln.de/color/), told apart by people with
any colour vision; nothing is told by colour alone: lines differ in their dashes too, bars in their
hatches, points in their shapes.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from textwrap import wrap
from typing import Any, ParamSpec, TypeAlias

import numpy as np
from matplotlib import font_manager
from matplotlib import style as mpl_style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Bbox, blended_transform_factory

from sim.events import FloatArray
from sim.stats.bands import bands, can_band
from sim.study.design.words import plural
from sim.study.findings.run_results import RunTables

Parameters = ParamSpec("Parameters")
Dashes: TypeAlias = str | tuple[float, tuple[float, ...]]
How: TypeAlias = dict[str, Any]  # what matplotlib takes of how a thing looks

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY, LIGHT_GREY = "#6E6E6E", "#D9D9D9"
EDGE = "#404040"  # of bars, areas and hatches

SOLID: Dashes = "-"
DASHED: Dashes = (0, (5, 2))
DOTTED: Dashes = (0, (1.2, 1.6))
DASH_DOT: Dashes = (0, (6, 2, 1.2, 2))
LONG_DASH: Dashes = (0, (9, 3))

_CORNER_INCHES, _LETTER_INCHES = 1.85, 0.056  # of a footer: its right corner, one letter
SMALL = 7.5  # points: footers and notes; everything else is larger
BAND_ALPHA = 0.25
BEHIND_TEXT: How = {"facecolor": "white", "edgecolor": "none", "pad": 1}

_SETTINGS: How = {
    "axes.axisbelow": True,
    "axes.edgecolor": GREY,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.labelsize": 9,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 9.5,
    "axes.titley": 1.0,  # nothing stands above our axes; to look for it costs a tenth of a figure
    "figure.dpi": 100,
    "figure.titlesize": 13,
    "figure.titleweight": "bold",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # comes with matplotlib: the same on every machine
    "font.size": 9,
    "grid.color": LIGHT_GREY,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.5,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "savefig.dpi": 160,
    "svg.fonttype": "none",  # text as text: half the bytes, and it can be searched and copied
    "text.parse_math": False,  # a $ is a dollar
    "svg.hashsalt": "sim",  # ids that do not change from one drawing to the next
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
}


# With Japanese letters, of the systems people use. Ours comes first: a figure without such letters
# is the same on every machine.
_FOR_JAPANESE = (
    "Noto Sans CJK JP", "Noto Sans JP", "Source Han Sans JP", "IPAexGothic", "IPAGothic",
    "Hiragino Sans", "Yu Gothic", "Meiryo", "MS Gothic", "Noto Serif CJK JP",
)  # fmt: skip


def fonts() -> tuple[str, ...]:
    """Names of the fonts that figures are drawn in, the first that has a letter."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    others = [name for name in _FOR_JAPANESE if name in installed][:1]
    return (*_SETTINGS["font.sans-serif"], *others)


@contextmanager
def context() -> Iterator[None]:
    """Matplotlib's defaults and our settings, whatever the user's own matplotlibrc says.

    Letters that our font lacks come from another that is installed. Where none has them a PNG shows
    ids (`letters`), and an SVG is shown in its reader's fonts: nothing to warn of.
    """
    ours = {**_SETTINGS, "font.sans-serif": fonts()}
    with mpl_style.context(["default", ours]), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def styled(draw: Callable[Parameters, Figure]) -> Callable[Parameters, Figure]:
    """Make a figure function draw in our style, and lay the figure out once for all formats."""

    @wraps(draw)
    def in_style(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Figure:
        with context():
            figure = draw(*args, **kwargs)
            engine = figure.get_layout_engine()
            if engine is not None and figure.axes:
                with ExitStack() as measured:
                    for axes in figure.axes:
                        measured.enter_context(_measured_once(axes))
                    engine.execute(figure)
            figure.set_layout_engine(None)
            for axes in figure.axes:  # the solver's last digits differ from one time to the next
                axes.set_position(tuple(round(at, 6) for at in axes.get_position().bounds))
            return figure

    return in_style


@contextmanager
def _measured_once(axes: Axes) -> Iterator[None]:
    """Let the solver's second round believe that labels reach as far beyond the axes as before."""
    measure = axes.get_tightbbox
    reach: list[FloatArray] = []

    def get_tightbbox(*args: Any, **how: Any) -> Bbox | None:
        here = axes.bbox.get_points()
        if not reach:
            found = measure(*args, **how)
            if found is None:
                return None
            reach.append(found.get_points() - here)
        return Bbox(here + reach[0])

    axes.get_tightbbox = get_tightbbox  # type: ignore[method-assign]
    try:
        yield
    finally:
        del axes.get_tightbbox


@dataclass(frozen=True)
class Look:
    """How one series is drawn; ``hatch`` marks its band."""

    colour: str
    dashes: Dashes = SOLID
    width: float = 1.8
    hatch: str | None = None

    @property
    def line(self) -> How:
        """What a line of it takes."""
        return {"color": self.colour, "linestyle": self.dashes, "linewidth": self.width}


def filled(colour: str, hatch: str = "", linewidth: float = 0.5) -> How:
    """What a bar or an area takes whose hatch tells what colour alone would."""
    return dict(facecolor=colour, edgecolor=EDGE, hatch=hatch or None, linewidth=linewidth)


def new_figure(width_inches: float, height_inches: float, title: str, subtitle: str = "") -> Figure:
    """Make an empty figure with a title; no pyplot, so nothing global is left behind."""
    figure = Figure(figsize=(width_inches, height_inches), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(title, x=0.012, y=1 - 0.1 / height_inches, ha="left", va="top")
    top = 0.36
    if subtitle:
        look: How = {"ha": "left", "va": "top", "fontsize": 9, "color": GREY}
        figure.text(0.012, 1 - 0.36 / height_inches, subtitle, **look)
        top += 0.04 + 0.17 * (subtitle.count("\n") + 1)
    _reserve(figure, top=top, bottom=0.08)
    return figure


def footer(figure: Figure, run: RunTables | str, *notes: str) -> None:
    """Say at the bottom how to read the figure and, in the corner, what it was made from."""
    corner = run if isinstance(run, str) else made_from(run)
    width, height = figure.get_size_inches()
    letters = int((width - _CORNER_INCHES) / _LETTER_INCHES)
    lines = [line for note in notes for line in wrap(note, letters)]
    look: How = {"va": "bottom", "fontsize": SMALL, "color": GREY, "linespacing": 1.25}
    figure.text(0.012, 0.07 / height, "\n".join(lines), ha="left", **look)
    figure.text(0.988, 0.07 / height, corner, ha="right", **look)
    _reserve(figure, bottom=0.14 + 0.135 * max(2, len(lines)))


def made_from(run: RunTables) -> str:
    r"""Name and hash of the config, replications and seed, on two lines.

    Examples
    --------
    >>> made_from(run)  # doctest: +SKIP
    'base, config 0826565391db\n200 replications, seed 20250904'
    """
    n = run.manifest["replications"]
    return (
        f"{run.config.name}, config {str(run.manifest['config_hash'])[:12]}\n"
        f"{plural(n, 'replication')}, seed {run.manifest['seed']}"
    )


def _reserve(figure: Figure, top: float = 0.0, bottom: float = 0.0) -> None:
    """Keep the layout off strips of ``top`` and ``bottom`` inches; what is not given stays."""
    engine = figure.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)
    height = figure.get_figheight()
    _, below, _, kept = engine.get()["rect"]
    above = 1 - below - kept
    below = bottom / height or below
    above = top / height or above
    engine.set(rect=(0.006, below, 0.988, 1 - below - above), w_pad=0.05, h_pad=0.05)


def several(n_replications: int) -> str:
    """Say what lines and bands over ``n_replications`` mean; see `draw_paths`."""
    if can_band(n_replications):
        return (
            f"Lines: medians of {n_replications:,} replications, month by month; bands: the middle "
            "90 % of them (5-95 %). No single replication need follow either."
        )
    if n_replications == 1:
        return "One replication, so no median and no 5-95 % band (that takes 20 replications)."
    return (
        f"{n_replications} replications are too few for a 5-95 % band (that takes 20): every thin "
        "line is one replication."
    )


def draw_paths(
    axes: Axes, x: FloatArray, paths: FloatArray, look: Look, alone: bool = False, label: str = ""
) -> None:
    """Draw a series: its median and 5-95 % band, or below 20 replications each path by itself.

    Parameters
    ----------
    axes : Axes
    x : FloatArray, (n_times,), matplotlib's date numbers
    paths : FloatArray, (n_replications, n_times), finite
    look : Look
    alone : bool
        No other series on these axes: single replications are drawn without dashes.
    label : str
        Of the series, for a legend.
    """
    if can_band(len(paths)):
        found = bands(paths)
        draw_band(axes, x, found, look)
        axes.plot(x, found["median"], **look.line)
    else:
        thin: How = {"linewidth": 1.0, "alpha": 0.75, "linestyle": SOLID if alone else look.dashes}
        for path in paths:
            axes.plot(x, path, color=look.colour, **thin)
    if label:
        axes.plot([], [], label=label, **look.line)


def draw_band(axes: Axes, x: FloatArray, found: Mapping[str, FloatArray], look: Look) -> None:
    """Draw what lies between ``p05`` and ``p95``; nothing where they are nan."""
    edge = look.colour if look.hatch else "none"
    inside: How = {"hatch": look.hatch, "edgecolor": edge, "linewidth": 0}
    axes.fill_between(
        x, found["p05"], found["p95"], facecolor=look.colour, alpha=BAND_ALPHA, **inside
    )


def nothing_to_show(axes: Axes, why: str) -> None:
    """Say in the middle of empty axes why they are empty."""
    look = {"ha": "center", "va": "center", "color": GREY, "linespacing": 1.4}
    note(axes, 0.5, 0.5, f"nothing to show:\n{why}", fontsize=9, **look)


def stack(
    axes: Axes, x: FloatArray, layers: Sequence[tuple[str, FloatArray, str, str]]
) -> FloatArray:
    """Draw areas one on another, each of a label, values, colour and hatch; the upper edge."""
    below = np.zeros(len(x))
    for label, values, colour, hatch in layers:
        above = below + np.maximum(values, 0)
        axes.fill_between(x, below, above, label=label, **filled(colour, hatch, 0.4))
        below = above
    return below


def key_below(
    figure: Figure, place: SubplotSpec, handles: Sequence[Any], labels: Sequence[str]
) -> None:
    """Write a legend of four columns into a strip of its own, in the middle of the figure."""
    key = figure.add_subplot(place)
    key.set_axis_off()
    where: How = {"loc": "center", **across_figure(key, 0.5, 0.5)}
    legend = key.legend(handles, labels, ncols=4, handlelength=2.4, columnspacing=1.6, **where)
    legend.set_in_layout(False)


def across_figure(axes: Axes, x: float, y: float) -> How:
    """Where a legend stands: ``x`` is a share of the figure's width, ``y`` of the axes' height."""
    both = blended_transform_factory(axes.figure.transFigure, axes.transAxes)
    return {"bbox_to_anchor": (x, y), "bbox_transform": both}


def note(axes: Axes, x: float, y: float, words: str, **look: Any) -> None:
    """Write inside the axes, at shares of their width and height."""
    axes.text(x, y, words, transform=axes.transAxes, bbox=BEHIND_TEXT, **look)


def beside(axes: Axes, place: float, words: str, **look: Any) -> None:
    """Write to the right of the axes, where ``place`` is on the y axis."""
    where: How = {"xycoords": ("axes fraction", "data"), "va": "center"}
    axes.annotate(words, (1.01, place), **where | look)


def in_rows(axes: Axes, names: Sequence[str], above: float = 0.6, **look: Any) -> None:
    """Name rows from the top to the bottom, ``above`` the first at the edge; values run across."""
    axes.grid(axis="x")
    axes.grid(False, axis="y")
    axes.set_yticks(range(len(names)), names, **look)
    axes.set_ylim(max(len(names), 1) - 0.4, -above)
