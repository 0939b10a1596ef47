"""Pure functions and values: no clock, no I/O, nothing imported from the floors above."""
