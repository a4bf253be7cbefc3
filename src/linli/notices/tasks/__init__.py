from linli.notices.tasks.sending import keep

__all__ = ["keep"]
