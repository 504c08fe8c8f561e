"""The demo shop: a few pages that `footfall up` serves, with the tracker in them, to try it on."""
