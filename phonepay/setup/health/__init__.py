"""What the doctor looks at, a file for each part of the way between a caller and the money."""
