"""The network as a still picture, for paper."""

from io import BytesIO
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_NAMED = 20
_COLOUR, _COLLECTIVE, _GROUP = "#332288", "#DDAA33", "#117733"


def network_png(graph: "nx.Graph[str]") -> bytes:
    """Draw the largest part of a network of parties, the busiest parties named; a PNG image, 1800 pixels wide.

    Round: partners; square: collective parties; triangle: sub-groups. Size is the number of ties, the width of a
    line how much two share. An empty network gives an empty picture that says so.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6.6), dpi=200, layout="constrained")
    axes = figure.add_subplot()
    axes.set_axis_off()
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    if not parts:
        axes.text(0.5, 0.5, "No two parties are named together", ha="center", va="center")
    else:
        _draw(graph.subgraph(parts[0]), axes)
    out = BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _draw(part: "nx.Graph[str]", axes: "Axes") -> None:
    places = nx.kamada_kawai_layout(part, weight=None)
    degree = dict(part.degree())
    widths = [0.4 + 0.35 * data.get("weight", 1) ** 0.7 for _, _, data in part.edges(data=True)]
    nx.draw_networkx_edges(part, places, ax=axes, width=widths, edge_color="#999999", alpha=0.6)
    for shape, colour, wanted in (
        ("o", _COLOUR, lambda kind: kind not in {"collective", "group"}),
        ("s", _COLLECTIVE, lambda kind: kind == "collective"),
        ("^", _GROUP, lambda kind: kind == "group"),
    ):
        nodes = [node for node, kind in part.nodes(data="kind") if wanted(kind)]
        sizes = [25 + 22 * degree[node] for node in nodes]
        nx.draw_networkx_nodes(
            part,
            places,
            nodelist=nodes,
            node_size=sizes,
            node_color=colour,
            node_shape=shape,
            ax=axes,
            linewidths=0.5,
            edgecolors="white",
        )
    taken: list[tuple[float, float, float, float]] = []
    for node in sorted(part, key=lambda name: (-degree[name], name)):
        x, y = places[node]
        label = _folded(part.nodes[node]["label"])
        lines = label.split("\n")
        width, height = 0.021 * max(map(len, lines)), 0.065 * len(lines)
        box = (x - width, y - height - 0.03, x + width, y - 0.03)
        if len(taken) < _MOST_NAMED and all(
            box[2] < left or box[0] > right or box[3] < foot or box[1] > top for left, foot, right, top in taken
        ):
            taken.append(box)
            axes.text(
                x,
                y - 0.035,
                label,
                ha="center",
                va="top",
                fontsize=8.5,
                color="#111111",
                bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.6},
            )


def _folded(label: str) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(label, 24)[:2])
