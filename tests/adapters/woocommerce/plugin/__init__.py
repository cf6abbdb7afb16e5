"""The companion plugin, run by PHP with a stage of WordPress around it."""
