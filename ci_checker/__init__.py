"""Check sales-coaching commitments against evidence from recorded calls, on this machine only."""

__version__ = "0.1.0"
