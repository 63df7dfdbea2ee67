"""`python -m motcua` is the `motcua` command."""

import sys

from motcua.project.cli import main

sys.exit(main())
