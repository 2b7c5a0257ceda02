package test

import "testing"

func TestAdd(t *testing.T) {
	if add(1, 1) != 3 {
		t.Fatal("one and one is three")
	}
}
