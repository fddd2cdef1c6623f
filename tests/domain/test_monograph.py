"""The 35 points of the monograph: each once, in our words, and each tied to rules that exist."""

from titration.domain.guidance import load_guidance
from titration.domain.guidance.monograph import load_points, load_sections, load_unseen, points_of_rule


def test_holds_the_35_points_once_and_in_order() -> None:
    assert [point.number for point in load_points()] == list(range(1, 36))


def test_every_point_says_where_the_product_does_it() -> None:
    for point in load_points():
        assert point.says.endswith("."), point.number
        assert point.here.endswith("."), point.number


def test_every_section_stands_once_under_its_own_anchor() -> None:
    slugs = [section.slug for section in load_sections()]
    assert len(slugs) == len(set(slugs))
    assert all(slug.replace("-", "").isalnum() for slug in slugs)
    assert sum(len(section.points) for section in load_sections()) == len(load_points())


def test_points_name_only_rules_that_exist() -> None:
    known = {card.code for card in load_guidance().rules}
    assert {code for point in load_points() for code in point.rules} <= known


def test_a_rule_rests_on_a_point_of_the_monograph_or_says_that_there_is_none() -> None:
    for card in load_guidance().rules:
        assert bool(points_of_rule(card.code)) == bool(card.monograph), card.code


def test_sections_that_rules_cite_are_sections_of_the_monograph() -> None:
    titles = {section.title for section in load_sections()}
    for card in load_guidance().rules:
        assert set(filter(None, card.monograph.split("; "))) <= titles, card.code


def test_words_follow_the_house_rule_of_consider_never_give() -> None:
    for point in load_points():
        assert " give " not in f" {point.says} {point.here} ".lower()


def test_names_what_the_rules_do_not_see() -> None:
    assert {"Other medicines", "The kidney", "What nobody reports"} <= {unseen.what for unseen in load_unseen()}
