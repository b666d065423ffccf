"""Which requirements of a release say nothing that another one of it does not say?"""

from collections.abc import Collection

from normalize.requirements import Requirement, parse_requirement


def implied(texts: Collection[str]) -> frozenset[str]:
    """Return the requirements that another one contains: as many clauses and extras or more, wherever it applies.

    Of two that say the same in two spellings, the one that sorts first is kept. What is no requirement implies nothing.

    >>> sorted(implied(["lib<3,>=2", "lib>=2", "lib>=1", "lib>=2; os_name == 'nt'", "lib[x]>=2"]))
    ['lib>=2', "lib>=2; os_name == 'nt'"]
    """
    several = sorted(set(texts))
    read = {text: found for text in several if (found := parse_requirement(text)) is not None and found.url is None}
    return frozenset(
        text
        for text, one in read.items()
        if any(
            _contains(other, one) and (text > rest or not _contains(one, other))
            for rest, other in read.items()
            if rest != text
        )
    )


def _contains(whole: Requirement, part: Requirement) -> bool:
    return (
        whole.project == part.project
        and whole.condition in ("", part.condition)
        and set(part.extras) <= set(whole.extras)
        and frozenset(part.specifier) <= frozenset(whole.specifier)
    )
