"""Training the critic: real phrases against almost real ones."""
