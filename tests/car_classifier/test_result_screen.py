from io import StringIO

from rich.console import Console

from car_classifier.result_screen import create_table, print_whole


def test_a_table_that_is_wider_than_the_terminal_loses_no_digit():
    output = StringIO()
    table = create_table(["model", "weights", "trainable"], numbers=["weights", "trainable"])
    table.add_row("convnextv2_huge", "658,024,772", "658,024,770")
    print_whole(Console(file=output, width=30), table)
    assert output.getvalue().splitlines()[1].split() == ["convnextv2_huge", "658,024,772", "658,024,770"]
