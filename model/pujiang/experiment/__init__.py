"""What joins the model, the engine and the evidence: scenarios, runs, ensembles, calibration."""
