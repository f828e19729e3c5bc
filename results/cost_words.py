"""How what a model costs is said, and how much more than another."""


def gflops_text(gflops: float) -> str:
    """Return GFLOPs with at least three significant digits: "68.72", "0.0359"."""
    return f"{gflops:.2f}" if gflops >= 1 else f"{gflops:#.3g}"


def more_text(cost: float, baseline: float) -> str:
    """Return how much more a cost above 0 is than that of the baseline: "+18.8 %", "−0.12 %"; empty where both are alike."""
    percent = 100 * (cost / baseline - 1)
    if abs(percent) < 0.005:
        return ""
    decimals = 2 if abs(percent) < 1 else 1 if abs(percent) < 100 else 0
    return f"{percent:+,.{decimals}f} %".replace("-", "−")
