"""Formats of a transcript: who said what, when. One file each."""
