"""Commands: due tells when a file would be due."""
