"""Generated identities: coincidences that real author blocks do not have."""
