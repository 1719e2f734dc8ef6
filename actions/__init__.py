"""What Rasa calls: thin actions, one file a family. The words come from ``data/``."""
