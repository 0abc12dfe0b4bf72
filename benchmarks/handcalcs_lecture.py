"""The lecture's 3-2-1 network as handcalcs renders it: the same example, written as its users write one.

The lines are Python; handcalcs runs them and prints each as LaTeX: formula, numbers put in, result.
"""

# ruff: noqa: F841, N806, PLR0915 — handcalcs prints the names as they stand, and every line is one to print

from math import exp

from handcalcs.decorator import handcalc


@handcalc(precision=3)  # type: ignore[untyped-decorator]
def step() -> tuple[float, float]:
    """One step of gradient descent: forward, δ, changes, new values, and forward again."""
    x_1 = 1
    x_2 = 0
    x_3 = 1
    t = 1
    eta = 0.9
    w_14 = 0.2
    w_24 = 0.4
    w_34 = -0.5
    b_4 = -0.4
    w_15 = -0.3
    w_25 = 0.1
    w_35 = 0.2
    b_5 = 0.2
    w_46 = -0.3
    w_56 = -0.2
    b_6 = 0.1

    net_4 = x_1 * w_14 + x_2 * w_24 + x_3 * w_34 + b_4
    o_4 = 1 / (1 + exp(-net_4))
    net_5 = x_1 * w_15 + x_2 * w_25 + x_3 * w_35 + b_5
    o_5 = 1 / (1 + exp(-net_5))
    net_6 = o_4 * w_46 + o_5 * w_56 + b_6
    o_6 = 1 / (1 + exp(-net_6))
    e_6 = t - o_6
    E = 1 / 2 * (t - o_6) ** 2

    delta_6 = o_6 * (1 - o_6) * (t - o_6)
    delta_5 = o_5 * (1 - o_5) * w_56 * delta_6
    delta_4 = o_4 * (1 - o_4) * w_46 * delta_6

    Delta_w_46 = eta * delta_6 * o_4
    wnew_46 = w_46 + Delta_w_46
    Delta_w_56 = eta * delta_6 * o_5
    wnew_56 = w_56 + Delta_w_56
    Delta_b_6 = eta * delta_6
    bnew_6 = b_6 + Delta_b_6
    Delta_w_14 = eta * delta_4 * x_1
    wnew_14 = w_14 + Delta_w_14
    Delta_w_24 = eta * delta_4 * x_2
    wnew_24 = w_24 + Delta_w_24
    Delta_w_34 = eta * delta_4 * x_3
    wnew_34 = w_34 + Delta_w_34
    Delta_b_4 = eta * delta_4
    bnew_4 = b_4 + Delta_b_4
    Delta_w_15 = eta * delta_5 * x_1
    wnew_15 = w_15 + Delta_w_15
    Delta_w_25 = eta * delta_5 * x_2
    wnew_25 = w_25 + Delta_w_25
    Delta_w_35 = eta * delta_5 * x_3
    wnew_35 = w_35 + Delta_w_35
    Delta_b_5 = eta * delta_5
    bnew_5 = b_5 + Delta_b_5

    netnew_4 = x_1 * wnew_14 + x_2 * wnew_24 + x_3 * wnew_34 + bnew_4
    onew_4 = 1 / (1 + exp(-netnew_4))
    netnew_5 = x_1 * wnew_15 + x_2 * wnew_25 + x_3 * wnew_35 + bnew_5
    onew_5 = 1 / (1 + exp(-netnew_5))
    netnew_6 = onew_4 * wnew_46 + onew_5 * wnew_56 + bnew_6
    onew_6 = 1 / (1 + exp(-netnew_6))
    enew_6 = t - onew_6
    Enew = 1 / 2 * (t - onew_6) ** 2
    return E, Enew


if __name__ == "__main__":
    latex, _ = step()
    print(latex)
