package pac

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-matcher-invalid.md
var matcherInvalidText string

// matcherInvalid reports on-cel-expressions that have errors or are never true.
var matcherInvalid = &rule.Rule{
	Code:     "pac-matcher-invalid",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     matcherInvalidText,
	Kinds:    []string{"PipelineRun"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		expr, ok := runAnnotations(p)[pac.OnCELExpression]
		if !ok || strings.Contains(expr, "{{") {
			return
		}
		at := annotation(p, pac.OnCELExpression)
		m, params, err := compile(expr)
		for _, name := range params {
			undeclared(p, name)
		}
		comment := runAnnotations(p)[pac.OnComment] != ""
		add, result := p.Error, "it never starts the run"
		if comment {
			add, result = p.Warning, "only a comment starts the run"
		}
		switch {
		case err != nil:
			add(at, "on-cel-expression", "on-cel-expression cannot be compiled, so "+result+": "+err.Error(), "correct the expression")
			return
		case !m.IsCondition():
			add(at, "on-cel-expression", "on-cel-expression has type "+m.Type+", not bool, so "+result, "compare the value with another, so that it is true or false")
			return
		}
		keys(p, at, m)
		if comment && !slices.ContainsFunc(m.Compared("event"), isEvent) {
			return // many write an expression that is never true for runs that only a comment starts
		}
		for _, texts := range m.Required("event") {
			if !slices.ContainsFunc(texts, isEvent) {
				add(at, "event", "on-cel-expression compares event with "+phrase.Quote(texts[0])+", which it never is, so "+result, eventHelp(texts[0]))
				return
			}
		}
		for _, text := range m.Compared("event") {
			if !isEvent(text) && text != "" {
				p.Warning(at, text, "on-cel-expression compares event with "+phrase.Quote(text)+", which it never is", eventHelp(text))
			}
		}
	},
}

// keys reports keys that headers and files never have. To read one is an error, unless
// another part of the expression decides.
func keys(p *rule.Pass, at facts.Spot, m *celenv.MatcherExpression) {
	for _, key := range m.Keys("headers") {
		if lower := strings.ToLower(key); lower != key {
			p.Warning(at, key, "headers has no key "+phrase.Quote(key)+", because its keys are in lower case: the expression fails, and does not start the run", "write headers["+phrase.Quote(lower)+"]")
		}
	}
	for _, key := range m.Keys("files") {
		if !slices.Contains(fileKeys, key) {
			help := "files has the keys " + phrase.And(fileKeys)
			if near := suggest.Name(key, fileKeys); near != "" {
				help = "did you mean " + phrase.Quote(near) + "?"
			}
			p.Warning(at, key, "files has no key "+phrase.Quote(key)+": the expression fails, and does not start the run", help)
		}
	}
}

// fileKeys are the keys of the variable files.
var fileKeys = []string{"all", "added", "deleted", "modified", "renamed"}

// isEvent reports whether a word is a value of event in an expression.
func isEvent(word string) bool { return word == "push" || word == "pull_request" }

// eventHelp returns what to write for a word that event never is.
func eventHelp(word string) string {
	switch meant := eventInstead[strings.ToLower(word)]; {
	case word == "incoming":
		return `event is "push" for an incoming webhook; use event_type == "incoming"`
	case strings.Contains(word, "tag"):
		return `use event == "push" && target_branch.startsWith("refs/tags/")`
	case meant != "":
		return "did you mean " + phrase.Quote(meant) + "?"
	case strings.Contains(word, "comment"), strings.Contains(word, "label"):
		return "use event_type"
	}
	return `event is "push" or "pull_request"`
}

var undeclaredName = regexp.MustCompile(`^undeclared reference to '([A-Za-z_][A-Za-z0-9_]*)'`)

// compile compiles an expression. The names that are not declared may be params of the
// Repository.
func compile(expr string) (m *celenv.MatcherExpression, params []string, err error) {
	if m, err = celenv.Matcher(expr); err == nil {
		return m, nil, nil
	}
	for range 20 {
		found := undeclaredName.FindStringSubmatch(err.Error())
		if found == nil || slices.Contains(params, found[1]) {
			if found != nil { // a function
				params = slices.DeleteFunc(params, func(s string) bool { return s == found[1] })
			}
			return nil, params, err
		}
		params = append(params, found[1])
		env, envErr := celenv.NewMatcherEnv(params, func(string) (bool, error) { return false, nil })
		if envErr != nil {
			return nil, params[:len(params)-1], err
		}
		if m, err = env.Compile(expr); err == nil {
			return m, params, nil
		}
	}
	return nil, params, err
}

// undeclared reports a name that is not a variable of on-cel-expression.
func undeclared(p *rule.Pass, name string) {
	at := annotation(p, pac.OnCELExpression)
	declared, known := p.Entry.Set().RepositoryParams()
	switch {
	case slices.Contains(declared, name):
	case slices.Contains(celenv.TemplateVariables, name) || name == "pac":
		p.Warning(at, name, phrase.Quote(name)+" is a variable of templates, but not of on-cel-expression: without a param of that name, the expression is an error, and never starts the run",
			"use one of "+phrase.Or(celenv.MatcherVariables))
	case suggest.Name(name, celenv.MatcherVariables) != "":
		p.Warning(at, name, "on-cel-expression has no variable "+phrase.Quote(name)+": without a param of that name, the expression is an error, and never starts the run",
			"did you mean "+phrase.Quote(suggest.Name(name, celenv.MatcherVariables))+"?")
	case known:
		p.Error(at, name, "on-cel-expression uses "+phrase.Quote(name)+", which is neither a variable nor a param of the Repository, so it never starts the run", "add the param to the Repository, or correct the name")
	default:
		p.Note(at, name, "on-cel-expression uses "+phrase.Quote(name)+", which must be a param of the Repository: otherwise the expression never starts the run",
			"check that the Repository has a param of that name with a value for the event")
	}
}
