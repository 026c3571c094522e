"""What anyone can measure on their own machine: ``python -m ci_checker.bench``."""
