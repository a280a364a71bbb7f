"""Analyses of the graph: plain data in, plain data out; nothing here reads files or prints."""
