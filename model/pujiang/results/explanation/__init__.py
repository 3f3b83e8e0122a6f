"""An explanation told: `story` gathers values of one outcome, `paragraph` says them, `text` prints, `files` writes."""
