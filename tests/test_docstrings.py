"""The examples in docstrings run and print what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import sim

MODULES = [
    found.name
    for found in pkgutil.walk_packages(sim.__path__, "sim.")
    if not found.name.endswith(("__main__", "._shared"))  # the last has no source
]


def examples(name: str) -> list[doctest.DocTest]:
    module = importlib.import_module(name)
    return [found for found in doctest.DocTestFinder().find(module) if found.examples]


def test_there_are_examples_to_run():
    assert sum(len(examples(name)) for name in MODULES) > 50


@pytest.mark.parametrize("name", MODULES)
def test_examples_print_what_they_say(name: str):
    runner = doctest.DocTestRunner(verbose=False)
    told: list[str] = []
    for found in examples(name):
        runner.run(found, out=told.append)

    assert runner.summarize(verbose=False).failed == 0, "".join(told)
