package discovery

import (
	"fmt"
	"path"
	"strings"
)

// Patterns are globs of files and directories, similar to .gitignore: * and ? do not
// match a slash, ** does. A pattern without a slash matches names in any directory.
type Patterns []string

// Check returns an error if a pattern is malformed.
func (p Patterns) Check() error {
	for _, one := range p {
		if strings.Trim(one, "/") == "" {
			return fmt.Errorf("the pattern %q matches nothing", one)
		}
		for part := range strings.SplitSeq(one, "/") {
			if _, err := path.Match(part, ""); err != nil {
				return fmt.Errorf("the pattern %q is malformed: %w", one, err)
			}
		}
	}
	return nil
}

// Match reports whether a pattern matches a path with slashes, or one of its
// parent directories.
func (p Patterns) Match(name string) bool {
	parts := strings.Split(strings.TrimPrefix(name, "./"), "/")
	for _, one := range p {
		one = strings.TrimSuffix(strings.TrimPrefix(one, "./"), "/")
		if !strings.Contains(one, "/") {
			one = "**/" + one
		}
		want := strings.Split(one, "/")
		for n := range parts {
			if match(want, parts[:n+1]) {
				return true
			}
		}
	}
	return false
}

// match matches a pattern with a whole path, both split at slashes.
func match(want, parts []string) bool {
	// reached[j]: the pattern so far matches the first j parts.
	reached := make([]bool, len(parts)+1)
	reached[0] = true
	for _, w := range want {
		next := make([]bool, len(parts)+1)
		for j := range next {
			switch {
			case w == "**":
				next[j] = reached[j] || j > 0 && next[j-1]
			case j > 0 && reached[j-1]:
				next[j], _ = path.Match(w, parts[j-1])
			}
		}
		reached = next
	}
	return reached[len(parts)]
}
