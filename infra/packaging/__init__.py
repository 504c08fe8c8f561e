"""Packs the code of each Lambda and Glue job, with only what it uses, without Docker."""
