"""Project: a piece of work for a customer."""

from datetime import date

from memory.records.money import Money
from memory.records.project import Project


def test_the_same_name_for_two_customers_is_two_projects():
    one = Project(name="Landing page", customer="customer_1")

    assert one.key() == "customer_1/landing page"
    assert one.record_id() != one.changed(customer="customer_2").record_id()


def test_the_line_tells_what_the_customer_said():
    project = Project(
        name="Landing page", deadline=date(2026, 4, 3), budget=Money.of("1200", "EUR")
    )

    assert project.line() == "Project: Landing page, wanted by 3 April 2026, budget 1,200 EUR"
    assert Project(name="Logo").line() == "Project: Logo"
