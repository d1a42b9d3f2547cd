"""Searches, timelines and pages at any size, through the views that answer them.

registry   every query, a line each: add yours there
known      values that the queries ask for
measuring  time in the database, plans
"""
