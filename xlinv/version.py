"""The version of the engine, stated once."""

__version__ = "0.1.0"
