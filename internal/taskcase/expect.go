package taskcase

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/settings"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/tasktest"
)

// Expect is what a case expects. The zero value expects that the Task succeeds.
type Expect struct {
	Exit           *int // of the first step that fails; nil expects success
	Fails          bool // the Task fails, with any exit code
	Steps          map[string]int
	Results        map[string]any // string, []string or map[string]string
	Stdout, Stderr Text
	Workspaces     map[string]map[string]Text // nil: the file does not exist
	Files          map[string]Text
	Calls          []Call
	checkCalls     bool
}

// Text is what a text is expected to be.
type Text struct {
	Is       *string
	Contains []string
	Lacks    []string
	Matches  *regexp.Regexp
	Absent   bool // a file does not exist
}

// Call is an expected call of a recorder.
type Call struct {
	Command string
	Args    []string
	AnyArgs bool
	Stdin   *string
	Env     map[string]string
}

// expect reads what a case expects.
func (r *reader) expect(e *Expect, n *yamlread.Node) {
	if n.Kind != yamlread.Map {
		r.Wrong("expect", n, "a map with exit, stdout, results, calls and so on")
		return
	}
	r.Map(n, "expect", settings.Fields{
		"exit": func(_ yamlread.Key, n *yamlread.Node) {
			i := r.number("exit", n, 0, 255)
			e.Exit = &i
		},
		"fails":  func(_ yamlread.Key, n *yamlread.Node) { e.Fails = r.flag("fails", n) },
		"stdout": func(_ yamlread.Key, n *yamlread.Node) { e.Stdout = r.text("stdout", n) },
		"stderr": func(_ yamlread.Key, n *yamlread.Node) { e.Stderr = r.text("stderr", n) },
		"files":  func(_ yamlread.Key, n *yamlread.Node) { e.Files = r.files("files", n) },
		"results": func(_ yamlread.Key, n *yamlread.Node) {
			if n.Kind != yamlread.Map {
				r.Wrong("results", n, "a map such as name: value")
				return
			}
			e.Results = map[string]any{}
			r.Each(n, func(key yamlread.Key, n *yamlread.Node) {
				e.Results[nameOf(key)] = r.value("result "+strconv.Quote(nameOf(key)), n)
			})
		},
		"steps": func(_ yamlread.Key, n *yamlread.Node) {
			if n.Kind != yamlread.Map {
				r.Wrong("steps", n, "a map of exit codes such as build: 1")
				return
			}
			e.Steps = map[string]int{}
			r.Each(n, func(key yamlread.Key, n *yamlread.Node) {
				e.Steps[nameOf(key)] = r.number("step "+strconv.Quote(nameOf(key)), n, 0, 255)
			})
		},
		"workspaces": func(_ yamlread.Key, n *yamlread.Node) {
			if n.Kind != yamlread.Map {
				r.Wrong("workspaces", n, "a map such as source: {file.txt: text}")
				return
			}
			e.Workspaces = map[string]map[string]Text{}
			r.Each(n, func(key yamlread.Key, n *yamlread.Node) { e.Workspaces[nameOf(key)] = r.files("workspace", n) })
		},
		"calls": func(_ yamlread.Key, n *yamlread.Node) {
			e.checkCalls = true
			r.List("calls", n, "a list of calls", func(_ int, n *yamlread.Node) { e.Calls = append(e.Calls, r.call(n)) })
		},
	})
}

// text reads what a text is expected to be: a text, a map, or null for none.
func (r *reader) text(field string, n *yamlread.Node) (t Text) {
	if n.Kind != yamlread.Map {
		if is, ok := r.scalar(field, n); ok {
			t.Is = &is
		}
		return t
	}
	some := func(field string, n *yamlread.Node) []string {
		if n.Kind == yamlread.List {
			return r.list(field, n)
		}
		text, _ := r.scalar(field, n)
		return []string{text}
	}
	r.Map(n, field, settings.Fields{
		"contains": func(_ yamlread.Key, n *yamlread.Node) { t.Contains = some("contains", n) },
		"lacks":    func(_ yamlread.Key, n *yamlread.Node) { t.Lacks = some("lacks", n) },
		"matches":  func(_ yamlread.Key, n *yamlread.Node) { t.Matches = r.pattern("matches", n) },
		"absent":   func(_ yamlread.Key, n *yamlread.Node) { t.Absent = r.flag("absent", n) },
	})
	return t
}

// files reads what files are expected to be.
func (r *reader) files(field string, n *yamlread.Node) map[string]Text {
	if n.Kind != yamlread.Map {
		r.Wrong(field, n, "a map such as file.txt: text")
		return nil
	}
	all := map[string]Text{}
	r.Each(n, func(key yamlread.Key, n *yamlread.Node) {
		all[nameOf(key)] = r.text("file "+strconv.Quote(nameOf(key)), n)
	})
	return all
}

// call reads an expected call: a list with the command and its arguments, or a map.
func (r *reader) call(n *yamlread.Node) (c Call) {
	if n.Kind == yamlread.List {
		words := r.list("a call", n)
		if len(words) == 0 {
			r.Fault(n.Mark, "a call is empty", "use a list such as [kubectl, apply]")
			return c
		}
		return Call{Command: words[0], Args: words[1:]}
	}
	if n.Kind != yamlread.Map {
		r.Wrong("a call", n, "a list such as [kubectl, apply], or a map with command, args, stdin and env")
		return c
	}
	c.AnyArgs = true
	r.Map(n, "the call", settings.Fields{
		"command": func(_ yamlread.Key, n *yamlread.Node) { c.Command, _ = r.Text("command", n, "the name of a command") },
		"args":    func(_ yamlread.Key, n *yamlread.Node) { c.Args, c.AnyArgs = r.list("args", n), false },
		"stdin": func(_ yamlread.Key, n *yamlread.Node) {
			if text, ok := r.scalar("stdin", n); ok {
				c.Stdin = &text
			}
		},
		"env": func(_ yamlread.Key, n *yamlread.Node) { c.Env = r.texts("env", n) },
	})
	if c.Command == "" {
		r.Fault(n.Mark, "the call has no command", "set command")
	}
	return c
}

// Differences returns what of a result is not as expected, one text each.
func (e Expect) Differences(r *tasktest.Result) []string {
	var all []string
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	switch {
	case e.Exit != nil && *e.Exit == 0 && !e.Fails, e.Exit == nil && !e.Fails:
		if r.Failed {
			add("the Task failed: %s", r.Reason)
		}
	case !r.Failed:
		add("the Task succeeded, but should fail")
	case e.Exit != nil && *e.Exit != r.ExitCode():
		add("the exit code is %d, want %d", r.ExitCode(), *e.Exit)
	}
	for _, name := range slices.Sorted(maps.Keys(e.Steps)) {
		s := r.Step(name)
		switch {
		case s.Name == "":
			add("the Task has no step %q", name)
		case s.Skipped != "":
			add("step %q did not run: %s", name, s.Skipped)
		case s.ExitCode != e.Steps[name]:
			add("the exit code of step %q is %d, want %d", name, s.ExitCode, e.Steps[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.Results)) {
		got, ok := r.Results[name]
		if !ok {
			add("there is no result %q", name)
		} else if want := e.Results[name]; !same(got, want) {
			add("result %q is %s, want %s", name, literal(plain(got)), literal(want))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Results)) {
		if _, ok := e.Results[name]; e.Results != nil && !ok {
			add("there is a result %q, which is not expected: %s", name, literal(plain(r.Results[name])))
		}
	}
	all = append(all, e.Stdout.differences("stdout", r.Stdout())...)
	all = append(all, e.Stderr.differences("stderr", r.Stderr())...)
	for _, w := range slices.Sorted(maps.Keys(e.Workspaces)) {
		if r.Workspaces[w] == nil {
			add("workspace %q is not bound", w)
			continue
		}
		all = append(all, differ(e.Workspaces[w], r.Workspaces[w], "file "+w+"/")...)
	}
	all = append(all, differ(e.Files, r.Files, "file ")...)
	if e.checkCalls {
		all = append(all, e.calls(r.Calls)...)
	}
	for _, c := range r.Calls {
		if c.Unexpected && !e.checkCalls {
			add("the call %s has no answer", c)
		}
	}
	return all
}

// differ compares files.
func differ(want map[string]Text, got map[string]string, prefix string) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(want)) {
		text, ok := got[name]
		switch {
		case want[name].Absent && ok:
			all = append(all, prefix+name+" exists")
		case want[name].Absent:
		case !ok:
			all = append(all, prefix+name+" does not exist")
		default:
			all = append(all, want[name].differences(prefix+name, text)...)
		}
	}
	return all
}

// differences compares a text.
func (t Text) differences(what, got string) []string {
	var all []string
	if t.Is != nil && got != *t.Is {
		all = append(all, what+" is "+literal(got)+", want "+literal(*t.Is))
	}
	for _, part := range t.Contains {
		if !strings.Contains(got, part) {
			all = append(all, what+" is "+literal(got)+", which does not contain "+literal(part))
		}
	}
	for _, part := range t.Lacks {
		if strings.Contains(got, part) {
			all = append(all, what+" is "+literal(got)+", which contains "+literal(part))
		}
	}
	if t.Matches != nil && !t.Matches.MatchString(got) {
		all = append(all, what+" is "+literal(got)+", which does not match "+literal(t.Matches.String()))
	}
	return all
}

// calls compares the calls in their order.
func (e Expect) calls(got []tasktest.Call) []string {
	var all []string
	for i := range max(len(got), len(e.Calls)) {
		where := fmt.Sprintf("call %d", i+1)
		switch {
		case i >= len(got):
			all = append(all, where+" is missing, want "+e.Calls[i].String())
		case i >= len(e.Calls):
			all = append(all, where+" is not expected: "+got[i].String())
		default:
			all = append(all, e.Calls[i].differences(where, got[i])...)
		}
	}
	return all
}

// String returns the call as a command line.
func (c Call) String() string { return tasktest.Call{Command: c.Command, Args: c.Args}.String() }

// differences compares a call.
func (c Call) differences(where string, got tasktest.Call) []string {
	var all []string
	if got.Command != c.Command || !c.AnyArgs && !slices.Equal(got.Args, c.Args) {
		return []string{where + " is " + got.String() + ", want " + c.String()}
	}
	if c.Stdin != nil && got.Stdin != *c.Stdin {
		all = append(all, where+" has the standard input "+literal(got.Stdin)+", want "+literal(*c.Stdin))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Env)) {
		if value, ok := got.Env[name]; !ok {
			all = append(all, where+" does not have the variable "+name)
		} else if value != c.Env[name] {
			all = append(all, where+" has "+name+"="+literal(value)+", want "+literal(c.Env[name]))
		}
	}
	return all
}

// plain returns a value as Go's own type.
func plain(v v1.ResultValue) any {
	switch v.Type {
	case v1.ParamTypeArray:
		return v.ArrayVal
	case v1.ParamTypeObject:
		return v.ObjectVal
	}
	return v.StringVal
}

// same reports whether a result has a value.
func same(got v1.ResultValue, want any) bool {
	switch want := want.(type) {
	case string:
		return got.Type == v1.ParamTypeString && got.StringVal == want
	case []string:
		return got.Type == v1.ParamTypeArray && slices.Equal(got.ArrayVal, want)
	case map[string]string:
		return got.Type == v1.ParamTypeObject && maps.Equal(got.ObjectVal, want)
	}
	return false
}

// most is how much of a text is shown.
const most = 2000

// literal returns a value on one line.
func literal(value any) string {
	var text string
	switch v := value.(type) {
	case string:
		text = strconv.Quote(v)
	case []string:
		text = fmt.Sprintf("%q", v)
	case map[string]string:
		text = fmt.Sprintf("%q", v)
	}
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}
