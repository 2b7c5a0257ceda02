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

// shebang reports a script whose first line does not give the kernel an
// interpreter that it can find. Tekton ignores white space before #!, and then
// writes the script unchanged.
func shebang(p *rule.Pass, c *facts.Container) {
	line, ok := shell.Shebang(c.Script)
	switch {
	case !ok, strings.HasPrefix(line, "win"): // Tekton rewrites a Windows script
	case !strings.HasPrefix(c.Script, "#!"):
		p.Error(c.Spot.Field("script"), "",
			"the script of "+c.Label+" has whitespace before #!, so it fails with \"exec format error\"", "begin the script with #!")
	case strings.HasSuffix(line, "\r"):
		p.Error(c.Spot.Field("script"), "", "the script of "+c.Label+
			" has CRLF line endings, so it fails with \"no such file or directory\"", "use LF line endings")
	}
}
