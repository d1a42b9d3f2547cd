"""How the portal is started and kept running by one command; knows no Django."""
