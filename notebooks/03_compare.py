# %% [markdown]
# # Comparing runs
#
# Two runs made on different days, held against each other member by member; then a report to hand on.
# Every cell runs as it stands, from any folder.

# %%
from pathlib import Path

import matplotlib.pyplot as plt

import pujiang

# %% [markdown]
# ## Two runs
#
# The same seed gives both runs the same draws of the uncertain parameters. So each member is compared with itself,
# and what the scenarios share cancels.

# %%
open_window = pujiang.save(pujiang.run(scenario="closed_loop_finance", ensemble=50))
drought = pujiang.save(pujiang.run(scenario="exit_drought", ensemble=50))

# %%
found = pujiang.compare(open_window, drought)
print(*found.notes, sep="\n")

# %% [markdown]
# ## How far apart, and how sure
#
# A row for each outcome, case, year and measure; `difference` and `percent` are from the baseline.

# %%
rows = found.table.query("outcome == 'star_listed_firms' and year == 2030 and measure == 'difference'")
rows[["case", "q05", "median", "q95"]].round(1)

# %% [markdown]
# The share of the members that reach each goal of the plan:

# %%
found.goals.pivot(index="case", columns="goal", values="probability").round(2)

# %% [markdown]
# The outcomes as they were compared are an xarray Dataset. What does the one scenario bring beyond the other?

# %%
annual = found.annual
apart = annual.venture_investment.sel(case="closed_loop_finance") - annual.venture_investment.sel(case="exit_drought")
bands = apart.sel(member=slice(1, None)).quantile([0.05, 0.5, 0.95], dim="member").sel(year=slice(2026, None))
bands.round(1)

# %%
figure, axes = plt.subplots(figsize=(6, 3), dpi=80)
axes.fill_between(bands.year, *bands.sel(quantile=[0.05, 0.95]).values, alpha=0.2)
axes.plot(bands.year, bands.sel(quantile=0.5))
axes.axhline(0, color="black", linewidth=0.8)
axes.set(title="Venture investment: an open window less a drought", ylabel="bn yuan a year")
figure.tight_layout()

# %% [markdown]
# Which scenario comes first, and how sure is its place?

# %%
ranks = found.ranks.query("year == 2030 and outcome in ['gdp', 'venture_investment', 'high_tech_firms']")
ranks[["outcome", "case", "rank", "probability"]]

# %% [markdown]
# ## A report to hand on
#
# The same as `pujiang report` on the command line: one HTML file that needs nothing else.

# %%
from pujiang.results.report import report, write_report

trees = [pujiang.open(open_window), pujiang.open(drought)]
page = report(trees, [None, None], pujiang.load_model().levers, title="An open window, or none")
path = Path("reports") / "window.html"
write_report(page, path)
print(path, f"{len(page) / 1e6:.1f} MB")
