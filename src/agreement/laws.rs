//! Laws of agreement, tried at random.
