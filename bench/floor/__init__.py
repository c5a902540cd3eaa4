"""What our search has to be better than, by more than luck: score fusion and a logistic gate, on the same index."""
