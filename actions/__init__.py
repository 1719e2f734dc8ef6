"""The actions that Rasa calls."""
