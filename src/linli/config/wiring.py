"""Who hears of what (谁听谁说): the only place where subscriptions stand, one line each."""



def connect() -> None:
    """Make every subscription; called once when Django is ready."""
