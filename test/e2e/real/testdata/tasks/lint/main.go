package main

import "os"

func main() {
	os.Remove("x")
}
