"""The command line `goldenthread`.

Heavy modules are imported inside the commands that need them, so that a named query answers at once.
Results go to standard output; progress and errors go to standard error. Exit status: 0 all is well, 1 a rule
is broken, 2 the input cannot be used.
"""

import os
import signal
import sys
from enum import StrEnum
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from goldenthread.commands import COMMANDS, StoreOption, WorkspaceOption, put
from goldenthread.errors import EXIT_CODES, GoldenThreadError

if TYPE_CHECKING:
    from rich.status import Status

    from goldenthread.store import Store

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="The knowledge graph of partnership plans: who will do what, by when, for which outcome.",
)


class QueryFormat(StrEnum):
    """Forms of a query's answer."""

    table = "table"
    json = "json"
    csv = "csv"
    tsv = "tsv"
    xml = "xml"
    turtle = "turtle"


class ReportFormat(StrEnum):
    """Forms of the report."""

    text = "text"
    json = "json"
    md = "md"
    html = "html"
    docx = "docx"
    xlsx = "xlsx"


class ValidationFormat(StrEnum):
    """Forms of a validation report."""

    text = "text"
    json = "json"
    turtle = "turtle"


class ValidationEngine(StrEnum):
    """SHACL engines."""

    shacl = "shacl"
    pyshacl = "pyshacl"


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"goldenthread {version('goldenthread')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@app.command()
def report(
    plan: Annotated[list[str] | None, typer.Option(help="Only this plan (slug or name); may be repeated.")] = None,
    format: Annotated[
        ReportFormat, typer.Option(help="text and json: what is missing, at once; the others: the whole paper.")
    ] = ReportFormat.text,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
    all: Annotated[bool, typer.Option("--all", help="In the terminal, list every gap, not the first few.")] = False,
    workspace: WorkspaceOption = None,
    store: StoreOption = None,
) -> None:
    """Build the graph, validate it, and report what it says and what is missing; as Word or Excel to take away."""
    if format is ReportFormat.text and output is not None and output.suffix[1:] in set(ReportFormat):
        format = ReportFormat(output.suffix[1:])
    if format in (ReportFormat.text, ReportFormat.json):
        from goldenthread import reports

        with _working("Building and validating the graph …"):
            found = reports.make(_open(store), plan or [])
        conforms = found.validation.conforms
        if format is ReportFormat.text and output is None:
            reports.show(found, limit=None if all else 5)
        else:
            put(reports.render(found, format.value), output)
    else:
        conforms = _take_away(plan or [], format, output, workspace, store)
    if not conforms:
        raise typer.Exit(1)


def _take_away(
    plans: list[str], format: ReportFormat, output: Path | None, workspace: Path | None, store: Path | None
) -> bool:
    """Write the paper; return whether the graph keeps the core rules."""
    from goldenthread import paper, queries, reviews
    from goldenthread.errors import UnknownName
    from goldenthread.validation import validate_shipped
    from goldenthread.workspace import Workspace

    if output is None and format in (ReportFormat.docx, ReportFormat.xlsx):
        raise UnknownName(f"A {format.value} file needs a name.", f"Say --output report.{format.value}.")
    with _working("Finding gaps, overlaps and dependencies …"):
        graph = _open(store)
        chosen = tuple(queries.find_individual(graph, ("plan",), name).value for name in plans)
        conforms = validate_shipped(graph).conforms
        made = paper.make(graph, chosen, reviews.load(Workspace(workspace)))
        put(paper.render(made, format.value), output)
    if not conforms:
        typer.echo("The graph breaks core rules; ‘goldenthread validate’ lists them.", err=True)
    return conforms


@app.command()
def query(
    query: Annotated[str, typer.Argument(metavar="NAME|FILE.rq|-", help="A named query, a file, or - to read it.")],
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", metavar="NAME=VALUE", help="Bind a parameter; repeatable.")
    ] = None,
    format: Annotated[QueryFormat, typer.Option(help="Form of the answer.")] = QueryFormat.table,
    store: StoreOption = None,
) -> None:
    """Answer a named query or a SPARQL 1.1 query from a file."""
    from goldenthread import answers, queries

    if query == "-":
        wanted = queries.Query("standard input", "", "", (), {}, _standard_input())
    elif query.endswith(".rq") or _is_file(query):
        wanted = queries.load(Path(query))
    else:
        wanted = queries.named(query)
    values = queries.assignments(param or [])
    opened = _open(store)
    _let_interrupts_through()
    answer = queries.run(opened, wanted, values)
    sys.stdout.buffer.write(answers.render(answer, format.value))
    sys.stdout.buffer.flush()


@app.command()
def queries(name: Annotated[str | None, typer.Argument(help="Explain this query.")] = None) -> None:
    """List the named queries, or explain one: what it answers, its parameters and columns."""
    from goldenthread import queries as library

    if name is None:
        for found in library.library().values():
            typer.echo(f"{found.name:<44} {found.title}")
        return
    found = library.named(name)
    typer.echo(f"{found.name}: {found.title}\n\n{found.description}")
    for heading, lines in (
        ("Parameters", [f"{p.name} ({p.kind}): {p.description}" for p in found.parameters]),
        ("Columns", [f"{column}: {meaning}" for column, meaning in found.columns.items()]),
    ):
        if lines:
            typer.echo("\n" + "\n  ".join([f"{heading}:", *lines]))


@app.command()
def validate(
    files: Annotated[list[Path] | None, typer.Argument(help="Turtle files; none: the shipped graph.")] = None,
    format: Annotated[ValidationFormat, typer.Option(help="Form of the report.")] = ValidationFormat.text,
    engine: Annotated[
        ValidationEngine, typer.Option(help="pyshacl is the reference, and slow.")
    ] = ValidationEngine.shacl,
) -> None:
    """Check plans against the core shapes; exit status 1 if a rule is broken."""
    from goldenthread import validation

    if files:
        found = validation.validate_files(files, engine=engine.value)
    else:
        found = validation.validate_shipped(_open(None), engine=engine.value)
    if format is ValidationFormat.json:
        import json

        typer.echo(json.dumps(found.as_dict(), indent=2, ensure_ascii=False))
    elif format is ValidationFormat.turtle:
        typer.echo(found.as_turtle(), nl=False)
    else:
        for result in found.results:
            typer.echo(str(result))
        what = ", ".join(found.files) if files else f"the shipped graph ({len(found.files)} files)"
        verdict = "conforms to the core shapes" if found.conforms else "breaks the core shapes"
        typer.echo(f"{what}: {verdict}; {len(found.results)} results.")
    if not found.conforms:
        raise typer.Exit(1)


@app.command()
def build(store: Annotated[Path, typer.Argument(help="Folder of the store.")]) -> None:
    """Build the store on disk from the plan and register files, or bring it up to date."""
    with _working("Building the store …"):
        built = _open(store)
    typer.echo(f"{store}: {len(built)} statements in {len(built.graphs())} named graphs.")


@app.command()
def format(
    files: Annotated[list[Path], typer.Argument(help="Turtle files.")],
    check: Annotated[bool, typer.Option("--check", help="Only say which files are not in canonical form.")] = False,
) -> None:
    """Write Turtle files in the canonical, diff-friendly form."""
    from goldenthread import turtle
    from goldenthread.errors import NotCanonical
    from goldenthread.files import write_whole

    texts = {path: turtle.text_of(path) for path in files}
    canonical = {
        path: turtle.write(turtle.parse_named(text, str(path)), scope=path.stem) for path, text in texts.items()
    }
    changed = [path for path in files if canonical[path] != texts[path]]
    if check and changed:
        names = ", ".join(map(str, changed))
        raise NotCanonical(f"Not in canonical form: {names}.", "Run ‘goldenthread format’ on them.")
    for path in changed:
        turtle.refuse_comments(texts[path], str(path))
    for path in changed:
        write_whole(path.resolve(), canonical[path].encode())  # what a link leads to, and not the link


for _command in COMMANDS:
    app.command()(_command)


def main() -> None:
    """Run the command line; errors that are the user's to mend become one message and an exit status."""
    if hasattr(signal, "SIGPIPE"):  # end as other programs do when the reader of a pipe has had enough
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if sys.stdout is None:  # closed by whoever started us: nobody listens
        sys.stdout = TextIOWrapper(BytesIO(), encoding="utf-8")
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # here, and not when Python ends, so that a full disk gets a message
    except GoldenThreadError as error:
        _fail(str(error), EXIT_CODES[type(error)])
    except UnicodeEncodeError as error:
        _fail(
            f"The output cannot be written as {error.encoding}: it has no {error.object[error.start]!a}.\n"
            "Set PYTHONIOENCODING=utf-8 in the environment."
        )
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left unwritten goes there
        what = f"{error.filename} cannot be read or written" if error.filename else "The output cannot be written"
        _fail(f"{what}: {error.strerror or error}.")


def _fail(message: str, status: int = 2) -> NoReturn:
    typer.echo(f"goldenthread: {message}", err=True)
    raise SystemExit(status) from None


def _standard_input() -> str:
    from goldenthread.errors import UnreadableFile

    try:
        return sys.stdin.buffer.read().decode("utf-8-sig") if sys.stdin else ""
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"Standard input is not UTF-8 text (byte {error.start}).", "Convert it to UTF-8 and try again."
        ) from None


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except OSError:  # such as a name that is too long for a file
        return False


def _let_interrupts_through() -> None:
    """Let Ctrl-C end the process: Python's own handler would wait until the engine has answered."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _open(folder: Path | None) -> "Store":
    from goldenthread.store import Store

    return Store.in_memory() if folder is None else Store.on_disk(folder)


def _working(message: str) -> "Status":
    from rich.console import Console

    return Console(stderr=True).status(message)
