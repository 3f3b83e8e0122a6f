# %% [markdown]
# # A first run
#
# What happens to research, listings and high-tech firms in Shanghai by 2030 if the listing window opens again?
# Every cell runs as it stands, from any folder.

# %%
import json

import matplotlib.pyplot as plt

import pujiang

# %% [markdown]
# ## Run a scenario
#
# The baseline always comes along. A lever is set by a number (a step from 2026 on) or by a mapping.

# %%
tree = pujiang.run(scenario="closed_loop_finance", levers={"exit_window": 0.8}, ensemble=100)
annual = tree["annual"].to_dataset()
annual

# %% [markdown]
# Member 0 is the central one, the fit itself; the others are draws around it, the same for every scenario. So a
# difference between scenarios is taken member by member, and its band is honest. Medians, bands and probabilities are
# of the draws alone.

# %%
draws = annual.sel(member=slice(1, None))
listings = draws.star_listings
difference = listings.sel(scenario="closed_loop_finance") - listings.sel(scenario="baseline")
difference.quantile([0.05, 0.5, 0.95], dim="member").to_pandas().T.loc[2024:].round(1)

# %%
figure, axes = plt.subplots(figsize=(7, 3.2), dpi=80)
for name in ("baseline", "closed_loop_finance"):
    low, middle, high = draws.star_listings.sel(scenario=name).quantile([0.05, 0.5, 0.95], dim="member").values
    axes.fill_between(draws.year, low, high, alpha=0.2)
    axes.plot(draws.year, middle, label=name)
axes.set(title="STAR listings of Shanghai firms: median and 90 % band", ylabel="firms a year")
axes.legend()
figure.tight_layout()

# %% [markdown]
# ## Why do they differ?
#
# `/trajectories` holds every variable of the central member. Follow the money from exits back to firms.

# %%
course = tree["trajectories"].to_dataset().sel(time=[2026.0, 2027.0, 2028.0, 2031.0])
chain = ["exit_yield", "perceived_exit_yield", "private_commitments", "venture_investment", "star_listings"]
change = course.sel(scenario="closed_loop_finance") / course.sel(scenario="baseline") - 1
change[chain].to_dataframe()[chain].round(3)

# %% [markdown]
# The courses of levers and of the data that drive the model lie beside the variables.

# %%
figure, axes = plt.subplots(figsize=(7, 2.4), dpi=80)
for name in ("baseline", "closed_loop_finance"):
    axes.plot(tree["trajectories"].time, tree["trajectories"].exit_window.sel(scenario=name), label=name)
axes.set(title="What was set: the listing window", ylabel="share of 150 listings a year")
axes.legend()
figure.tight_layout()

# %% [markdown]
# ## How far can a number be trusted?
#
# The certificate says what the arithmetic may have got wrong; the band, what the data leave open about the
# parameters. Neither covers what the structure leaves out.

# %%
certificate = json.loads(tree.attrs["certificate"])
print("passed:", certificate["passed"])
print("worst conservation residual:", max(certificate["conservation"].values()))

# %%
reached = (draws.research_intensity.sel(year=2030) >= 0.05).mean("member")
print("probability of R&D at 5 % of GDP in 2030:", reached.to_series().round(2).to_dict())

# %% [markdown]
# ## The model behind it
#
# A system knows its variables, their equations, and what they depend on.

# %%
system = pujiang.load_model()
variable = system.variables["private_commitments"]
print(variable.doc, variable.unit, sep="\n")
print("causes:", ", ".join(variable.causes))
