"""How the guide goes on: what was understood and what is known in, typed replies out. No Rasa, no storage."""
