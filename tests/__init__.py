"""Tests. Helpers that benchmarks use too: servers.py."""
