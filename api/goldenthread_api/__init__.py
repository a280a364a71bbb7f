"""The home of the web service; version 0.1 has no service yet."""
