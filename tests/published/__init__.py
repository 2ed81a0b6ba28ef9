"""The example outputs that the AWS CLI publishes, each held against its operation."""
