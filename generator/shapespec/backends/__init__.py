"""The targets: one backend each, all of the same small protocol; `run` has them all."""
