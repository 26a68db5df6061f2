"""`make demo`: what an editor would show, through the same server an editor would start."""
