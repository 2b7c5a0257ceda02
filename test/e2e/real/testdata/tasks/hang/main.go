package main

import _ "example.com/absent"

func main() {}
