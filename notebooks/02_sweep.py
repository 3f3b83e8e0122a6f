# %% [markdown]
# # Many runs at once
#
# How far does the listing window have to open, and what if the model is wrong about it? A sweep answers with one
# batch of runs; a sensitivity study, with what matters at all. Every cell runs as it stands, from any folder.

# %%
import matplotlib.pyplot as plt

import pujiang

# %% [markdown]
# ## A grid
#
# Each axis becomes a named dimension. Words are those of the command line; a list of numbers will do as well:
#
#     pujiang sweep 'levers.exit_window.target=range(0,1.01,0.1)' parameters.exit_window_realisation=0.6,0.8,1.0

# %%
tree = pujiang.sweep(
    {
        "levers.exit_window.target": "range(0,1.01,0.1)",
        "parameters.exit_window_realisation": [0.6, 0.8, 1.0],
    }
)
cube = tree["annual"].to_dataset()
cube.sizes

# %%
listings = cube.star_listings.sel(scenario="baseline", member=0, year=2030)
listings.to_pandas().round(1)

# %%
figure, axes = plt.subplots(figsize=(6, 3), dpi=80)
mesh = axes.pcolormesh(cube.exit_window, cube.exit_window_realisation, listings.T, shading="nearest")
axes.set(title="STAR listings in 2030", xlabel="listing window", ylabel="how far it turns out")
figure.colorbar(mesh, label="firms a year")
figure.tight_layout()

# %% [markdown]
# `/reference` holds the same scenario without any axis, so that a difference has something to differ from.

# %%
base = tree["reference"].star_listings.sel(scenario="baseline", member=0, year=2030)
print("listings in 2030 without any change:", round(float(base), 1))
(listings - base).sel(exit_window=[0.0, 0.5, 1.0]).to_pandas().round(1)

# %% [markdown]
# ## A sample
#
# A Latin hypercube over a lever and two uncertain parameters, these drawn from their priors. Points are scattered,
# so the axes lie beside the dimension `point`.

# %%
sample = pujiang.sweep(
    {
        "levers.exit_window": "interval(0.2,1)",
        "parameters.exit_window_realisation": "prior",
        "parameters.startup_failure_rate": "prior",
    },
    design={"kind": "lhs", "size": 200, "seed": 1},
    outcomes=["star_listings", "high_tech_firms"],
)["annual"].to_dataset()
frame = sample.sel(scenario="baseline", member=0, year=2030).to_dataframe()
frame[
    ["exit_window", "exit_window_realisation", "startup_failure_rate", "star_listings", "high_tech_firms"]
].corr().round(2)

# %% [markdown]
# ## Onto disk
#
# With a folder, a sweep is written block by block as it is simulated, and read back where it is used: a million
# points need no more memory than ten thousand. One that was broken off is gone on with by
# `pujiang sweep --resume runs/<id>.partial`.

# %%
stored = pujiang.sweep({"levers.exit_window.target": "range(0,1,0.01)"}, outcomes=["star_listings"], folder="runs")
stored.attrs["points"], stored.attrs["certificate_passed"]

# %% [markdown]
# ## What matters?
#
# Tornado: one input at a time. Morris: all inputs, in random company. Sobol': shares of the variance, alone
# (`first`) and with all interactions (`total`). Levers are what can be set, parameters what nobody knows exactly.

# %%
study = pujiang.sensitivity(
    axes={
        "levers.exit_window.target": "interval(0.2,1)",
        "levers.market_valuation.target": "interval(0.5,1.5)",
        "parameters.exit_window_realisation": "prior",
        "parameters.startup_failure_rate": "prior",
    },
    sobol_size=128,
)
sobol = study.sobol.query("year == 2030 and outcome in ['star_listings', 'venture_investment', 'high_tech_firms']")
sobol.pivot(index=["kind", "input"], columns="outcome", values="total").round(2)

# %%
tornado = study.tornado.query("year == 2030 and outcome == 'venture_investment'")
tornado[["input", "low_value", "high_value", "base", "at_low", "at_high"]].round(3)

# %%
figure, axes = plt.subplots(figsize=(6, 2.6), dpi=80)
axes.barh(tornado.input, tornado.at_high - tornado.base, label="at its high end")
axes.barh(tornado.input, tornado.at_low - tornado.base, label="at its low end", alpha=0.5)
axes.axvline(0, color="black", linewidth=0.8)
axes.set(title="Venture investment in 2030, one input at a time", xlabel="bn yuan from the reference")
axes.legend()
figure.tight_layout()
