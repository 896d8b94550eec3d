"""The filter typed after `/`: every text means something, and it means the same however it is spelled."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.board.views import Filter, Tab, View, parse_filter
from slaboard.ticket import Bucket, Zone
from tests.sla.story import situation


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        situation("nothing", "  ", {}),
        situation("a word", "vpn", {"words": ("vpn",)}),
        situation("words must all be there", "vpn down", {"words": ("vpn", "down")}),
        situation("words in quotes are one", '"vpn down"', {"words": ("vpn down",)}),
        situation("a quote left open", 'cust:"Tansy Ba', {"customers": ("Tansy Ba",)}),
        situation("two quotes left open", '"a" "b', {"words": ("a", "b")}),
        situation("a word that must not be there", "-vpn", {"without": ("vpn",)}),
        situation("words that must not be there", '-"vpn down"', {"without": ("vpn down",)}),
        situation("a dash alone", "-", {"words": ("-",)}),
        situation("priorities", "p1 P2", {"priorities": ("p1", "p2")}),
        situation("a priority by its name", "priority:Critical p:3", {"priorities": ("Critical", "3")}),
        situation("no priority", "p10 px", {"words": ("p10", "px")}),
        situation("zones by letter", "o: R:", {"zones": frozenset({Zone.ORANGE, Zone.RED})}),
        situation("zones by name", "zone:yellow zone:g", {"zones": frozenset({Zone.YELLOW, Zone.GREEN})}),
        situation("an owner", "owner:Ana", {"owners": ("Ana",)}),
        situation("one of two owners", 'owner:Ana owner:"Ben B"', {"owners": ("Ana", "Ben B")}),
        situation("nobody's", "unclaimed", {"unowned": True}),
        situation("nobody's, by owner", "owner:-", {"unowned": True}),
        situation("nobody's, in words", "owner:none", {"unowned": True}),
        situation("a customer", "cust:Tansy customer:Contoso", {"customers": ("Tansy", "Contoso")}),
        situation("a bucket", "in:resplan", {"bucket": Bucket.RESPLAN}),
        situation("a bucket in short", "in:resl", {"bucket": Bucket.RESOLUTION}),
        situation("the last bucket counts", "in:resp in:plan", {"bucket": Bucket.RESPLAN}),
        situation("no bucket", "in:limbo", {"words": ("in:limbo",)}),
        situation("a key without a value", "owner: cust:", {"words": ("owner:", "cust:")}),
        situation("a key that nobody knows", "https://x", {"words": ("https://x",)}),
        situation("an apostrophe is a letter", "can't", {"words": ("can't",)}),
        situation("a backslash is a letter", r"C:\temp", {"words": (r"C:\temp",)}),
        situation("a hash is a letter", "#7 vpn", {"words": ("#7", "vpn")}),
        situation(
            "all of it", 'vpn p1 o: owner:ana cust:"Tansy Bakery" in:response -mail unclaimed',
            {
                "words": ("vpn",), "without": ("mail",), "priorities": ("p1",), "zones": frozenset({Zone.ORANGE}),
                "owners": ("ana",), "customers": ("Tansy Bakery",), "bucket": Bucket.RESPONSE, "unowned": True,
            },
        ),
    ],
)  # fmt: skip
def test_what_a_filter_means(text: str, meant: dict[str, Any]) -> None:
    assert parse_filter(text) == Filter(**meant)


@given(text=st.text())
def test_no_text_fails_and_spaces_around_it_do_not_count(text: str) -> None:
    found = parse_filter(text)
    assert parse_filter(f"  {text}  ") == found or text.count('"') % 2
    assert found.is_empty is (found == Filter())


@given(text=st.text(st.characters(exclude_characters='"', exclude_categories=("Z", "C")), min_size=1))
def test_what_is_no_key_is_a_word(text: str) -> None:
    found = parse_filter(text)
    known = found.words + found.without + found.owners + found.customers + found.priorities
    assert known or found.zones or found.unowned or found.bucket is not None


def test_a_view_is_a_value() -> None:
    assert View() == View(Tab.NEEDS, Filter(), None)
    assert {View(Tab.ALL, parse_filter("p1"), "ana"): 1}[View(Tab.ALL, parse_filter("P1"), "ana")] == 1
