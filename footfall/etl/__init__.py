"""The pipeline of models over an engine, and the books."""
