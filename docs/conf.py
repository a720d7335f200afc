"""How Sphinx builds these pages: `make docs`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from winnow.corpus import __version__  # after the path

project = "Winnow"
author = "Winnow's authors"
release = __version__
html_title = f"Winnow {release}"
html_theme = "furo"  # brings its own files; pages load nothing from elsewhere
html_show_copyright = False
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
myst_heading_anchors = 4  # so that links to headings are checked
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True}
default_role = "code"  # docstrings write `name`
