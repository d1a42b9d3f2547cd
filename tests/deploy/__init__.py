"""What stands in ``deploy/`` is taken by the programs it is written for."""
