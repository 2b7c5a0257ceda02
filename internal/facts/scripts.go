package facts

import (
	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/tekref"
)

// memoScripts keeps the parsed scripts of the set.
type memoScripts struct{ scripts *shell.Reader }

// Script returns the parsed script of a step or a sidecar.
func (s *Set) Script(text string) *shell.Script {
	s.asked(Scripts)
	return s.reader().Script(text)
}

// InlineScript returns the parsed script of a command line sh -c SCRIPT.
func (s *Set) InlineScript(text string, command []string) *shell.Script {
	s.asked(Scripts)
	return s.reader().Inline(text, command)
}

func (s *Set) reader() *shell.Reader {
	if s.scripts == nil {
		s.scripts = shell.NewReader(tekref.Spans, recent)
	}
	return s.scripts
}

// recent are the scripts that this process parsed last, 4 MiB with their facts:
// enough for a whole catalog, and for sets that a program checks again and again.
var recent = shell.NewRecent(4 << 20)
