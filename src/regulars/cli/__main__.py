"""`python -m regulars.cli`: the command line, where no script is installed."""

from regulars.cli.main import app

app(prog_name="regulars")
