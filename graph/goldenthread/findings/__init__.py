"""Findings: what planners should look at, each with its severity, its reasons and the places it rests on.

A finding is computed, never typed in. Kinds that one query can find live in `queries/gaps/` and
`queries/dependencies/`, with the words of the finding in the header of the query; those that need more than a query
come from `goldenthread.analysis`. How serious a kind is stands in a profile, `profiles/severity.yaml` by default, so
that a partnership can set its own.
"""
