"""Importers: documents and service models to facts, one small package a format."""
