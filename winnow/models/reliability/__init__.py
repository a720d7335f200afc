"""How reliable a source is: features of its style, a model of the ratings that experts give, honest intervals."""
