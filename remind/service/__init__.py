"""The service process: it waits for each moment, decides, shows and writes down."""
