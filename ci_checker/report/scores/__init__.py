"""Formats of score results: behaviors with their evidence, a call at a time. One file each."""
