package main

import (
	"strings"
	"testing"
)

func TestAnswer(t *testing.T) {
	if !strings.HasSuffix(answer(), "\r\n\r\n"+version) {
		t.Fatal(answer())
	}
}
