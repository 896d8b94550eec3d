"""Speed as ratios: each figure against a limit or a peer measured in the same run (`make bench`)."""
