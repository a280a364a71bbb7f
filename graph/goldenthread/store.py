"""The store: every plan and register file in a named graph of its own, queried together.

The files are the truth; a store is a cache that can be rebuilt from them at any time. By default it lives in
memory; on disk it is built anew, beside the old one, when the files have changed.
"""

import hashlib
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pyoxigraph as ox

from goldenthread import resources
from goldenthread.errors import BadSyntax, UnusableStore
from goldenthread.namespaces import plan_graph, register_graph
from goldenthread.turtle import read, text_of

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
Term = ox.NamedNode | ox.Literal


@dataclass(frozen=True)
class SourceFile:
    """A Turtle file and the named graph (an IRI) that it fills."""

    graph: str
    path: Path


def shipped_files() -> list[SourceFile]:
    """The registers and the plans that come with the package."""
    registers = [SourceFile(register_graph(path.stem), path) for path in resources.files("registers", ".ttl")]
    plans = [SourceFile(plan_graph(path.stem), path) for path in resources.files("plans", ".ttl")]
    return registers + plans


@contextmanager
def evaluating(name: str) -> Iterator[None]:
    """Turn errors of the engine into ours: around a query, and around the reading of its answer, which does the work.

    Args:
        name: what the query is called in an error message.
    """
    try:
        yield
    except SyntaxError as error:
        raise BadSyntax(
            f"{name} is not SPARQL: {error.msg}", "The figures are line:column; are all prefixes declared?"
        ) from None
    except FileNotFoundError as error:
        raise UnusableStore(
            f"The store on disk is no longer there: {error}", "Another process has brought it up to date; ask again."
        ) from None
    except (RuntimeError, OSError) as error:
        raise BadSyntax(f"{name} cannot be evaluated: {error}", "Look for an unknown function or service.") from None


class Store:
    """A set of named graphs that answers SPARQL 1.1; the default graph of a query is their union.

    Make one with `Store.in_memory` or `Store.on_disk`.
    """

    def __init__(self, backend: ox.Store) -> None:
        self._backend = backend
        self._hold: _Hold | None = None

    @classmethod
    def in_memory(cls, files: Iterable[SourceFile] | None = None) -> Self:
        """Load files (by default the shipped ones) into a new store in memory.

        Raises:
            UnreadableFile, BadSyntax: a file is missing, not UTF-8 or not Turtle.
        """
        store = cls(ox.Store())
        for file in shipped_files() if files is None else files:
            store._load(file)
        return store

    @classmethod
    def on_disk(cls, folder: Path, files: Iterable[SourceFile] | None = None) -> Self:
        """Open the store in `folder`, building it first where it is missing or older than the files.

        Every state of the files has a sub-folder of its own, built under another name and then renamed: a crash
        leaves no half a store, and of several processes that build at once one is first and the others use its. Older
        states are removed, unless a process has one open.

        Raises:
            UnreadableFile, BadSyntax: as `in_memory`; the old store stays as it was.
            UnusableStore: `folder` holds something else, or cannot be written or opened.
        """
        sources = list(shipped_files() if files is None else files)
        try:
            current = folder / _fingerprint(sources)[:16]
            if not current.is_dir():
                _claim(folder)
                cls._build(current, sources)
            hold = _Hold(current)
            store = cls(ox.Store.read_only(str(current)))
            store._hold = hold
            return store
        except (OSError, RuntimeError) as error:
            raise UnusableStore(
                f"The store in {folder} cannot be built or opened: {error}.",
                "Name a folder that you may write to; a store that is broken can be deleted, it is only a cache.",
            ) from None

    @classmethod
    def _build(cls, current: Path, sources: Iterable[SourceFile]) -> None:
        fresh = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=current.parent))
        try:
            store = cls(ox.Store(str(fresh)))
            for file in sources:
                store._load(file)
            store._backend.flush()
            del store  # closes it, so that it can be moved
            try:
                fresh.rename(current)
            except OSError:
                if not current.is_dir():  # otherwise another process was first
                    raise
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        _tidy(current)

    def _load(self, file: SourceFile) -> None:
        graph = ox.NamedNode(file.graph)
        self._backend.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in read(file.path))

    def __len__(self) -> int:
        return len(self._backend)

    def describes(self, iri: str) -> bool:
        """Whether any statement has this IRI as its subject."""
        try:
            node = ox.NamedNode(iri)
        except ValueError:  # not an IRI at all
            return False
        return next(self._backend.quads_for_pattern(node, None, None, None), None) is not None

    def pairs(self, predicate: str) -> Iterator[tuple[str, str]]:
        """Every subject and value (as plain texts) of a property given by its IRI; blank nodes are left out."""
        for quad in self._backend.quads_for_pattern(None, ox.NamedNode(predicate), None, None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, Term):
                yield quad.subject.value, quad.object.value

    def graphs(self) -> list[str]:
        """The IRIs of the named graphs, sorted."""
        return sorted(node.value for node in self._backend.named_graphs() if isinstance(node, ox.NamedNode))

    def query(self, text: str, bindings: Mapping[str, Term] | None = None, name: str = "the query") -> Answer:
        """Evaluate a SPARQL 1.1 query.

        Args:
            text: the query; its default graph is the union of all named graphs, unless it says FROM.
            bindings: variable name → term it is bound to; a bound variable of a SELECT must be projected.
            name: what the query is called in an error message.

        Raises:
            BadSyntax: the query does not parse; the message names line and column.
        """
        substitutions: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {}
        substitutions |= {ox.Variable(key): value for key, value in (bindings or {}).items()}
        with evaluating(name):
            return self._backend.query(
                text, use_default_graph_as_union=not _has_dataset_clause(text), substitutions=substitutions
            )

    def rows(self, text: str, bindings: Mapping[str, Term] | None = None) -> list[dict[str, str]]:
        """Evaluate a SELECT and return its rows as plain values (unbound variables are absent)."""
        answer = self.query(text, bindings)
        if not isinstance(answer, ox.QuerySolutions):
            raise TypeError("rows() takes a SELECT query")
        names = [variable.value for variable in answer.variables]
        with evaluating("the query"):
            return [
                {name: term.value for name, term in zip(names, row, strict=True) if isinstance(term, Term)}
                for row in answer
            ]

    def turtle_of(self, graphs: Iterable[str] | None = None) -> str:
        """The given named graphs (by default all) merged into one N-Triples text, a subset of Turtle."""
        names = self.graphs() if graphs is None else graphs
        parts = (self._backend.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(g)) for g in names)
        return b"".join(part for part in parts if part).decode()


_NOT_KEYWORDS = re.compile(
    r"""<[^<>"{}|^`\\\s]*> | "{3}.*?"{3} | '{3}.*?'{3} | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*'
        | \#[^\n]* | [?$]\w+ | [\w.-]*:[\w.-]*""",
    re.VERBOSE | re.DOTALL,
)


def _has_dataset_clause(query: str) -> bool:
    """Whether a query names its own graphs with FROM, which Oxigraph's union default graph would override."""
    return re.search(r"\bFROM\b", _NOT_KEYWORDS.sub(" ", query), re.IGNORECASE) is not None


def _fingerprint(files: Iterable[SourceFile]) -> str:
    digest = hashlib.sha256(ox.__version__.encode())
    for file in files:
        digest.update(file.graph.encode())
        digest.update(text_of(file.path).encode())
    return digest.hexdigest()


_MARK = "goldenthread-store"
_TEMPORARY = "temporary-"
_HOUR = 3600


def _claim(folder: Path) -> None:
    """Make a folder a store's, or refuse one that holds something else."""
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir()) and not (folder / _MARK).is_file()):
        raise UnusableStore(f"{folder} holds something that is not a store.", "Name an empty or new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).write_text("Golden Thread keeps a copy of its files here; it can be deleted.\n", encoding="ascii")


class _Hold:
    """Keeps other processes from removing a state of a store, as long as this object lives.

    The engine opens some files only when it needs them, and if one is gone, a query may run until memory is full.
    Windows needs no hold: there a folder with open files cannot be moved.
    """

    def __init__(self, state: Path, alone: bool = False) -> None:
        self._descriptor = -1
        if sys.platform != "win32":
            import fcntl

            self._descriptor = os.open(state, os.O_RDONLY)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)

    def __del__(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)


def _tidy(current: Path) -> None:
    """Remove what other states of the files and crashed builds have left in a store's folder, as far as possible."""
    for entry in current.parent.iterdir():
        try:
            if re.fullmatch("[0-9a-f]{16}", entry.name) and entry != current:
                hold = _Hold(entry, alone=True)
                # Away in one step, so that nobody finds half of it.
                old = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=current.parent))
                entry.rename(old / entry.name)
                shutil.rmtree(old)
                del hold
            elif entry.name.startswith(_TEMPORARY) and time.time() - entry.stat().st_mtime > _HOUR:
                shutil.rmtree(entry)
        except OSError:  # another process has it open or is removing it too
            continue
