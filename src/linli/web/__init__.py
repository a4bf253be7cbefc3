"""Site shell (站点): base page, navigation, design system, the common map."""
