from bot.store.ids import new_id


def test_no_name_begins_as_a_formula_does_and_none_comes_twice():
    names = [new_id(16) for _ in range(2_000)]

    assert not any(name.startswith(("-", "+", "=", "@")) for name in names)
    assert len(set(names)) == len(names) and {len(name) for name in names} == {22}
