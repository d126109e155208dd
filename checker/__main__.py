"""python -m checker"""

from checker.cli import app

app()
