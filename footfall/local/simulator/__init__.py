"""A shop's traffic with a stated model (docs/simulator.md): the same seed gives the same events and the same truth."""
