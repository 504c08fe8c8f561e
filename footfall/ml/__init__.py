"""Models over the lake: features, training, evaluation, scoring."""
