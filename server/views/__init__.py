"""One blueprint per concern; each module here has its own, called `blueprint`."""
