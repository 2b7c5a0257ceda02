package triggers

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed binding-constant.md
var bindingConstantText string

var bindingConstant = &rule.Rule{
	Code:     "binding-constant",
	Severity: diag.Warning,
	Topic:    "triggers",
	Text:     bindingConstantText,
	Kinds:    slices.Concat(templateKinds, bindingKinds),
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.Triggers() {
			for _, b := range t.OwnParams() {
				constantPath(p, b)
			}
		}
		for _, b := range p.Entry.BindingParams() {
			constantPath(p, b)
		}
		for _, t := range p.Entry.Templates() {
			for i := range t.Spec.Params {
				if d := t.Spec.Params[i].Default; d != nil {
					defaultPath(p, t.Spot.Index("params", i).Field("default"), t.Spec.Params[i].Name, *d)
				}
			}
		}
	},
}

const (
	// steps are the names and indexes of a path after its root.
	steps = `(?:\.[A-Za-z_][A-Za-z0-9_-]*|\[[^\]\n]*\])`
	// paths are those that an event may have.
	paths = `((?:[Bb]ody|[Hh]eader|[Ee]xtensions)` + steps + `+|[Cc]ontext\.[Ee]vent(?:ID|Id|id))`
)

var (
	// barePath is a value that is nothing but a path.
	barePath = regexp.MustCompile(`^(\$?\.?)` + paths + `$`)
	// wrappedPath is a path in the braces of another system.
	wrappedPath = regexp.MustCompile(`(?:\$?\{\{-?|\$\{|[#@]\{|%\(|\$\[|<%=?) *\$?\.?` + paths + ` *(?:-?\}\}|\}|\)|\]|%>)|(?:^|[^$\w])\{\.?` + paths + `\}|\$` + paths + `|\$\{\{ *(github\.event` + steps + `+) *\}\}`)
	// evaluated is a $(...) that a binding would evaluate.
	evaluated = regexp.MustCompile(`\$\((\{?\.?` + paths + `\}?)\)`)
	// fileName is the name of a file, such as body.html.
	fileName = regexp.MustCompile(`^(?:body|header)\.(?:css|h|hpp|html?|json|js|md|png|svg|tmpl|tpl|txt|xml|ya?ml)$`)
)

// constantPath reports a path in the value of a param that is not in $(...), and so is not
// evaluated.
func constantPath(p *rule.Pass, b *facts.BindingParam) {
	text, path := pathIn(b.Constants())
	if text != "" {
		p.Warning(b.Spot.Of(text), b.Name, phrase.Quote(text)+" is a constant: Tekton reads the event only in $(...), so the text itself is passed on", "write $("+path+")")
	}
}

// defaultPath reports a path in the default of a template, which is never evaluated.
func defaultPath(p *rule.Pass, at facts.Spot, name, value string) {
	text, _ := pathIn([]string{value})
	if m := evaluated.FindStringSubmatch(value); m != nil {
		text = m[0]
	}
	if text != "" {
		p.Warning(at.Of(text), name, phrase.Quote(text)+" is a constant: a default does not read the event, so the text itself is passed on",
			"set the param in a binding instead, and use a constant as the default")
	}
}

// pathIn returns a text that looks like a path of the event in one of the constants of a
// value, and the path; "" if there is none. A value that consists of more than one part
// is not a bare path.
func pathIn(constants []string) (text, path string) {
	if len(constants) == 1 {
		whole := strings.TrimSpace(constants[0])
		if m := barePath.FindStringSubmatch(whole); m != nil && !fileName.MatchString(whole) {
			return whole, m[2]
		}
	}
	for _, c := range constants {
		m := wrappedPath.FindStringSubmatch(c)
		if m == nil {
			continue
		}
		for _, path := range m[1:] {
			if path != "" {
				path = strings.Replace(path, "github.event", "body", 1)
				return strings.TrimSpace(m[0]), path
			}
		}
	}
	return "", ""
}
