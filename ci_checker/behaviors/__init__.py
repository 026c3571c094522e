"""Stage 4: which behaviors a call shows, with quotes, places, probabilities and reasons."""
