"""Sound in which nobody says a word: what a recognizer makes of it is invented."""
