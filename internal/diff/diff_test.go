package diff

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUnified(t *testing.T) {
	ten := "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"
	for name, c := range map[string]struct{ old, new, want string }{
		"equal":  {"a\n", "a\n", ""},
		"change": {ten, strings.Replace(ten, "5", "five", 1), "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"},
		"two hunks": {ten, strings.Replace(strings.Replace(ten, "1\n", "one\n", 1), "9", "nine", 1),
			"@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n 4\n@@ -6,5 +6,5 @@\n 6\n 7\n 8\n-9\n+nine\n 10\n"},
		"from nothing":  {"", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"},
		"to nothing":    {"a\n", "", "@@ -1 +0,0 @@\n-a\n"},
		"no line break": {"a\n", "a", "@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n"},
	} {
		t.Run(name, func(t *testing.T) {
			want := c.want
			if want != "" {
				want = "--- old\n+++ new\n" + want
			}
			assert.Equal(t, want, Unified("old", "new", c.old, c.new))
		})
	}
}

// TestPatch holds the diffs of random texts against patch(1).
func TestPatch(t *testing.T) {
	patch, err := exec.LookPath("patch")
	if err != nil {
		patch = ""
	}
	random := rand.New(rand.NewPCG(1, 2))
	text := func(n int) string {
		var b strings.Builder
		for range random.IntN(n) {
			b.WriteString(strconv.Itoa(random.IntN(9)) + "\n")
		}
		return b.String()
	}
	dir := t.TempDir()
	for range 300 {
		old, changed := text(30), text(30)
		d := Unified("old", "new", old, changed)
		require.Equal(t, changed, apply(t, old, d), "%s", d)
		if patch == "" || d == "" {
			continue
		}
		file := filepath.Join(dir, "text")
		require.NoError(t, os.WriteFile(file, []byte(old), 0o600))
		cmd := exec.Command(patch, "-s", "--posix", "-o", filepath.Join(dir, "out"), file)
		cmd.Stdin = strings.NewReader(d)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s\n%s", out, d)
		got, err := os.ReadFile(filepath.Join(dir, "out"))
		require.NoError(t, err)
		require.Equal(t, changed, string(got))
	}
}

// apply is patch(1) in a few lines, for texts whose lines all end in a break.
func apply(t *testing.T, old, d string) string {
	t.Helper()
	if d == "" {
		return old
	}
	in, at := lines(old), 0
	var out strings.Builder
	for _, l := range strings.SplitAfter(d, "\n")[2:] {
		switch {
		case l == "":
		case strings.HasPrefix(l, "@@"):
			from := strings.Fields(l)[1][1:]
			line, count, found := strings.Cut(from, ",")
			start, err := strconv.Atoi(line)
			require.NoError(t, err)
			if !found || count != "0" {
				start--
			}
			for ; at < start; at++ {
				out.WriteString(in[at])
			}
		case l[0] == '+':
			out.WriteString(l[1:])
		default:
			require.Equal(t, in[at], l[1:])
			if l[0] == ' ' {
				out.WriteString(l[1:])
			}
			at++
		}
	}
	for ; at < len(in); at++ {
		out.WriteString(in[at])
	}
	return out.String()
}
