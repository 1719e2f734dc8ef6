"""Takes out what could tell who somebody is."""
