"""The model beside real apps: drawn scenarios and acts, and what their pages show otherwise than the model."""
