package cli

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/check"
)

// walks reports whether an argument is a directory, which has objects that nobody named.
func walks(args []string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		info, err := os.Stat(arg)
		return err == nil && info.IsDir()
	})
}

// namedProfile returns the profile of the flag: one that comes with the command, or that of
// a file.
func (a *app) namedProfile(name string) (check.Profile, error) {
	if p, ok := check.ProfileNamed(name); ok {
		return p, nil
	}
	p, err := readProfile(name)
	if err != nil {
		if !strings.ContainsAny(name, `./\`) {
			return p, fmt.Errorf("%s: %w\n  help: use a file, or a profile that comes with tekwright: %s", name, err, strings.Join(check.ProfileNames(), ", "))
		}
		return p, fmt.Errorf("%s: %w", name, err)
	}
	for _, doubt := range check.ProfileWarnings(p) {
		_ = a.complain("warning: " + name + ": " + doubt)
	}
	return p, nil
}
