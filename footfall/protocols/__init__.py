"""One file a client protocol, or a kind of file, to and from the event."""
