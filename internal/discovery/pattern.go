package discovery

import (
	"fmt"
	"path"
	"strings"
)

// Patterns are globs of files and folders, as .gitignore has them: * and ? stop
// at a slash, ** does not. One without a slash holds for names in every folder.
type Patterns []string

// Check returns what is wrong with the patterns, nil if nothing is.
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

// Match reports whether a pattern matches a path with slashes, or a folder of it.
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

// match holds a pattern against a whole path, both cut at slashes.
func match(want, parts []string) bool {
	// reached[j]: what has been read of the pattern matches the first j parts.
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
