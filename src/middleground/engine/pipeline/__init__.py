"""What every map goes through: where votes lie, the sample, strata, and the facts."""
