"""What the controller is worth: its ear, its dial, its choices, each beside baselines. A module a group."""
