"""What is given: the model of a problem, reading and checking it, conventions, and errors that name the place."""
