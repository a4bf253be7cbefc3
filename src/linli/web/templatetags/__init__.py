"""Template tags of the design system (模板标签)."""
