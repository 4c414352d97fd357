"""An operator's own order log: read, checked, cut in two, told by models of repeat buying."""
