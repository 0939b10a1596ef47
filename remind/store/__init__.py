"""What lasts: one SQLite file with the ledger, the diary and a few facts."""
