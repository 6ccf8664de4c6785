"""Two rulebooks side by side: what was added, removed, renamed, reworded and changed in meaning, and whose answer flips."""
