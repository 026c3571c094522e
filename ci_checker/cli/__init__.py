"""The command line: parsing, prompts, progress, exit status. Each command is one small module."""
