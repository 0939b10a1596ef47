"""What a login manager reads is one file in the person's home, sealed so that an edit shows."""

from pathlib import Path

from remind.errors import RemindError, SettingsError
from remind.files import Folders, os_errors_as, read_text, write_atomically
from remind.login.manager import LoginManager


def digest(body: str) -> str:
    """Return the checksum by which remind knows a text that it wrote."""
    import hashlib  # `remind status` needs none of it

    return hashlib.sha256(body.encode()).hexdigest()[:16]


class FileManager(LoginManager):
    """A login manager that reads the file at `path`."""

    def __init__(self, path: Path, folders: Folders) -> None:
        super().__init__(folders)
        self.path = path

    @property
    def where(self) -> str:
        return str(self.path)

    def is_installed(self) -> bool:
        return self.path.exists()

    def _written(self) -> str | None:
        try:
            return read_text(self.path)
        except FileNotFoundError:
            return None
        except SettingsError as error:
            raise RemindError(str(error)) from error

    def _write(self, text: str) -> None:
        write_atomically(self.path, text)

    def _remove(self) -> None:
        self._deactivate()
        with os_errors_as(self.path):
            self.path.unlink()

    def _deactivate(self) -> None:
        """Stop the service, and make the manager forget the file before it is removed."""
        self._end()
