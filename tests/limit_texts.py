"""Texts that have so much of something: characters, words, lines, notes, comments, paragraphs."""

NETWORKS = ("Facebook", "Twitter", "WhatsApp", "LinkedIn", "Pinterest")
QUOTE = "The river rose by two metres in a single night and nobody in the old town slept until morning came"


def paragraph(number: int, words: int = 24) -> str:
    """A paragraph that no other number gives."""
    return f"Ward {number} counted " + " ".join(f"household{number}x{word}" for word in range(words)) + "."


def paragraphs(number: int) -> list[str]:
    return [paragraph(each) for each in range(number)]


def short(number: int) -> list[str]:
    """Short lines that say nothing."""
    return [f"Harbour basin {each}" for each in range(number)]


def padded(start: str, length: int, end: str = "") -> str:
    """A line of a length, made of a beginning, a word repeated, and an end."""
    filling = " harbour" * length
    return start + filling[: length - len(start) - len(end) - 1] + "x" + end


def named(length: int) -> str:
    """A byline of three names, of a length."""
    letters, rest = divmod(length - len("By  "), 3)
    return f"By A{'d' * (letters - 1)} M{'o' * (letters - 1)} F{'e' * (letters + rest - 2)}"


def person(length: int) -> str:
    return f"Ada {'M' + 'o' * (length - len('Ada  Editor') - 1)} Editor"


def scene(words: int) -> str:
    return f"Harboursideview {'boat ' * (words - 5)}".strip() + ", Oslo, May 3, 2016."


def section(signature: str, above: int = 2, signatures: int = 2) -> list[str]:
    """A comment section under some paragraphs."""
    signed = [line for n in range(signatures) for line in (signature, f"It rained here too on day {n}")]
    return [*paragraphs(above), "3 Comments", *signed, "Nobody saw it"]


def signed(
    signature: str = "Ada Moss says:",
    *,
    posts: int = 3,
    above: int = 2,
    between: int = 0,
    heading: str = "",
) -> list[str]:
    """Posts of readers under some paragraphs, each with its signature and some lines more."""
    post = (signature, "It rained here too, and nobody told us.", *short(between))
    return [*paragraphs(above), *([heading] if heading else []), *post * posts]


def headlines(number: int, *, between: int = 0) -> list[str]:
    """Headlines with a time each, the newest first, and some short lines behind each."""
    return [
        line
        for n in range(number)
        for line in (f"{20 - n}:10 Mayor opens gate {n} by hand", *short(between))
    ]


def teasers(summary: str, title: str = "The harbour was built by hand", *, titles: int = 2) -> list[str]:
    """A heading of teasers, their titles, and a summary of the last one."""
    return ["Related articles", *[title] * titles, summary]


def notes(*numbers: object) -> list[str]:
    """A text that cites notes, and their list under it."""
    marks = "".join(f" rain[{number}]" for number in numbers)
    entries = [f"[{number}] Ada Moss, The river in spring." for number in numbers]
    return [paragraph(0) + marks, paragraph(1), *entries]


def cited(*numbers: int) -> list[str]:
    return [paragraph(0) + "".join(f" The rain fell[{number}]." for number in numbers), paragraph(1)]


def contents(tables: int, entries: int = 1) -> list[str]:
    """Tables of contents, whose entries come back as headings, and a paragraph after each heading."""
    heads = [f"Part {table} of the harbour {entry}" for table in range(tables) for entry in range(entries)]
    lists = [
        line
        for table in range(tables)
        for line in ("Table of Contents", *heads[table * entries : (table + 1) * entries], paragraph(table))
    ]
    return [*lists, *(line for n, head in enumerate(heads) for line in (head, paragraph(100 + n)))]  # fmt: skip


def spread(gap: int) -> list[str]:
    """Three buttons with other lines between them."""
    between = short(gap - 1)
    return [paragraph(0), NETWORKS[0], *between, NETWORKS[1], *between, NETWORKS[2], paragraph(1)]


def lifted(quote: str, body: str | None = None) -> list[str]:
    """A line between paragraphs that copies words of the paragraph above."""
    above = f"{body or quote.strip('“”.')} while {paragraph(50)}"
    return [*paragraphs(2), above, quote, paragraph(3)]


def words(number: int, length: int = 6) -> str:
    """Words of a length, each another."""
    return "The " + " ".join(
        f"{chr(97 + n % 26) * (length - 1)}{chr(97 + n // 26)}" for n in range(number - 1)
    )


def reworded(number: int, content_words: int = 0) -> list[str]:
    """A quote of so many words, one of which is another in the paragraph: the last of some longer ones, or of all."""
    body = [f"{chr(97 + n)}ver" + "x" * (not content_words) for n in range(number - content_words)]
    body += [f"{chr(97 + n)}bove" for n in range(content_words)]
    quote = [*body[:-1], "under"]
    return lifted(f"“{' '.join(quote)}.”", " ".join(body))


def titled(place: int, title: str = "Rain falls on the old harbour", again: int | None = None) -> list[str]:
    """A title in a line of the head, and once more before the first paragraph."""
    between = short(10)[: (place + 2 if again is None else again) - place - 1]
    return [*[f"Basin {n} of ten" for n in range(place)], title, *between, title, *paragraphs(3)]


def printed_again(between: int, behind: int = 5, text: str = paragraph(7)) -> list[str]:
    """A paragraph, and the same again some lines further down."""
    return [*paragraphs(3), text, *(paragraph(20 + n) for n in range(between)), text,
            *(paragraph(40 + n) for n in range(behind))]  # fmt: skip


def gallery(lines: int = 4, title: str = "Boats in the basin", weight: int = 400) -> list[str]:
    """A title of a picture, printed several times under the last paragraph."""
    return [
        *(paragraph(n, 12)[:200] for n in range(3)),
        paragraph(9, 30)[: weight - 1] + ".",
        *[title] * lines,
    ]
