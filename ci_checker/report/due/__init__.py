"""Formats of what is to be checked. One file each; each gets one ``Due``."""
