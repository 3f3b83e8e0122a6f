def add_view(model, q):
    pass
