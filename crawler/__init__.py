"""From a package index to the dataset."""
