"""One folder a dataset: `dataset.yml`, `loader.py` and the files that ship in `source/`."""
