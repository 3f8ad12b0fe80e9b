"""Keys: the beginning of an id is a range of them, and the addresses of one page have the same."""

from __future__ import annotations

from firstwire.index.keys import key_of, key_of_page, keys_meant

ID = "8f3a9b21c04de588128f3a9b21c04de5"


def test_ids_of_hexadecimal_digits_keep_their_order() -> None:
    ids = ["0" * 32, "7" + "f" * 31, ID, "f" * 32]
    keys = [key_of(each) for each in ids]
    assert keys == sorted(keys)
    assert all(-(1 << 47) <= key < 1 << 47 for key in keys)


def test_a_beginning_means_the_ids_that_begin_with_it() -> None:
    for length in (4, 8, 15):
        _, lowest, highest = keys_meant(ID[:length], 4)
        assert lowest <= key_of(ID) <= highest
        assert not lowest <= key_of("9" + ID[1:]) <= highest
    for whole in (ID, "an-article", "a101", ID[:3]):
        assert key_of(whole) in keys_meant(whole, 4)
    assert keys_meant(ID[:3], 4)[1] == keys_meant(ID[:3], 4)[2]


def test_addresses_of_one_page_have_one_key() -> None:
    assert key_of_page("https://www.a.example/x/?utm_source=y") == key_of_page("http://a.example/x")
    assert key_of_page("https://a.example/x") != key_of_page("https://a.example/y")
