"""The take-away as one web page that needs no other file, and as Markdown."""

from base64 import b64encode

from goldenthread.network_files import CAVEAT
from goldenthread.paper.content import FAMILIES, Paper
from goldenthread.paper.picture import network_png


def render(paper: Paper, format: str) -> str:
    """Write the paper as `html` or `md`."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("goldenthread"),
        autoescape=jinja2.select_autoescape(("html.jinja",)),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["cell"] = lambda text: str(text).replace("|", "\\|").replace("\n", " ")
    picture = b64encode(network_png(paper.graph)).decode() if format == "html" else ""
    template = environment.get_template(f"paper.{format}.jinja")
    return template.render(paper=paper, families=FAMILIES, caveat=CAVEAT, picture=picture)
