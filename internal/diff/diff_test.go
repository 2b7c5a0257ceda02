package diff

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestUnified(t *testing.T) {
	ten := "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"
	for name, c := range map[string]struct{ before, after, want string }{
		"equal":  {"a\n", "a\n", ""},
		"empty":  {"", "", ""},
		"change": {ten, strings.Replace(ten, "5", "five", 1), "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"},
		"two hunks": {ten, strings.Replace(strings.Replace(ten, "1\n", "one\n", 1), "9", "nine", 1),
			"@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n 4\n@@ -6,5 +6,5 @@\n 6\n 7\n 8\n-9\n+nine\n 10\n"},
		"from nothing":  {"", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"},
		"to nothing":    {"a\n", "", "@@ -1,1 +0,0 @@\n-a\n"},
		"no line break": {"a\n", "a", "@@ -1,1 +1,1 @@\n-a\n+a\n\\ No newline at end of file\n"},
	} {
		t.Run(name, func(t *testing.T) {
			want := c.want
			if want != "" {
				want = "--- old\n+++ new\n" + want
			}
			assert.Equal(t, want, Unified("old", "new", c.before, c.after))
		})
	}
}

// TestLarge diffs many lines, few of which are unique. These are the worst case for
// algorithms that minimize the number of changes.
func TestLarge(t *testing.T) {
	var before, after strings.Builder
	for i := range 100_000 {
		before.WriteString(strconv.Itoa(i*i%1009) + "\n")
		after.WriteString(strconv.Itoa(i*i%997) + "\n")
	}
	start := time.Now()
	assert.NotEmpty(t, Unified("old", "new", before.String(), after.String()))
	assert.Less(t, time.Since(start), 20*time.Second)
}

func TestNames(t *testing.T) {
	assert.Equal(t, "--- a b\n+++ c\n@@ -1,1 +1,1 @@\n-1\n+2\n", Unified("a b", "c", "1\n", "2\n"))
}
