"""Look: base templates, components and the formats of dates and numbers."""
