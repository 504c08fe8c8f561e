"""Footfall: a serverless data lake for the behaviour of a web site's visitors."""

__version__ = "0.1.0"
