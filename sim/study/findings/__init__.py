"""Read what was run: summaries, comparisons, effects.

Where to look for what is said of

- a folder to whoever reads it: `folder_tables`, `run_results`, `sweep_results`; those beside a run,
  `studies`
- a run in five sentences: `answer`, with `held`
- a run in its CSV files: `summary`, with `delay_rows`, `money_rows`, `place_rows`; `project_rows`;
  `open_waits`
- two runs: `compared`, with `comparison`, `comparison_folder`, `dearer`; one project of both:
  `twins`
- contested choices: `readings`; limits and steps against them: `bottlenecks`, with
  `bottleneck_search`, `bottleneck_pairs`, `bottleneck_words`, `bottleneck_reasons`, `moments`,
  `stood`
- a sweep: `factors`, with `effects`, in sentences `carrying`; `explorer`
- money: `money_answers`, with `money_tools`, `money_bases`, `cash`, `outflow`, `break_even`,
  `worked_spv`, `plants`
- who misses cash calls: `missed_calls`
- time: `over_time`, `schedule`, `completion`
- a config before it runs: `checking`; what it rests on: `evidence`; the laws: `verification`, with
  `run_evidence`
- what happened, or will: `backtest`, `forecast`
- both engines on the same worlds: `engines`

and `labels` and `dates` for the words that all of them use.
"""
