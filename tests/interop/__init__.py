"""Other people's tools, run on what shapespec makes: `make interop`."""
