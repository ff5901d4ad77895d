"""What a backend needs to run: its services, its workers, its environment."""
