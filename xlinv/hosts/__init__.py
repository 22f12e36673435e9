"""Thin adapters: what carries the catalogue and the actions into each program."""
