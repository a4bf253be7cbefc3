"""Proposals, deliberation, votes (议事协商). Not built yet."""
