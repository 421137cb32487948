"""Results drawn as SVG, on the server: one module a view, each pure, none knows HTTP."""
