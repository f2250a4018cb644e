"""Pages of a list."""


def page(items: list[str], number: int, size: int) -> list[str]:
    """Items of a page, the first of which is 1."""
    start = (number - 1) * size
    return items[start : start + size]
