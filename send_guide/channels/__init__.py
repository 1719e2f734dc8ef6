"""How people reach the guide: one file a medium."""
