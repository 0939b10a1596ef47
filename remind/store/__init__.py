"""The database: one SQLite file with the ledger, the diary and a few named values."""
