"""Receipts by the hundred thousand, made by set-based SQL as the drain would have.

making    the steps, on a database that the product migrated
scene     channels and senders
extras    the rare things, drained by the product itself
*.sql     what happened to whom (work, words, detail), and the rows (rows, messages,
          folded)
"""
