"""From a trace to a document: what is said, in which order, in whose notation."""
