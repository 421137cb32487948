"""What the editor of queries asks as one writes; its bundles are made from `frontend`."""
