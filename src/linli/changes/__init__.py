"""Change sets (变更集): each change of the registry with who and why, undone as a whole, read as of any instant."""
