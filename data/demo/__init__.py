"""The data set that needs no download: cars drawn as shapes, in the layout of Stanford Cars."""
