"""Pages of a list."""


def page(items: list[str], number: int, size: int) -> list[str]:
    """Items of a page, the first of which is 1."""
    start = (number - 1) * size
    return items[start : start + size]


def page_count(items: list[str], size: int) -> int:
    """How many pages there are."""
    return len(items) // size


def links(items: list[str], size: int) -> list[str]:
    """Links to all pages."""
    return [f"?page={number}" for number in range(1, page_count(items, size) + 1)]
