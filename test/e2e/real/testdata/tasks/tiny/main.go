package main

func main() { println(add(1, 2)) }

func add(a, b int) int { return a + b }
