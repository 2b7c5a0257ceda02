package check

import (
	"strings"

	"github.com/tekwright/tekwright/internal/shell"
)

// shebang reports a script whose first line names an interpreter in a way that
// the kernel does not read. Tekton looks for #! behind blanks, and then writes
// the script as it is.
func (c *checker) shebang(s spot, label, script string) {
	line, ok := shell.Shebang(script)
	switch {
	case !ok, strings.HasPrefix(line, "win"): // a script of Windows is taken apart
	case !strings.HasPrefix(script, "#!"):
		c.fail(s, "script-unrunnable", "", "the script of "+label+" has blanks before its #!: the kernel does not see it, and the step fails with exec format error", "begin the script with #!")
	case strings.HasSuffix(line, "\r"):
		c.fail(s, "script-unrunnable", "", "the lines of the script of "+label+" end with carriage returns: the kernel looks for an interpreter of that name, and the step fails with no such file or directory", "end the lines with line feeds only")
	}
}
