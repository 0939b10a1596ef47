"""What works here and what does not: checks that look and change nothing."""
