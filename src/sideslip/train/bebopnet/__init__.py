"""A small transformer on a public next-event benchmark: BebopNet's events of the Weimar Jazz Database.

It shares building blocks with the product's model and nothing else: its split is another one, so it is trained on the
benchmark's own `train` part and its weights never play.
"""
