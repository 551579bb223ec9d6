"""Sources that participants propose, until staff take them up or refuse them."""
