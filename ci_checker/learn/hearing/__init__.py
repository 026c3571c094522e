"""How well calls are heard: word errors by condition and precision, word times, who spoke, what nobody said."""
