"""Pure values and calculus: no clock, no I/O, nothing imported from the floors above."""
