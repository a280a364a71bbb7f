"""What can go wrong, named for what the user can do about it.

Every error says what is wrong, where (file, line) and how to mend it. `EXIT_CODES` maps them to the exit
status of the command line, in this one place.
"""


class GoldenThreadError(Exception):
    """Base of all errors that are the user's to mend.

    Args:
        problem: what is wrong and where, one sentence.
        remedy: how to mend it; empty if the problem says it already.
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem}\n{self.remedy}" if self.remedy else self.problem


class UnknownName(GoldenThreadError):
    """A query, parameter, plan, partner … that does not exist; the nearest names are offered."""


class UnreadableFile(GoldenThreadError):
    """A file that is missing, cannot be read, or is not in the form its name promises."""


class BadSyntax(GoldenThreadError):
    """Turtle or SPARQL that does not parse."""


class NotCanonical(GoldenThreadError):
    """A file that is not in the canonical Turtle form (`goldenthread format --check`)."""


class UnusableStore(GoldenThreadError):
    """A folder that is no store, or a store that cannot be built, opened or read any more."""


EXIT_CODES: dict[type[GoldenThreadError], int] = {
    NotCanonical: 1,
    UnknownName: 2,
    UnreadableFile: 2,
    BadSyntax: 2,
    UnusableStore: 2,
}
