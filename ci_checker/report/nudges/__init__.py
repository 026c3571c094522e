"""Formats of the mid-week messages. One file each; each gets one ``Nudges``."""
