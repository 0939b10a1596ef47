"""The service process: it waits for each fire time, decides, shows and records."""
