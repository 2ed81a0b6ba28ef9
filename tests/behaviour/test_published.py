"""Some of the example outputs that the AWS CLI publishes; `make aws` tries them all."""

from __future__ import annotations

import pytest

from tests.published.__main__ import expected, faults
from tests.published.examples import Example, examples, folder
from tests.published.service import judged

SERVICES = ("dynamodb", "lex-runtime", "sqs", "s3", "codepipeline", "kinesis", "xray")
"""Services whose examples are tried here."""


@pytest.fixture(scope="module")
def published() -> list[Example]:
    """The examples of the installed AWS CLI."""
    root = folder()
    if root is None:
        pytest.skip("the AWS CLI is not installed; `make test` installs it")
    return list(examples(root))


@pytest.mark.parametrize("service", SERVICES)
def test_published_outputs_are_valid(published: list[Example], service: str) -> None:
    """Errors are only where the example itself is wrong, as the list has it."""
    given = [one for one in published if one.service == service]

    found = judged(service, given)

    names = {one.name for one in found}
    wrong = {(one.name, pointer) for one in found for _, pointer, _ in one.errors}
    assert {place for place in expected() if place[0] in names} == wrong
    assert all(one.agreed for one in found)


def test_there_are_thousands(published: list[Example]) -> None:
    """The reader finds the outputs in the files, and the JSON in them."""
    assert 4000 < sum(one.is_json for one in published)


def test_faults_are_of_examples_that_exist(published: list[Example]) -> None:
    """An entry about an example that is gone would never be stale otherwise."""
    names = {one.name for one in published}

    assert {name for name, _ in expected()} <= names
    assert all(listed for listed in faults().values())
