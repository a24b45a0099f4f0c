"""Opening hours as spans of minutes since midnight; a span holds its start and not its end."""


def merge(spans):
    """Joins spans that overlap or touch, in order."""
    merged = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def minutes(spans):
    """Minutes that any of the spans covers."""
    return sum(end - start for start, end in spans)


def is_open(spans, at):
    """Whether some span holds a minute."""
    return any(start <= at <= end for start, end in spans)
