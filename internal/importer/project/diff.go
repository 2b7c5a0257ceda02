package project

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/diff"
)

// devNull is the name of a file that does not exist, on every system.
const devNull = "/dev/null"

// Diff returns what the changes do to the files of the folder as a unified diff, without
// import.json. The function returns the name that is shown for a file.
func (c *Changes) Diff(shown func(name string) string) (string, error) {
	root, err := os.OpenRoot(c.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		root = nil
	case err != nil:
		return "", err
	default:
		defer root.Close()
	}
	names := slices.Concat(c.Write, c.Remove)
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		if name == StateFile {
			continue
		}
		var before []byte
		if root != nil {
			if before, err = regular(root, name); err != nil {
				return "", err
			}
		}
		after, written := c.texts[name]
		from, to := "a/"+shown(name), "b/"+shown(name)
		if before == nil {
			from = devNull
		}
		if !written {
			to = devNull
		}
		b.WriteString(diff.Unified(from, to, string(before), string(after)))
	}
	return b.String(), nil
}
