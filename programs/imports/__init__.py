"""The lists of SIPD that programmes, budgets and reports are taken over from."""
