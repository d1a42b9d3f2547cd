"""A provider to play with: pushes made-up traffic and checks what became of it.

Speaks to the portal only by HTTP, as a provider (the door) and as another program (the
API). From the database it takes what an operator would tell it: paths and secrets.
"""
