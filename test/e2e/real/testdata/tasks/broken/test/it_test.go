package test

import "testing"

func TestIt(t *testing.T) { t.Fatal("one and one is three") }
