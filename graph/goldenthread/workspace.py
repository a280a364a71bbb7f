"""The workspace: the folder for what a user adds to the shipped graph, such as verdicts on findings."""

from pathlib import Path

from goldenthread.errors import UnreadableFile
from goldenthread.files import write_whole


class Workspace:
    """A folder of the user.

    Args:
        folder: where it is; by default the place for user data of this system. It is made when first written to.
    """

    def __init__(self, folder: Path | None = None) -> None:
        if folder is None:
            from platformdirs import user_data_path

            folder = user_data_path("goldenthread", appauthor=False)
        self.folder = folder

    @property
    def reviews(self) -> Path:
        """The file of the verdicts of reviewers."""
        return self.folder / "reviews.ttl"

    def write(self, path: Path, text: str) -> None:
        """Write a file of the workspace whole: a crash leaves the old one or the new one.

        Raises:
            UnreadableFile: the folder or the file cannot be written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnreadableFile(
                f"{path.parent} cannot be made: {error.strerror or error}.", "Name a folder of yours with --workspace."
            ) from None
        write_whole(path, text.encode())
