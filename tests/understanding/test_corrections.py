import pytest

from bot.understanding.corrections import corrected, no_longer

KNOWN = {"name": "Anna", "place": "Graz", "company": "Siemens", "email": "a@b.example"}


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("it's Hannah, not Anna", ("name", "Hannah")),
        ("no, not Anna, it's Hannah", ("name", "Hannah")),
        ("Hannah not Anna", ("name", "Hannah")),
        ("not anna but hannah", ("name", "Hannah")),
        ("nicht Anna, sondern Hannah", ("name", "Hannah")),
        ("not in Graz but in Linz", ("place", "Linz")),
        ("actually it is c@d.example, not a@b.example", ("email", "c@d.example")),
    ],
)
def test_what_is_said_in_place_of_the_old_is_the_new(text: str, fact: tuple[str, str]):
    assert list(corrected(text, KNOWN)) == [fact]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I no longer live in Graz", "place"),
        ("I don't work at Siemens any more", "company"),
        ("ich wohne nicht mehr in Graz", "place"),
        ("Graz is wrong", "place"),
        ("Graz stimmt nicht", "place"),
    ],
)
def test_what_is_no_longer_so_is_named(text: str, kind: str):
    assert list(corrected(text, KNOWN)) == []
    assert list(no_longer(text, KNOWN)) == [kind]


@pytest.mark.parametrize(
    "text", ["that's wrong", "I live in Graz", "Anna", "", "not bad", "Grazie, not now", "(?:" * 50]
)
def test_what_takes_nothing_back_changes_nothing(text: str):
    assert [*corrected(text, KNOWN), *no_longer(text, KNOWN)] == []


def test_a_value_with_signs_of_its_own_is_looked_for_as_it_is():
    assert list(no_longer("not a+b (c", {"need": "a+b (c"})) == ["need"]
