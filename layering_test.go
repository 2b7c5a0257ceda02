package tekwright_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/tekwright/tekwright"

// TestHouse holds the picture of the house in CONTRIBUTING.md against the imports
// of the packages, and both against its one rule: a package imports only
// packages on a floor below its own.
func TestHouse(t *testing.T) {
	text, err := os.ReadFile("CONTRIBUTING.md")
	require.NoError(t, err)
	picture := regexp.MustCompile("(?s)\n```house\n(.*?)\n```\n").FindSubmatch(text)
	require.NotNil(t, picture, "CONTRIBUTING.md has no block of the kind house")

	type line struct {
		floor         int // counted from above
		drawn, actual []string
	}
	house := map[string]*line{}
	unwrapped := strings.ReplaceAll(string(picture[1]), "\n ", " ")
	for i, floor := range strings.Split(unwrapped, "\n\n") {
		for l := range strings.SplitSeq(floor, "\n") {
			if strings.HasPrefix(l, "#") {
				continue
			}
			name, imports, _ := strings.Cut(l, "->")
			name = strings.TrimSpace(name)
			require.NotContains(t, house, name, "%s has two lines", name)
			house[name] = &line{floor: i, drawn: strings.Fields(imports)}
		}
	}
	// A line is for one package or, with /... at its end, for all below a folder
	// that have no line of their own.
	nameOf := func(folder string) string {
		for name, above := folder, folder; ; name, above = above+"/...", path.Dir(above) {
			if house[name] != nil {
				return name
			} else if above == "." {
				return folder
			}
		}
	}

	for _, p := range list(t, "-f={{.ImportPath}}{{range .Imports}} {{.}}{{end}}", "./cmd/...", "./examples/...", "./internal/...", "./pkg/...") {
		var names []string
		for imported := range strings.FieldsSeq(p) {
			if folder, ok := strings.CutPrefix(imported, module+"/"); ok {
				names = append(names, nameOf(folder))
			}
		}
		if l := house[names[0]]; assert.NotNil(t, l, "no line for %s", names[0]) {
			l.actual = append(l.actual, names...)
		}
	}
	for name, l := range house {
		assert.NotEmpty(t, l.actual, "a line for %s, which is no package", name)
		slices.Sort(l.drawn)
		slices.Sort(l.actual)
		actual := slices.DeleteFunc(slices.Compact(l.actual), func(n string) bool { return n == name })
		if !slices.Equal(actual, l.drawn) {
			t.Errorf("the line of %s should be:\n%s -> %s", name, name, strings.Join(actual, " "))
		}
		for _, imported := range actual {
			if below := house[imported]; below != nil && below.floor <= l.floor {
				t.Errorf("%s imports %s, which is not on a floor below", name, imported)
			}
		}
	}
}

// list runs go list and returns the lines that it prints.
func list(t *testing.T, args ...string) []string {
	t.Helper()
	// go test keeps a result until a file changes that the test itself looked at.
	require.NoError(t, filepath.WalkDir(".", func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == ".git" {
			return fs.SkipDir
		}
		return err
	}))
	out, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("go list: %s", exit.Stderr)
	}
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
