"""What people mean: Rasa graph components that turn a message into catalogue ids."""
