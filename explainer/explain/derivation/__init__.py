"""The rules of backpropagation derived from first principles, as sections of a page."""
