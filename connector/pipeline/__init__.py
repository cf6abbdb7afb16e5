"""The use cases: receive, absorb, plan, perform, restock, connect, reconcile, simulate."""
