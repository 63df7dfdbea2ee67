"""Commands: workflow checks a drawing."""
