"""Golden Thread: the knowledge graph of partnership plans."""
