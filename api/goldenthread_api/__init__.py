"""The web service of Golden Thread: SPARQL endpoint, JSON API and pages."""
