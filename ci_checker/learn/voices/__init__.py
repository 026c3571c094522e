"""The speaker model that tells two voices of one channel apart: how it is made and measured."""
