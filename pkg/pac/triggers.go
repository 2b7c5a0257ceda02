package pac

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
)

// prefix begins the annotations of Pipelines-as-Code.
const prefix = "pipelinesascode.tekton.dev/"

// triggers adds the annotations for the events that start the run.
//
// They are one expression in CEL, because patterns, labels and events in annotations mean
// something else in almost every combination. It compares branches without refs/heads/,
// as all expressions of the folder must: Pipelines-as-Code removes the prefix when it reads
// the first one without it. Only labels need annotations of their own.
func (l *lowering) triggers(annotations map[string]string) {
	set := func(at callsite.Place, key, value string) {
		annotations[prefix+key] = value
		l.places.Set(diag.Fields("metadata", "annotations").Key(prefix+key), at)
	}
	var conditions, patterns []string
	var labeled, annotated *placedEvent
	var first callsite.Place
	others := 0
	for i := range l.events {
		e := &l.events[i]
		if e.event == nil || e.kind == 0 && e.lists == nil {
			l.fail(e.at, "pac-event-invalid", "an event of the run is nil or empty", "create it with a function of package pac, such as pac.Push()")
			continue
		}
		for _, f := range e.faults {
			l.fail(f.at, f.code, f.message, f.help)
		}
		if len(e.faults) > 0 {
			continue
		}
		l.provided(e)
		if e.lists != nil {
			others++
			annotated = e
			continue
		}
		switch e.kind {
		case comment:
			patterns = append(patterns, e.pattern)
			continue
		case incoming:
			continue
		}
		others++
		if first == nil {
			first = e.at
		}
		if len(e.labels) > 0 {
			labeled = e
			continue
		}
		if c := e.condition(); l.compiles(e, c) {
			conditions = append(conditions, c)
		}
	}
	if len(l.events) == 0 {
		l.fail(l.at, "event-missing", "no event starts the run", "call On, with pac.Incoming() if it is only started by name")
	}
	switch {
	case annotated != nil && (others > 1 || l.other(incoming, annotated)):
		l.fail(annotated.at, "filter-invalid", "OnEvent is not the only event of the run", "make another run for the other events, or use Push and PullRequest")
	case annotated != nil:
		l.written(annotated, set)
	case labeled != nil && others > 1:
		l.fail(labeled.at, "filter-invalid", "a pull request with Labels is not the only event of the run", "make another run for the other events")
	case labeled != nil:
		l.labels(labeled, set)
	case len(conditions) > 0:
		set(first, "on-cel-expression", joined(conditions))
	case others == 0 && len(patterns) == 0 && l.kinds()&incoming != 0:
		set(l.events[0].at, "on-event", "[incoming]")
		set(l.events[0].at, "on-target-branch", "[*]")
	}
	if len(patterns) > 0 {
		p := patterns[0]
		if len(patterns) > 1 {
			p = "(" + strings.Join(patterns, ")|(") + ")"
		}
		set(l.events[0].at, "on-comment", p)
	}
}

// other reports whether another event than e is of a kind.
func (l *lowering) other(k kind, e *placedEvent) bool {
	for i := range l.events {
		if o := &l.events[i]; o != e && o.event != nil && o.kind == k {
			return true
		}
	}
	return false
}

// provided reports what the Repository of the run cannot have.
func (l *lowering) provided(e *placedEvent) {
	if l.repository == nil {
		return
	}
	provider := l.repository.provider.value.Type
	switch {
	case e.kind == incoming && len(l.repository.incoming) == 0 && len(l.repository.mutate) == 0:
		l.fail(e.at, "pac-event-invalid", "the run is started by incoming calls, but its Repository has no rule for them", "call Incoming of the Repository")
	case len(e.paths)+len(e.ignored) > 0 && provider == "bitbucket-cloud":
		l.fail(e.at, "filter-invalid", "Paths and IgnorePaths match nothing on Bitbucket Cloud, which does not list the changed files", "remove them, or compare the files in a task")
	case e.kind == comment && strings.HasPrefix(provider, "bitbucket"):
		l.fail(e.at, "filter-invalid", "Comment matches nothing on Bitbucket, from which Pipelines-as-Code only takes its own commands", "use the command /test NAME instead")
	case len(e.labels) > 0 && strings.HasPrefix(provider, "bitbucket"):
		l.fail(e.at, "filter-invalid", "Labels match nothing on Bitbucket, which has none", "remove Labels")
	}
}

// joined returns the expression that is true if one of the conditions is. Each is on a line
// of its own.
func joined(conditions []string) string {
	if len(conditions) == 1 {
		return conditions[0]
	}
	return "(" + strings.Join(conditions, ") ||\n(") + ")"
}

// labels adds the annotations of a pull request with certain labels.
func (l *lowering) labels(e *placedEvent, set func(at callsite.Place, key, value string)) {
	if len(e.ignored)+len(e.filters) > 0 {
		l.fail(e.at, "filter-invalid", "a pull request with Labels also has IgnorePaths or Filter, which need a CEL expression",
			"remove one of them, or compare labels in CEL: body.pull_request.labels.exists(l, l.name == \"deploy\")")
		return
	}
	for _, g := range slices.Concat(e.branches, e.paths) {
		if strings.Contains(strings.ReplaceAll(g, "**", ""), "*") || strings.Contains(g, "?") || strings.TrimSpace(g) != g || strings.Contains(g, "&#44;") {
			l.fail(e.at, "filter-invalid", "pattern "+quoted(g)+" of a pull request with Labels cannot be written in an annotation, where * and ? match slashes as well",
				"use **, or list the names")
			return
		}
	}
	set(e.at, "on-event", "[pull_request]")
	branches := e.branches
	if len(branches) == 0 {
		branches = []string{"*"}
	}
	set(e.at, "on-target-branch", list(branches))
	if len(e.paths) > 0 {
		set(e.at, "on-path-change", list(e.paths))
	}
	set(e.at, "on-label", list(e.labels))
}

// list returns the value of an annotation that is a list.
func list(items []string) string {
	escaped := make([]string, len(items))
	for i, item := range items {
		escaped[i] = strings.ReplaceAll(item, ",", "&#44;")
	}
	return "[" + strings.Join(escaped, ", ") + "]"
}

var eventCompared = regexp.MustCompile(`\bevent\s*(?:==|!=)\s*["']([^"']*)["']`)

// compiles reports whether the condition of an event is one for Pipelines-as-Code, and
// reports what is wrong with it.
func (l *lowering) compiles(e *placedEvent, condition string) bool {
	ok := true
	fail := func(at callsite.Place, message, help string) {
		l.fail(at, "cel-invalid", message, help)
		ok = false
	}
	env, err := celenv.NewMatcherEnv(l.repository.celParams(), func(string) (bool, error) { return false, nil })
	if err != nil {
		fail(e.at, "the params of the Repository cannot be used in CEL: "+phrase.OneLine(err), "rename them")
		return false
	}
	for _, f := range e.filters {
		x, err := env.Compile(f.expr)
		switch {
		case err != nil:
			fail(f.at, "the expression "+quoted(f.expr)+" is not valid: "+phrase.OneLine(err), "use the variables and functions of on-cel-expression")
			continue
		case !x.IsCondition():
			fail(f.at, "the expression "+quoted(f.expr)+" has type "+x.Type+", not bool", "compare it with a value")
		case x.HasFullBranch():
			fail(f.at, "the expression "+quoted(f.expr)+" has a branch with refs/heads/, which Pipelines-as-Code removes from the branches of pushes",
				`compare with the name alone: target_branch == "main"`)
		case strings.Contains(f.expr, "{{") || strings.Contains(f.expr, "}}"):
			fail(f.at, "the expression "+quoted(f.expr)+" contains {{ or }}, which Pipelines-as-Code reads as a variable", "write a blank between the braces")
		case e.kind == custom && !x.Mentions("event"):
			fail(f.at, "the expression "+quoted(f.expr)+" does not compare event, so pushes and pull requests both start the run",
				`add event == "push" or event == "pull_request"`)
		}
		for _, m := range eventCompared.FindAllStringSubmatch(f.expr, -1) {
			if m[1] != "push" && m[1] != "pull_request" {
				fail(f.at, "event is never "+quoted(m[1]), `compare it with "push" or "pull_request"; for others, use event_type`)
			}
		}
	}
	if !ok {
		return false
	}
	if _, err := env.Compile(condition); err != nil {
		fail(e.at, "the condition of the event is not valid: "+phrase.OneLine(err), "use fewer patterns")
	}
	return ok
}
