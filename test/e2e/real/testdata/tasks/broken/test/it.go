package test

func add(a, b int) int { return a + b }
