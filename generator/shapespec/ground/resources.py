"""Where the files are that ship beside the code: templates, specs, pages."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parents[1]
_BUNDLED = _HERE / "_bundled"
_ROOT = _BUNDLED if _BUNDLED.is_dir() else _HERE.parents[1]

CODE = _HERE
TEMPLATES = _ROOT / "templates"
SPECS = _ROOT / "spec"
FLAGSHIP = SPECS / "sagemaker" / "training_job.yaml"
PACKAGE = (
    _HERE.parent if _BUNDLED.is_dir() else _ROOT / "generated" / "python"
) / "sagemaker_training_job"
"""What the flagship was compiled into."""
EXPLANATIONS = _HERE / "explanations"
