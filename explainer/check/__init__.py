"""Whether what is printed is true: equalities, gradients, δ, and published figures."""
