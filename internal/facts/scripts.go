package facts

import (
	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/tekref"
)

// memoScripts keeps what the scripts of the set consist of.
type memoScripts struct{ scripts *shell.Reader }

// Script returns what the script of a step or a sidecar consists of.
func (s *Set) Script(text string) *shell.Script {
	s.asked(Scripts)
	return s.reader().Script(text)
}

// InlineScript returns what the script of a command line consists of: of
// sh -c SCRIPT, whose words before the script are sh and -c.
func (s *Set) InlineScript(text string, command []string) *shell.Script {
	s.asked(Scripts)
	return s.reader().Inline(text, command)
}

func (s *Set) reader() *shell.Reader {
	if s.scripts == nil {
		s.scripts = shell.NewReader(variableSpans, recent)
	}
	return s.scripts
}

// recent are the scripts that were last read by this process, 4 MiB with their facts:
// those of a whole catalogue, and of the sets that a program checks again and again.
var recent = shell.NewRecent(4 << 20)

// variableSpans are the variables of Tekton in a script.
func variableSpans(script string) []shell.Span {
	var out []shell.Span
	for m := range tekref.Scan(script) {
		if !m.Open && tekref.Parse(m.Expr).Kind != tekref.None {
			out = append(out, shell.Span{Start: m.Start, End: m.End})
		}
	}
	return out
}
