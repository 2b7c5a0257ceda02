package facts

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/shell"
)

// IsInlineScript reports whether a text of the spec is the script of a command
// line such as sh -c SCRIPT.
func (t *TaskSpec) IsInlineScript(tx *Text) bool {
	if !tx.Item {
		return false
	}
	var c *Container
	switch tx.Field {
	case "steps.command", "steps.args":
		if i := t.StepAt(tx.Spot.Path); i >= 0 {
			c = &t.Steps()[i]
		}
	case "sidecars.command", "sidecars.args":
		if i := t.SidecarAt(tx.Spot.Path); i >= 0 {
			c = &t.Sidecars()[i]
		}
	case "command", "args":
		if t.Action != nil {
			c = &t.Containers()[0]
		}
	}
	if c == nil || len(c.Command) == 0 {
		return false
	}
	i := tx.Spot.Path.Last().Index
	if strings.HasSuffix(tx.Field, "args") {
		i += len(c.Command)
	}
	const first = 16 // words among which a script is
	if i >= first {
		return false
	}
	line := c.Command[:min(len(c.Command), first)]
	return i == InlineScript(slices.Concat(line, c.Args[:min(len(c.Args), first-len(line))]), len(line))
}

// InlineScript returns the index of the script in a command line such as sh -c
// SCRIPT, of which the command has n words; -1 if there is none.
func InlineScript(line []string, n int) int {
	if n == 0 {
		return -1
	}
	flag := byte('c')
	switch name := baseName(line[0]); {
	case shell.IsShell(name), strings.HasPrefix(name, "python"):
	case name == "perl", name == "ruby", name == "node":
		flag = 'e'
	default:
		return -1
	}
	for i, a := range line[1:] {
		if len(a) < 2 || a[0] != '-' {
			return -1
		}
		if a[1] != '-' && a[len(a)-1] == flag && i+2 < len(line) {
			return i + 2
		}
	}
	return -1
}

func baseName(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
