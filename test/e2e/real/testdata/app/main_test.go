package main

import "testing"

func TestPage(t *testing.T) {
	if page("/tmp") != "/tmp/index.html" {
		t.Fatal(page("/tmp"))
	}
}
