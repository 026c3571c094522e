"""One adapter a file; each module offers ``open_engine(model, **options) -> Engine``."""
