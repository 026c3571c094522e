"""Formats of a report: the pre-1:1 evidence of a rep. One file each."""
