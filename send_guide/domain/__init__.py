"""What is true of guidance, pure: no Rasa, no storage, no network."""
