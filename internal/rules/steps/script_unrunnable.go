package steps

import (
	_ "embed"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed script-unrunnable.md
var scriptUnrunnableText string

var scriptUnrunnable = &rule.Rule{
	Code:     "script-unrunnable",
	Severity: diag.Error,
	Topic:    "steps",
	Text:     scriptUnrunnableText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			if c.Kind == facts.Step || c.Kind == facts.Sidecar {
				shebang(p, c)
			}
		}
	},
}

// shebang reports a script whose first line names an interpreter in a way that
// the kernel does not read. Tekton looks for #! behind blanks, and then writes
// the script as it is.
func shebang(p *rule.Pass, c *facts.Container) {
	line, ok := shell.Shebang(c.Script)
	switch {
	case !ok, strings.HasPrefix(line, "win"): // a script of Windows is taken apart
	case !strings.HasPrefix(c.Script, "#!"):
		p.Error(c.Spot.Field("script"), "",
			"the script of "+label(c)+" has blanks before its #!: the kernel does not see it, and the step fails with exec format error", "begin the script with #!")
	case strings.HasSuffix(line, "\r"):
		p.Error(c.Spot.Field("script"), "", "the lines of the script of "+label(c)+
			" end with carriage returns: the kernel looks for an interpreter of that name, and the step fails with no such file or directory", "end the lines with line feeds only")
	}
}
