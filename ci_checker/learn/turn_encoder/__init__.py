"""Rebuild ``models/turn-encoder``: MiniLM's upper layers fine-tuned on the labelled training turns."""
