"""The rules of backpropagation derived from first principles, in letters, as chains of equal formulas.

From gradient descent and the chain rule to the change of a weight, to δ of an output unit and to δ of a hidden unit.
Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, Nature 323 (1986);
Mitchell, Machine Learning (1997), §4.5.3.
"""
