"""The program in a browser: a server on this computer alone, for as long as a page of it is open."""
