"""What generated classes tell programs: defaults, groups and retired values."""

from __future__ import annotations

import dataclasses

from sagemaker_training_job import (
    CheckpointConfig,
    DebugRuleConfiguration,
    SecondaryStatus,
    StoppingCondition,
    TrainingJobStatus,
)
from tests.support import compile_text, flagship


def test_fields_have_the_defaults_of_the_service() -> None:
    """As JSON has them; where the spec says none, there is none."""
    found = {
        field.name: field.metadata.get("default")
        for made in (StoppingCondition, CheckpointConfig)
        for field in dataclasses.fields(made)
    }

    assert 86400 == found["max_runtime_in_seconds"]
    assert "/opt/ml/checkpoints/" == found["local_path"]
    assert found["s3_uri"] is None
    assert "default" not in dataclasses.fields(DebugRuleConfiguration)[0].metadata


def test_every_default_of_the_spec_is_there() -> None:
    """All that members state."""
    stated = sum(
        member.default is not None
        for shape in flagship().shapes.values()
        for member in getattr(shape, "members", ())
    )
    package = __import__("sagemaker_training_job")
    made = [
        getattr(package, name)
        for name in package.__all__
        if dataclasses.is_dataclass(getattr(package, name))
    ]
    found = [
        field
        for one in dict.fromkeys(made)
        for field in dataclasses.fields(one)
        if "default" in field.metadata
    ]

    assert stated == len(found) > 0


def test_values_know_their_group_and_whether_they_are_retired() -> None:
    """A secondary status belongs to a primary one."""
    assert TrainingJobStatus.STOPPED == SecondaryStatus.MAX_RUNTIME_EXCEEDED.group
    assert SecondaryStatus.LAUNCHING_ML_INSTANCES.retired
    assert not SecondaryStatus.TRAINING.retired
    groups = {one.group for one in SecondaryStatus} - {None}
    assert groups == {str(one) for one in TrainingJobStatus} & groups


def test_a_value_that_is_called_so_keeps_its_name() -> None:
    """What the spec names goes first."""
    made = compile_text(
        """
shapespec: 1
package: books
shapes:
  Book: {type: structure, members: {State: State}}
  State:
    type: enum
    values: {here: {python: retired}, away: {retired: true}}
""",
        targets=("dataclasses",),
    ).package

    assert "here" == made.State.retired
    assert "away" == made.State.AWAY
