"""The rules of behaviour, each by its name: found, replaced by functions of one's own, drawn."""
