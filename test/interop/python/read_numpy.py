"""Prints what NumPy reads from an .npy file."""
import json
import sys

import numpy

array = numpy.load(sys.argv[1])
json.dump({"dtype": array.dtype.str, "shape": list(array.shape), "fortran": not array.flags.c_contiguous}, sys.stdout)
