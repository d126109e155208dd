"""What a rule may ask of a claim: the documented fields, and what kind of thing each is.

The bare name of a variable stands for the interval of the claim's figure. What is only shown may be searched for words,
with `has`.
"""

from __future__ import annotations

TEXT_FIELDS = {
    "id": "the claim itself, to relate others to it by the next four",
    "part_of": "the whole or total an amount, or the amount a share is of, is part of; what a difference is from",
    "listing": "the first of the parts that together make up a whole; unknown where the text does not list them all",
    "among": "the first of the parts that one list names, perhaps not all there are; unknown where it is left open",
    "subject": "the amount that a share, growth, a rate of fulfilment, a difference or the reach of a plan is said of",
    "document": "the file the claim stands in",
    "document_kind": "what sort of document that is: budget report, statistical bulletin; unknown where that is open",
    "metric": "what is measured, in the words of the text",
    "concept": "the vocabulary entry of the metric; unknown for most",
    "attribute": "level, growth, share, multiple, streak, rank, rate or change",
    "modality": "actual, estimate or target",
    "qualifier": "exact, about, nearly, over, under, at_least or malformed: its digits are no number, 542,62",
    "unit": "the base unit",
    "number_to": "the digits of the second end of a printed range; unknown where one number is printed",
    "dimension": "what the unit measures: money, people, length",
    "place": "the place the figure is about",
    "scope": "the narrower subject; empty for the place as a whole",
    "whole": "what a share or a part is taken of",
    "series": "one metric of one place and scope over all periods; unknown for a claim that stands alone",
    "fact": "the series in one period with one kind of modality",
    "measure": (
        "metric, place and scope whatever the attribute and unit, to relate a level to its growth, change or multiple; "
        "unknown where a document gives several figures for one thing"
    ),
    "kind": "flow, stock, rate or index; unknown for metrics outside the vocabulary, like the nine below",
    "price_level": "at which prices the level is published: current or constant",
    "price_growth": "at which prices growth is published: current or constant",
    "growth_basis": "comparable where growth is over a year before that was counted anew on the same coverage",
    "total": "for a metric per head, the concept that is shared out",
    "population": "for a metric per head, the concept of those it is shared out among",
    "dividend": "for a metric that is a quotient by definition, the concept that is divided",
    "divisor": "for a metric that is a quotient by definition, the concept that it is divided by",
    "minuend": "for a metric that is a difference by definition, the concept that is subtracted from",
    "subtrahend": "for a metric that is a difference by definition, the concept that is subtracted",
    "basis": "how growth is measured: 年均, 实际, 同口径, 相比 (with a place or goal); empty for over the year before",
    "period": "first and last day as one text, 2020-01-01/2020-12-31",
    "year_before": "the same days one year earlier, written the same",
    "base": "first and last day of the period a multiple or change is measured against, written the same",
}
DATE_FIELDS = {
    "period_start": "first day",
    "period_end": "last day",
    "document_date": "the day the document is dated",
    "base_start": "first day of the base period",
    "base_end": "last day of the base period",
}
# In the base unit, and so of the dimension of the claim; all other numbers are plain.
AMOUNT_FIELDS = {
    "value": "the figure as printed, in the base unit",
    "low": "the low end of the interval; unknown when unbounded",
    "high": "the high end of the interval; unknown when unbounded",
    "step": "one unit of the last printed digit",
}
NUMBER_FIELDS = {
    **AMOUNT_FIELDS,
    "order": "the running number of the claim in its document",
    "passage": "the running number of its sentence in the document",
    "line": "the line it stands on",
    "rivals": "how many other figures of the same fact, or the same name, attribute and unit stand in its sentence",
    "plans": "how many plans of the same series, attribute and unit its sentence states",
    "year": "the year of period_end",
    "first_year": "the year of period_start",
    "days": "how many days the period has",
}
SHOWN_FIELDS = {
    "title": "the title of its document, or its file where it has none",
    "text": "the quantity as printed, without layout",
    "number": "its digits as printed",
    "sentence": "the sentence around it",
    "context": "that and the two sentences in front and behind, as far as they state figures",
}
MEASURES = {
    "equal_neighbours": (
        "for the variables a and b: how many other exact figures stand in the sentence of a and, of the same series, "
        "with the same value and unit, in the sentence of b"
    ),
}
FUNCTIONS = {
    "abs": "the figure without its sign",
    "percent": "a percentage as a plain number: 5% is 0.05",
    "round": (
        "a figure to so many digits after the point, or of tens where negative: every number it stands for is rounded, "
        "a tie either way (GB/T 8170: half to even); round(a.value, 0) rounds the one printed"
    ),
    "min": "the least of some figures, or of a set: min(a, b), min(parts)",
    "max": "the greatest of some figures, or of a set",
    "doublings": "what so many doublings make: 翻2番 is 4 times, 翻3番 is 8",
    "compound": "what one grows to at a yearly rate in percent over 1 to 100 years: compound(5%, 2) is 1.1025",
    "known": "whether a field has a value",
    "sum": "the sum of a set",
    "count": "how many claims a set holds",
    "quotes": "whether the sentence of one variable states the figure of another as well: quotes(outcome, plan)",
}

KINDS = {
    **dict.fromkeys(TEXT_FIELDS, "text"),
    **dict.fromkeys(DATE_FIELDS, "date"),
    **dict.fromkeys(NUMBER_FIELDS, "number"),
}
