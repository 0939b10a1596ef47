"""The parts of one open database."""

from remind.store.database import Database
from remind.store.diary import Diary
from remind.store.key_value import KeyValueStore
from remind.store.ledger import Ledger


class Store:
    """The ledger, the diary and the named values of `database`."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.ledger = Ledger(database)
        self.diary = Diary(database)
        self.key_values = KeyValueStore(database)
