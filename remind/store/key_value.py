"""Single facts to be remembered, as text under a name."""

from remind.store.database import Database


class Facts:
    """The facts in `database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> str | None:
        """What was last set under `name`; None if nothing was."""
        with self._database.read() as connection:
            row = connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set(self, name: str, value: str) -> None:
        """Remember `value` under `name` in place of what was there."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )
