"""Rules of telling: templates, recipients, quiet hours, channels, addresses; pure."""
