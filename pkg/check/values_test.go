package check

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNearest(t *testing.T) {
	all := []string{"repo", "revision", "IMAGE", "go-flags", "x"}
	for in, want := range map[string]string{
		"rep": "repo", "erpo": "repo", "Repo": "repo", "revison": "revision", "image": "IMAGE", "goFlags": "go-flags",
		"y": "", "something": "", "": "", "repo": "",
	} {
		assert.Equal(t, want, nearest(in, all), in)
	}
}

func TestOverlap(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"", "", true}, {"", "a", true}, {"a", "a", true}, {"a", "a/b", true}, {"a/", "./a", true}, {"a", "ab", false},
		{"a/b", "a/c", false}, {"$(params.x)", "a", false}, {"$(params.x)", "$(params.x)", true}, {"", "$(params.x)", true},
	} {
		assert.Equal(t, c.want, overlap(c.a, c.b), "%q %q", c.a, c.b)
		assert.Equal(t, c.want, overlap(c.b, c.a), "%q %q", c.b, c.a)
	}
}

func TestBadImage(t *testing.T) {
	for image, ok := range map[string]bool{
		"": true, "busybox": true, "busybox:1.36": true, "a/b/c": true, "localhost:5000/a": true, "localhost/a:b": true, "example.com/A": false,
		"ghcr.io/a/b@sha256:" + strings.Repeat("0", 64): true, "x:": false, "x y": false, "x:-a": false, "$(params.i)": true, "a//b": false, "/a": false, "a@sha256:1": false, "a;b": false,
	} {
		assert.Equal(t, ok, badImage(image) == "", "%q: %s", image, badImage(image))
	}
}
