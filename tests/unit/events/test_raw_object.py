"""How raw objects are named and framed."""

import gzip

from footfall.events import raw_object


def test_an_object_is_named_by_the_utc_hour_of_its_first_line() -> None:
    assert raw_object.key(1_767_229_199_999, "n") == "2026/01/01/00/n.json.gz"
    assert raw_object.key(1_767_229_200_000, "n") == "2026/01/01/01/n.json.gz"


def test_the_same_lines_give_the_same_bytes() -> None:
    assert raw_object.compress(b"a\nb\n") == raw_object.compress(b"a\nb\n")
    assert gzip.decompress(raw_object.compress(b"a\nb\n")) == b"a\nb\n"
    assert raw_object.compress(b"a\n")[4:8] == bytes(4)
