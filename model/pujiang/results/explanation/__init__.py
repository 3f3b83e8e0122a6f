"""An explanation told: `story` gathers plain values of one outcome, `paragraph` says them, `text` prints, `files` writes."""
