"""Formats of the leader's view. One file each; each gets one ``Cadence``."""
