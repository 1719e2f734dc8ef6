"""Measures what the guide makes of questions and of whole conversations."""
