"""The server under test: the product's, with its settings from the environment."""

import os

from regulars.api.serving import serve
from regulars.settings import from_environment

if __name__ == "__main__":
    serve(from_environment(os.environ))
