package tekref

import (
	"iter"
	"slices"
	"strings"
)

// Style is a notation for variables that Tekton does not replace.
type Style int

// The styles.
const (
	DollarBrace Style = iota // ${params.x}, ${{ params.x }}
	DollarName               // $params.x
	Braces                   // {{params.x}}
	Template                 // {{.params.x}}, as Go templates have it
)

// Foreign is an expression in the notation of another language that is a variable of
// Tekton otherwise.
type Foreign struct {
	Start, End int // offsets in the text; the expression includes its braces
	Style      Style
	Var        Variable // Fix is the expression to write between $( and )
}

// MayBeForeign reports whether a text can contain variables in the notation of another
// language. It is cheaper than [ScanForeign].
func MayBeForeign(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		switch s[i] {
		case '{':
			if s[i+1] == '{' {
				return true
			}
		case '$':
			if next := s[i+1]; next == '{' || 'a' <= next && next <= 'z' {
				return true
			}
		}
	}
	return false
}

// ScanForeign returns an iterator over the variables of Tekton in a text that are
// written in the notation of another language, from left to right.
func ScanForeign(s string) iter.Seq[Foreign] {
	return func(yield func(Foreign) bool) {
		for i := 0; i+1 < len(s); {
			if s[i] != '$' && s[i] != '{' {
				i++
				continue
			}
			f, ok := foreignAt(s, i)
			if !ok {
				i++
				continue
			}
			if !yield(f) {
				return
			}
			i = f.End
		}
	}
}

// foreignAt returns the variable at an offset.
func foreignAt(s string, i int) (Foreign, bool) {
	f, rest := Foreign{Start: i}, s[i:]
	switch {
	case strings.HasPrefix(rest, "${{"):
		return f.enclosed(s, i+len("${{"), "}}")
	case strings.HasPrefix(rest, "${"):
		return f.enclosed(s, i+len("${"), "}")
	case strings.HasPrefix(rest, "{{"):
		f.Style = Braces
		return f.enclosed(s, i+len("{{"), "}}")
	case rest[0] == '$' && 'a' <= rest[1] && rest[1] <= 'z' && (i == 0 || s[i-1] != '$' && s[i-1] != '\\'):
		f.Style = DollarName
		end := i + 1
		for end < len(s) && IsNameRune(rune(s[end])) {
			end++
		}
		expr := strings.TrimRight(s[i+1:end], ".-")
		if root, _ := Root(expr); !slices.Contains(roots[:], root) && root != "inputs" && root != "tt" {
			return f, false
		}
		f.End = i + 1 + len(expr)
		return f, f.parse(expr)
	}
	return f, false
}

// maxForeign is the length up to which an expression in braces is read.
const maxForeign = 200

// enclosed reads the expression between start and the closing braces.
func (f Foreign) enclosed(s string, start int, closing string) (Foreign, bool) {
	n := strings.Index(s[start:min(len(s), start+maxForeign)], closing)
	if n < 0 {
		return f, false
	}
	f.End = start + n + len(closing)
	expr := strings.TrimSpace(s[start : start+n])
	if after, ok := strings.CutPrefix(expr, "."); ok && f.Style == Braces {
		expr, f.Style = after, Template
	}
	return f, f.parse(expr)
}

// parse reads the expression as one of Tekton.
func (f *Foreign) parse(expr string) bool {
	if !strings.ContainsAny(expr, ".[") || strings.ContainsAny(expr, " \t\n") {
		return false
	}
	v := Parse(expr)
	if v.Kind == None {
		meant, ok := Misspelled(expr)
		if !ok {
			return false
		}
		v = meant
	}
	if v.Fault != "" {
		if v.Fix == "" {
			return false
		}
		v = Parse(v.Fix)
	}
	if v.Fix == "" {
		v.Fix = v.Expr
	}
	f.Var = v
	return v.Fault == ""
}

// aliases are the beginnings of variables in older versions of Tekton and in other
// systems, and those of Tekton that they mean.
var aliases = [][2]string{
	{"inputs.parameters.", "params."},
	{"workflow.parameters.", "params."},
	{"parameters.", "params."},
	{"spec.params.", "params."},
	{"pipeline.params.", "params."},
	{"pipelineRun.params.", "params."},
	{"task.params.", "params."},
	{"taskRun.params.", "params."},
	{"inputs.workspaces.", "workspaces."},
	{"outputs.workspaces.", "workspaces."},
	{"outputs.results.", "results."},
	{"outputs.parameters.", "results."},
	{"task.results.", "results."},
	{"taskRun.results.", "results."},
	{"taskRun.", "context.taskRun."},
	{"pipelineRun.", "context.pipelineRun."},
	{"inputs.", "params."},
}

// aliased returns the variable for which an expression has another beginning.
func aliased(expr string) (Variable, bool) {
	for _, a := range aliases {
		rest, ok := strings.CutPrefix(expr, a[0])
		if !ok {
			continue
		}
		fix := a[1] + rest
		if a[1] == "results." && !strings.HasSuffix(fix, ".path") {
			fix += ".path"
		}
		v := Parse(fix)
		if v.Kind == None || v.Fault != "" || v.Kind == Context && !slices.Contains(contexts[v.Owner], v.Name) {
			return v, false
		}
		v.Expr, v.Fix = expr, fix
		return v, true
	}
	return Variable{}, false
}
