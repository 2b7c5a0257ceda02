package simulate

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/manifest"
)

// DefaultLimit is the default bound of [All].
const DefaultLimit = 100

// Ways are the ways in which a run can go.
type Ways struct {
	// Ways are the ways, each once. The first one is that of [Run].
	Ways []Way `json:"ways"`
	// Runs is how many runs were simulated.
	Runs int `json:"runs"`
	// Limited reports whether there may be more ways, because the limit was reached.
	Limited bool `json:"limited,omitempty"`
	// Notes are about CEL expressions for which only one of the two decisions was found, and
	// about failures that were not tried.
	Notes []Note `json:"notes,omitempty"`
}

// Way is a way in which a run can go.
type Way struct {
	// Assumed are the values with which the run goes this way, of results and params that
	// are not known. The names are those in their symbols: tasks.changes.results.services.
	// For a task that may fail, it is tasks.NAME.status with the value Failed.
	Assumed []Value `json:"assumed,omitempty"`
	// Result is what Tekton does then.
	Result *Result `json:"result"`
}

// All returns every way in which the run can go if the tasks end as the script says, but
// results and params that are not known have any value. For each of them, the values that
// matter are tried: those that a when expression compares it with, and one that is equal to
// none. An unknown array in a matrix is tried with one item and without any. Two ways are
// different if another task runs or is skipped, if a matrix has another number of
// combinations, or if the run ends in another way.
//
// Tasks that may fail, as the script says, are tried as well: one at a time, together with
// those that only run because of that, such as a rollback. A task whose status the script sets
// only fails if it is named.
//
// At most limit runs are simulated. 0 means [DefaultLimit].
func All(source manifest.Source, run string, script Script, limit int) (*Ways, error) {
	s, err := sourceOf(source)
	if err != nil {
		return nil, err
	}
	if limit <= 0 {
		limit = DefaultLimit
	}
	e := &explorer{script: &script, tried: map[string]bool{}, seen: map[string]bool{}, found: map[string][2]bool{}}
	e.push(assumption{}, nil)
	out := &Ways{}
	for len(e.queue) > 0 {
		if out.Runs == limit {
			out.Limited = true
			break
		}
		next := e.queue[0]
		e.queue = e.queue[1:]
		a := next.assumption
		result, err := once(s, run, &script, a)
		out.Runs++
		if err != nil && out.Runs == 1 {
			return nil, err
		}
		if err != nil { // a value that Tekton refuses
			continue
		}
		e.decide(result, next)
		if sign := signature(result); !e.seen[sign] {
			e.seen[sign] = true
			out.Ways = append(out.Ways, Way{a.values(), result})
		}
	}
	for _, text := range sorted(e.found) {
		if both := e.found[text]; !both[0] || !both[1] {
			task, cel, _ := strings.Cut(text, "\n")
			out.Notes = append(out.Notes, Note{NoteOpen, task, "only one decision was found for the CEL expression: " + cel})
		}
	}
	if e.several {
		out.Notes = append(out.Notes, Note{NoteFailures, "", "in each way, at most one task fails, and tasks that only run because of that"})
	}
	return out, nil
}

// everyTask is the name of all tasks that may fail.
const everyTask = "*"

// statusFailed is the value of $(tasks.NAME.status) of a task that fails.
const statusFailed = "Failed"

// statusOf stands for how a task ends, in assumptions.
func statusOf(path string) string { return "<tasks." + path + ".status>" }

// assumption has values for some symbols.
type assumption map[string]any

func (a assumption) values() (out []Value) {
	for _, s := range sorted(a) {
		out = append(out, Value{strings.Trim(s, "<>"), a[s]})
	}
	return out
}

// explorer tries assumptions, those with few values first.
type explorer struct {
	script  *Script
	queue   []attempted
	several bool // more than one task may fail
	tried   map[string]bool
	seen    map[string]bool
	found   map[string][2]bool // decisions of CEL expressions: false, true
	texts   map[string]string  // the CEL expressions with symbols, by task and position
}

// attempted is an assumption to try. If a task fails in it, ran has the tasks that run if it
// does not.
type attempted struct {
	assumption
	ran map[string]bool
}

func (e *explorer) push(a assumption, ran map[string]bool) {
	text, err := json.Marshal(a)
	if err == nil && !e.tried[string(text)] {
		e.tried[string(text)] = true
		e.queue = append(e.queue, attempted{a, ran})
	}
}

// decide pushes the assumptions that could change a decision of the run.
func (e *explorer) decide(r *Result, of attempted) {
	a := of.assumption
	// Values come first, so that it is known what runs with them if nothing fails.
	e.walk(r, "", func(symbol string, value any) {
		if _, ok := a[symbol]; !ok {
			next := maps.Clone(a)
			next[symbol] = value
			e.push(next, of.ran)
		}
	})
	ran := of.ran
	if ran == nil {
		ran = map[string]bool{}
	}
	now := map[string]bool{}
	pathsOf(r, "", now)
	for path := range ran {
		now[path] = true
	}
	for _, path := range sorted(now) {
		if ran[path] || !e.mayFail(path) {
			continue
		}
		e.several = e.several || len(now) > 1
		next := maps.Clone(a)
		next[statusOf(path)] = statusFailed
		e.push(next, now)
	}
}

// mayFail reports whether the script lets the task fail or succeed.
func (e *explorer) mayFail(path string) bool {
	if slices.Contains(e.script.MayFail, path) {
		return true
	}
	decided := slices.ContainsFunc(e.script.Tasks[path], func(o Outcome) bool { return o.Status != "" })
	return slices.Contains(e.script.MayFail, everyTask) && !decided
}

// pathsOf adds the paths of the tasks that ran, but not of those that run a Pipeline.
func pathsOf(r *Result, prefix string, to map[string]bool) {
	for _, t := range r.Tasks {
		for _, run := range t.Runs {
			if run.Nested != nil {
				pathsOf(run.Nested, prefix+t.Name+"/", to)
			} else {
				to[prefix+t.Name] = true
			}
		}
	}
}

// walk calls try for each value that could change a decision.
func (e *explorer) walk(r *Result, prefix string, try func(symbol string, value any)) {
	for _, t := range r.Tasks {
		for i, w := range t.When {
			if w.CEL != "" && !w.NotEvaluated {
				e.note(prefix+t.Name, i, w)
			}
			if w.Open {
				w.candidates(try)
			}
		}
		for _, run := range t.Runs {
			if run.Combination > 0 {
				for _, p := range run.Params {
					if s, ok := p.Value.(string); ok && item.FindString(s) == s {
						try(s[:strings.LastIndex(s, "[")]+">", []string{})
					}
				}
			}
			if run.Nested != nil {
				e.walk(run.Nested, prefix+t.Name+"/", try)
			}
		}
	}
}

// note notes the decision of a CEL expression. That of an expression with symbols is the
// first one that is seen, and others at its place are the same expression with values.
func (e *explorer) note(task string, i int, w When) {
	if e.texts == nil {
		e.texts = map[string]string{}
	}
	at := fmt.Sprintf("%s %d", task, i)
	if w.Open && e.texts[at] == "" {
		e.texts[at] = task + "\n" + w.CEL
	}
	if text := e.texts[at]; text != "" {
		both := e.found[text]
		if w.True {
			both[1] = true
		} else {
			both[0] = true
		}
		e.found[text] = both
	}
}

// signature is the same for two results if they are the same way.
func signature(r *Result) string {
	var b strings.Builder
	var write func(r *Result)
	write = func(r *Result) {
		fmt.Fprintf(&b, "%s %s(", r.Condition.Status, r.Condition.Reason)
		tasks := slices.Clone(r.Tasks)
		slices.SortFunc(tasks, func(a, b Task) int { return strings.Compare(a.Name, b.Name) })
		for _, t := range tasks {
			fmt.Fprintf(&b, "%s %s %q %d,", t.Name, t.State, t.Reason, len(t.Runs))
			for _, run := range t.Runs {
				if run.Nested != nil {
					write(run.Nested)
				}
			}
		}
		b.WriteString(")")
	}
	write(r)
	return b.String()
}
