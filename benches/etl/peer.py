"""What the refresh and the API do, with pandas: `peer.py NYT JHU`. Prints the figures of all days, and the daily differences."""

import json
import sys

import pandas

nyt = pandas.read_csv(sys.argv[1], parse_dates=["date"])
jhu = pandas.read_csv(sys.argv[2], usecols=["Date", "Country/Region", "Recovered"], parse_dates=["Date"])
jhu = jhu[jhu["Country/Region"] == "US"].rename(columns={"Date": "date", "Recovered": "recoveries"})
joined = nyt.merge(jhu[["date", "recoveries"]], on="date", how="inner").sort_values("date")
first_positive = joined.loc[joined["recoveries"] > 0, "date"].min()
joined.loc[(joined["recoveries"] == 0) & (joined["date"] > first_positive), "recoveries"] = float("nan")
daily = joined.set_index("date").diff()
print(json.dumps({
    "rows": len(joined),
    "not_reported": int(joined["recoveries"].isna().sum()),
    "cases": int(joined["cases"].iloc[-1]),
    "decreases": int((daily < 0).any(axis=1).sum()),
}))
