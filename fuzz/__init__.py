"""Coverage-guided fuzzing: ``make fuzz TARGET=parse SECONDS=600``.

::

    seeds, strings of the tests, --data     corpus    what to begin with
     | atheris (libFuzzer)                  running   mutates what reaches new code
     v
    parse, extract, clean, config, render             one target each: ``check(data)``
     | truths, markup                                 what must hold for any input at all
     v
    build/fuzz/TARGET/findings                        the smallest input for each fault

A target is a function of bytes that raises when something does not hold; it needs nothing but the
program itself, so that ``tests/test_fuzz_cases.py`` replays the cases in ``tests/cases/fuzz``
without atheris.
"""
