"""From the dataset, the current set and the policy to a plan, with reasons. Pure."""
