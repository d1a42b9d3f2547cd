"""What operators fill in: plain forms that end in the specs the services take."""
