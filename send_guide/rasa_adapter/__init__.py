"""The only room that knows Rasa."""
