"""`python -m regulars.cli`: the command line, where no script is installed."""

if __name__ == "__main__":
    from regulars.cli.main import app

    app(prog_name="regulars")
