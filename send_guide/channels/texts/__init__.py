"""SMS and WhatsApp: the same guidance by text, through Twilio and through Meta's Cloud API."""
