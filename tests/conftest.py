"""What holds for every test."""

from hypothesis import settings

pytest_plugins = ["tests.plugins.opensearch", "tests.plugins.parallel"]

# Machines that run tests are shared: how long one example takes says nothing.
settings.register_profile("footfall", deadline=None, max_examples=200)
settings.load_profile("footfall")
