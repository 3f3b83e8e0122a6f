"""The documentation that is generated from the model: nothing in it is written twice, so nothing in it is stale.

`entries` gathers what is known of a variable; `model_page`, `html_page`,
`parameters_page`, `keys_page`, `levers_page` and `loops_page` are the pages, `markdown` their form.
One thing cannot be read from the model and stands here as data: what each configuration key means (keys.yaml).
"""
