"""What pages say in which language: whose is chosen, its texts, its days and hours.

English is in the templates and modules themselves; the others are in
`server/translations`, a catalogue each. `current` is what pages use; the other modules
know nothing of requests.
"""
