"""SEND Guide: what schools and the council have to do for children with SEND."""

__version__ = "0.3.0"
