package steps

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestBadImage(t *testing.T) {
	for image, ok := range map[string]bool{
		"": true, "busybox": true, "busybox:1.36": true, "a/b/c": true, "localhost:5000/a": true, "localhost/a:b": true, "example.com/A": false,
		"ghcr.io/a/b@sha256:" + strings.Repeat("0", 64): true, "x:": false, "x y": false, "x:-a": false, "$(params.i)": true, "a//b": false, "/a": false, "a@sha256:1": false, "a;b": false,
	} {
		assert.Equal(t, ok, badImage(image) == "", "%q: %s", image, badImage(image))
	}
}
