package project

import (
	"os"
	"path"
	"strconv"
	"strings"
)

// embedded returns a function that reports whether a Go file that is left alone embeds a file.
func (c *Changes) embedded(root *os.Root) (func(name string) bool, error) {
	var patterns []string
	for _, l := range c.Left {
		if path.Ext(l.File) != ".go" {
			continue
		}
		text, err := regular(root, l.File)
		if err != nil {
			return nil, err
		}
		for _, p := range embeds(string(text)) {
			patterns = append(patterns, path.Join(path.Dir(l.File), p))
		}
	}
	return func(name string) bool {
		for _, p := range patterns {
			for at := name; at != "."; at = path.Dir(at) { // a pattern may mean a folder
				if ok, err := path.Match(p, at); ok && err == nil {
					return true
				}
			}
		}
		return false
	}, nil
}

// embeds returns the patterns of the go:embed directives of a Go file. The file need not be
// valid: somebody is editing it.
func embeds(text string) []string {
	var out []string
	for l := range strings.Lines(text) {
		rest, ok := strings.CutPrefix(strings.TrimSpace(l), "//go:embed")
		if !ok || rest == strings.TrimLeft(rest, " \t") {
			continue
		}
		for rest = strings.TrimSpace(rest); rest != ""; rest = strings.TrimSpace(rest) {
			one, err := strconv.QuotedPrefix(rest)
			if err != nil {
				one, _, _ = strings.Cut(strings.ReplaceAll(rest, "\t", " "), " ")
			}
			pattern, err := strconv.Unquote(one)
			if err != nil {
				pattern = one
			}
			out = append(out, strings.TrimPrefix(pattern, "all:"))
			rest = rest[len(one):]
		}
	}
	return out
}
