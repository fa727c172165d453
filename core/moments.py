"""When a row was written, by the clock of the database: whoever writes past the portal can't date a row back."""

import pgtrigger


def dated_by_database(column: str) -> pgtrigger.Trigger:
    """The moment of an insert, whatever the row says of it. The clock's own and not the transaction's: what is written
    one after the other is dated so."""
    return pgtrigger.Trigger(
        name="dated",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"NEW.{column} := clock_timestamp(); RETURN NEW;",
    )
