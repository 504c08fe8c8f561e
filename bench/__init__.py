"""The figures that Footfall promises: one module a figure, run by `python -m bench.NAME [--quick]`."""
