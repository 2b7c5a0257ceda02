package tasktest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// injected is the command that hostile values try to call, and canary the file that they try
// to write.
const (
	injected = "tasktest-injected"
	canary   = "tasktest-canary"
)

// HostileValues returns values that a script must treat as data: each breaks out of a
// different kind of careless quoting, or is changed by it.
func HostileValues() []string {
	const attack = injected + " >" + canary
	return []string{
		"$(" + attack + ")", "`" + attack + "`", "; " + attack + ";", "' ; " + attack + "; '",
		`x" ; ` + attack + `; "`, // Tekton reads a result that begins with a quote as JSON
		"\n" + attack + "\n", "| " + attack, "&& " + attack + " &&", "${x:=$(" + attack + ")}",
		"two words", "two\nlines", "trailing\n", " blanks ", "*", "--flag", "-x", "ü—字", `back\slash`, `\n`, "a,b=c", "{x}",
		"$HOME", "${IFS}", "%s%n", "~", "#x", "",
	}
}

// benign takes the place of a hostile value in the run that the others are compared with.
const benign = "tasktest-benign"

// Hostile repeats a case with hostile values for some params, and fails the test if a value
// was run as a command, or if it arrived changed at a recorder, in a result or in a file.
// Without params, it tries all of them. That the Task refuses a value is no failure, and a value
// in a JSON text may be escaped.
//
// Where a value arrives is learned from one run with a harmless value, which must succeed: the
// value of the case if it has at least four characters, so that it is found again. If it arrives
// nowhere, that is a failure for a param that is named: the case does not show what becomes of it.
//
//	tasktest.Hostile(t, c, host, "namespace", "release")
func Hostile(t TB, c Case, r Runner, params ...string) {
	t.Helper()
	found, err := Attack(t.Context(), c, r, params...)
	if err != nil {
		t.Fatalf("the case cannot run: %v", err)
	}
	for _, f := range found {
		t.Errorf("%s", f)
	}
}

// Attack does what [Hostile] does, and returns the failures, one text each.
func Attack(ctx context.Context, c Case, r Runner, params ...string) ([]string, error) {
	if c.Task == nil {
		return nil, errors.New("the case has no Task")
	}
	from, err := c.Task.load()
	if err != nil {
		return nil, err
	}
	spec := from.task.Spec.DeepCopy()
	spec.SetDefaults(ctx)
	var names []string
	for _, p := range spec.Params {
		names = append(names, p.Name)
	}
	all := len(params) == 0
	if all {
		params = names
	}
	c.Commands = maps.Clone(c.Commands)
	if c.Commands == nil {
		c.Commands = map[string]Command{}
	}
	c.Commands[injected] = Command{}
	var found []string
	for _, name := range params {
		i := slices.Index(names, name)
		if i < 0 {
			return nil, unknown("param", name, names)
		}
		a := attack{c: c, runner: r, declared: spec.Params[i], arrives: !all}
		if err := a.run(ctx); err != nil {
			return nil, fmt.Errorf("param %q: %w", name, err)
		}
		found = append(found, a.found...)
	}
	return found, nil
}

// attack repeats a case with hostile values for one param.
type attack struct {
	c        Case
	runner   Runner
	declared v1.ParamSpec
	arrives  bool // a value must arrive somewhere
	found    []string
}

// marker returns the value to look for in the first run.
func (a *attack) marker() string {
	value, given := a.c.Params[a.declared.Name].(string)
	if !given && a.declared.Default != nil {
		value = a.declared.Default.StringVal
	}
	if len(value) >= 4 {
		return value
	}
	return benign
}

// with returns the case with a value.
func (a *attack) with(value string) Case {
	c := a.c
	c.Params = maps.Clone(c.Params)
	if c.Params == nil {
		c.Params = Params{}
	}
	switch a.declared.Type {
	case v1.ParamTypeArray:
		items, _ := c.Params[a.declared.Name].([]string)
		c.Params[a.declared.Name] = append(slices.Clone(items), value)
	case v1.ParamTypeObject:
		items, _ := c.Params[a.declared.Name].(map[string]string)
		items = maps.Clone(items)
		if items == nil {
			items = map[string]string{}
		}
		for key := range a.declared.Properties {
			items[key] = value
		}
		c.Params[a.declared.Name] = items
	default:
		c.Params[a.declared.Name] = value
	}
	return c
}

func (a *attack) run(ctx context.Context) error {
	marker := a.marker()
	first, err := Run(ctx, a.with(marker), a.runner)
	if err != nil {
		return err
	}
	if first.Failed {
		return fmt.Errorf("the run with the harmless value %q fails, so that nothing can be compared with it: %s\n%s", marker, first.Reason, first.Summary())
	}
	if a.arrives && !arrives(first, marker) {
		a.found = append(a.found, fmt.Sprintf("param %q: the harmless value %q arrives at no call, result or file, so that only commands would be found: "+
			"give the case inputs with which it arrives, or leave the param out", a.declared.Name, marker))
	}
	values := HostileValues()
	for _, v := range values {
		if marker != benign && strings.Contains(v, injected) {
			values = append(values, marker+v)
		}
	}
	before := len(a.found)
	for _, value := range values {
		got, err := Run(ctx, a.with(value), a.runner)
		if err != nil {
			return err
		}
		a.compare(first, got, marker, value)
		if len(a.found)-before >= 3 {
			return nil // more would say the same
		}
	}
	return nil
}

// compare compares a run with the first one.
func (a *attack) compare(first, got *Result, marker, value string) {
	add := func(format string, args ...any) {
		a.found = append(a.found, fmt.Sprintf("param %q with the value %q: ", a.declared.Name, value)+fmt.Sprintf(format, args...))
	}
	for _, c := range got.Calls {
		if c.Command == injected {
			add("the value was run as a command")
			return
		}
	}
	for name := range places(got) {
		if path.Base(strings.TrimPrefix(name, "file ")) == canary {
			add("the value was run as a command: it wrote the file %s", canary)
			return
		}
	}
	if got.Failed {
		return // the Task, or the command that got the value, refused it
	}
	if len(got.Calls) != len(first.Calls) {
		add("there are %d calls, but %d with the value %q", len(got.Calls), len(first.Calls), marker)
		return
	}
	all := places(got)
	for _, name := range slices.Sorted(maps.Keys(places(first))) {
		text := places(first)[name]
		if !strings.Contains(text, marker) {
			continue
		}
		if want := strings.ReplaceAll(text, marker, value); all[name] != want && !sameJSON(text, all[name], marker, value) {
			add("%s is %q, want %q", name, all[name], want)
		}
	}
}

// arrives reports whether a value arrives somewhere in a run.
func arrives(r *Result, value string) bool {
	for _, text := range places(r) {
		if strings.Contains(text, value) {
			return true
		}
	}
	return false
}

// sameJSON reports whether two texts are the same JSON, but for the value in the place of the
// marker. How JSON escapes a value is up to who writes it.
func sameJSON(first, got, marker, value string) bool {
	var before, after any
	if json.Unmarshal([]byte(first), &before) != nil || json.Unmarshal([]byte(got), &after) != nil {
		return false
	}
	return reflect.DeepEqual(inTexts(before, marker, value), after)
}

// inTexts replaces a part of all texts of decoded JSON.
func inTexts(v any, old, text string) any {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(v, old, text)
	case []any:
		for i := range v {
			v[i] = inTexts(v[i], old, text)
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, item := range v {
			out[strings.ReplaceAll(k, old, text)] = inTexts(item, old, text)
		}
		return out
	}
	return v
}

// places returns where a value may arrive, and what arrived there.
func places(r *Result) map[string]string {
	all := map[string]string{}
	for i, c := range r.Calls {
		where := fmt.Sprintf("call %d of %s", i+1, c.Command)
		for j, arg := range c.Args {
			all[fmt.Sprintf("argument %d of %s", j+1, where)] = arg
		}
		all["the standard input of "+where] = c.Stdin
		for name, value := range c.Env {
			all["variable "+name+" of "+where] = value
		}
	}
	for name, v := range r.Results {
		all["result "+name] = v.StringVal
		for i, item := range v.ArrayVal {
			all[fmt.Sprintf("item %d of result %s", i, name)] = item
		}
		for key, item := range v.ObjectVal {
			all["key "+key+" of result "+name] = item
		}
	}
	for w, files := range r.Workspaces {
		for name, text := range files {
			all["file "+w+"/"+name] = text
		}
	}
	for name, text := range r.Files {
		all["file "+name] = text
	}
	return all
}
