"""The quality figures of the house, measured on data that lies beside it, against pinned floors.

    briefing eval [NAME] --data DIR --json

One module for each eval (:data:`evals.running.NAMES`), each with ``options`` (what may be asked of
it beside the data), and ``figures`` (the measuring). What they share::

    running    which evals there are, and how one or all of them are run
    reading    files and rows; a bad row is left out, counted and named
    floors     the pinned floors of ``floors.json``; raising and lowering them
    product    models and limits as the product uses them
    gold       gold pairs as the product's nouns
    measures   areas, thresholds and balanced accuracy of scores
    small      a few invented gold pairs that are shipped, for tests

Not part of the installed package: it needs the checkout.
"""
