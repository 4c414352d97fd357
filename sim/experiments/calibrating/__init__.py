"""What a calibration is made of: targets, emulators, what is ruled out, what is left."""
