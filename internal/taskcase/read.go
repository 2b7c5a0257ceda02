// Package taskcase reads the files NAME_test.yaml, which have cases for the Task in
// NAME.yaml, and compares what a case left with what it expects.
package taskcase

import (
	"cmp"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tekwright/tekwright/internal/settings"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/tasktest"
)

// Suffixes are the ends of the names of files with cases.
var Suffixes = []string{"_test.yaml", "_test.yml"}

// IsFile reports whether a file has cases, by its name.
func IsFile(name string) bool {
	return slices.ContainsFunc(Suffixes, func(s string) bool { return strings.HasSuffix(name, s) && path.Base(name) != s })
}

// File is a file with cases.
type File struct {
	// Task is the name of the Task, "" if the file does not say so.
	Task  string
	Cases []Case
}

// Case is a case, and what it expects.
type Case struct {
	Name     string
	Position diag.Position
	Case     tasktest.Case // without a Task
	// Hostile are params that the case is repeated with, with hostile values.
	Hostile []string
	// Expect is what the case expects.
	Expect Expect
}

// longest is the maximum length of the name of a case.
const longest = 200

// reader reads a file.
type reader struct {
	*settings.Reader
	file string
}

// Read reads a file. The error is a [diag.Findings] with all mistakes.
func Read(file string, text []byte) (File, error) {
	var out File
	opened, root := settings.Open(text)
	r := &reader{opened, file}
	if root != nil {
		r.Map(root, "the file", settings.Fields{
			"task": func(_ yamlread.Key, n *yamlread.Node) { out.Task, _ = r.Text("task", n, "the name of a Task") },
			"cases": func(_ yamlread.Key, n *yamlread.Node) {
				r.List("cases", n, "a list of cases", func(i int, n *yamlread.Node) { out.Cases = append(out.Cases, r.oneCase(i, n)) })
			},
		})
	}
	names := map[string]bool{}
	for _, c := range out.Cases {
		if names[c.Name] {
			r.Faults = append(r.Faults, settings.Fault{Position: c.Position, Message: "two cases have the name " + strconv.Quote(c.Name), Help: "rename one"})
		}
		names[c.Name] = true
	}
	if len(r.Faults) == 0 && len(out.Cases) == 0 {
		r.Faults = append(r.Faults, settings.Fault{Position: diag.Position{Line: 1, Column: 1}, Message: "the file has no cases", Help: "add the list cases"})
	}
	if len(r.Faults) == 0 {
		return out, nil
	}
	var all diag.Findings
	for _, f := range r.Faults {
		f.Position.File = file
		all = append(all, diag.Finding{Code: "test-invalid", Severity: diag.Error, Message: f.Message, Help: f.Help, Position: f.Position})
	}
	return out, all
}

// oneCase reads a case.
func (r *reader) oneCase(i int, n *yamlread.Node) Case {
	c := Case{Position: r.At(n.Mark)}
	c.Position.File = r.file
	if n.Kind != yamlread.Map {
		r.Wrong("an item of cases", n, "a map with name, params, expect and so on")
		return c
	}
	in := &c.Case
	r.Map(n, "the case", settings.Fields{
		"name": func(_ yamlread.Key, n *yamlread.Node) {
			c.Name, _ = r.Text("name", n, "a text")
			if len(c.Name) > longest {
				r.Fault(n.Mark, "the name has more than "+strconv.Itoa(longest)+" characters", "use a shorter one")
			}
		},
		"params":     func(_ yamlread.Key, n *yamlread.Node) { in.Params = r.params(n) },
		"workspaces": func(_ yamlread.Key, n *yamlread.Node) { in.Workspaces = r.workspaces(n) },
		"secrets":    func(_ yamlread.Key, n *yamlread.Node) { in.Secrets = r.nested("secrets", n) },
		"configMaps": func(_ yamlread.Key, n *yamlread.Node) { in.ConfigMaps = r.nested("configMaps", n) },
		"files":      func(_ yamlread.Key, n *yamlread.Node) { in.Files = r.texts("files", n) },
		"env":        func(_ yamlread.Key, n *yamlread.Node) { in.Env = r.texts("env", n) },
		"commands":   func(_ yamlread.Key, n *yamlread.Node) { in.Commands = r.commands(n) },
		"timeout": func(_ yamlread.Key, n *yamlread.Node) {
			text, ok := r.Text("timeout", n, "a duration such as 30s")
			d, err := time.ParseDuration(text)
			if ok && (err != nil || d <= 0) {
				r.Wrong("timeout", n, "a duration such as 30s")
			}
			in.Timeout = d
		},
		"hostile": func(_ yamlread.Key, n *yamlread.Node) { c.Hostile = r.Names("hostile", n, "a list of params") },
		"expect":  func(_ yamlread.Key, n *yamlread.Node) { r.expect(&c.Expect, n) },
	})
	r.record(&c)
	c.Name = cmp.Or(c.Name, "case "+strconv.Itoa(i+1))
	return c
}

// record makes the recorders record what the expected calls have.
func (r *reader) record(c *Case) {
	for _, call := range c.Expect.Calls {
		command, ok := c.Case.Commands[call.Command]
		if !ok {
			continue // the call is missing, which the case reports
		}
		command.Stdin = command.Stdin || call.Stdin != nil
		for _, name := range slices.Sorted(maps.Keys(call.Env)) {
			if !slices.Contains(command.Env, name) {
				command.Env = append(command.Env, name)
			}
		}
		c.Case.Commands[call.Command] = command
	}
}

// nameOf returns a key as it is written: YAML reads the name n as false.
func nameOf(key yamlread.Key) string { return cmp.Or(key.Written, key.Name) }

// scalar returns a text, or a number or a boolean as it is written.
func (r *reader) scalar(field string, n *yamlread.Node) (string, bool) {
	switch n.Kind {
	case yamlread.String:
		return n.Text, true
	case yamlread.Number, yamlread.Bool:
		return cmp.Or(n.Written, n.Text), true
	}
	r.Wrong(field, n, "a text")
	return "", false
}

// texts reads a map of texts.
func (r *reader) texts(field string, n *yamlread.Node) map[string]string {
	if n.Kind != yamlread.Map {
		r.Wrong(field, n, "a map of texts")
		return nil
	}
	all := map[string]string{}
	r.Each(n, func(key yamlread.Key, n *yamlread.Node) {
		all[nameOf(key)], _ = r.scalar(field+" "+strconv.Quote(nameOf(key)), n)
	})
	return all
}

// list reads a list of texts.
func (r *reader) list(field string, n *yamlread.Node) []string {
	all := []string{}
	r.List(field, n, "a list of texts", func(_ int, n *yamlread.Node) {
		text, _ := r.scalar("an item of "+field, n)
		all = append(all, text)
	})
	return all
}

// nested reads a map of maps of texts.
func (r *reader) nested(field string, n *yamlread.Node) map[string]map[string]string {
	if n.Kind != yamlread.Map {
		r.Wrong(field, n, "a map such as name: {key: value}")
		return nil
	}
	all := map[string]map[string]string{}
	r.Each(n, func(key yamlread.Key, n *yamlread.Node) {
		all[nameOf(key)] = r.texts("an item of "+field, n)
	})
	return all
}

// value reads a value of a param or a result.
func (r *reader) value(field string, n *yamlread.Node) any {
	switch n.Kind {
	case yamlread.List:
		return r.list(field, n)
	case yamlread.Map:
		return r.texts(field, n)
	}
	text, _ := r.scalar(field, n)
	return text
}

// params reads params or results.
func (r *reader) params(n *yamlread.Node) tasktest.Params {
	if n.Kind != yamlread.Map {
		r.Wrong("params", n, "a map such as name: value")
		return nil
	}
	all := tasktest.Params{}
	r.Each(n, func(key yamlread.Key, n *yamlread.Node) {
		all[nameOf(key)] = r.value("param "+strconv.Quote(nameOf(key)), n)
	})
	return all
}

// workspaces reads the contents of workspaces.
func (r *reader) workspaces(n *yamlread.Node) map[string]tasktest.Folder {
	if n.Kind != yamlread.Map {
		r.Wrong("workspaces", n, "a map such as source: {files: {app.txt: text}}")
		return nil
	}
	all := map[string]tasktest.Folder{}
	r.Each(n, func(key yamlread.Key, n *yamlread.Node) {
		var f tasktest.Folder
		if n.Kind != yamlread.Map && n.Kind != yamlread.Null {
			r.Wrong("workspace "+strconv.Quote(nameOf(key)), n, "a map with dir and files, or {}")
			return
		}
		r.Map(n, "the workspace", settings.Fields{
			"dir": func(_ yamlread.Key, n *yamlread.Node) {
				f.Dir, _ = r.Text("dir", n, "a folder relative to this file")
				// The file may come from a stranger: it cannot read folders elsewhere.
				if f.Dir != "" && (path.IsAbs(f.Dir) || path.Clean(f.Dir) == ".." || strings.HasPrefix(path.Clean(f.Dir), "../") || strings.Contains(f.Dir, `\`)) {
					r.Fault(n.Mark, "dir is not below the folder of this file", "use a folder such as testdata/source")
				}
			},
			"files": func(_ yamlread.Key, n *yamlread.Node) { f.Files = r.texts("files", n) },
		})
		all[nameOf(key)] = f
	})
	return all
}

// commands reads recorders.
func (r *reader) commands(n *yamlread.Node) map[string]tasktest.Command {
	if n.Kind != yamlread.Map {
		r.Wrong("commands", n, "a map such as kubectl: {}")
		return nil
	}
	all := map[string]tasktest.Command{}
	r.Each(n, func(key yamlread.Key, n *yamlread.Node) {
		var c tasktest.Command
		if n.Kind != yamlread.Map && n.Kind != yamlread.Null {
			r.Wrong("command "+strconv.Quote(nameOf(key)), n, "a map with answers, stdin, env and script, or {}")
			return
		}
		r.Map(n, "the command", settings.Fields{
			"stdin":  func(_ yamlread.Key, n *yamlread.Node) { c.Stdin = r.flag("stdin", n) },
			"env":    func(_ yamlread.Key, n *yamlread.Node) { c.Env = r.list("env", n) },
			"script": func(_ yamlread.Key, n *yamlread.Node) { c.Script, _ = r.Text("script", n, "a shell script") },
			"answers": func(_ yamlread.Key, n *yamlread.Node) {
				r.List("answers", n, "a list of answers", func(_ int, n *yamlread.Node) { c.Answers = append(c.Answers, r.answer(n)) })
			},
		})
		all[nameOf(key)] = c
	})
	return all
}

// answer reads an answer of a recorder.
func (r *reader) answer(n *yamlread.Node) (a tasktest.Answer) {
	if n.Kind != yamlread.Map {
		r.Wrong("an item of answers", n, "a map with args, stdout, stderr, exit and times")
		return a
	}
	r.Map(n, "the answer", settings.Fields{
		"args":   func(_ yamlread.Key, n *yamlread.Node) { a.Args = r.list("args", n) },
		"times":  func(_ yamlread.Key, n *yamlread.Node) { a.Times = r.number("times", n, 1, 1_000_000) },
		"stdout": func(_ yamlread.Key, n *yamlread.Node) { a.Stdout, _ = r.scalar("stdout", n) },
		"stderr": func(_ yamlread.Key, n *yamlread.Node) { a.Stderr, _ = r.scalar("stderr", n) },
		"exit":   func(_ yamlread.Key, n *yamlread.Node) { a.Exit = r.number("exit", n, 0, 255) },
	})
	return a
}

// flag reads true or false.
func (r *reader) flag(field string, n *yamlread.Node) bool {
	if n.Kind != yamlread.Bool {
		r.Wrong(field, n, "true or false")
		return false
	}
	return n.Text == "true"
}

// number reads a whole number.
func (r *reader) number(field string, n *yamlread.Node, least, most int) int {
	i, err := strconv.Atoi(n.Text)
	if n.Kind != yamlread.Number || err != nil || i < least || i > most {
		r.Wrong(field, n, "a number from "+strconv.Itoa(least)+" to "+strconv.Itoa(most))
	}
	return i
}

// pattern reads a regular expression.
func (r *reader) pattern(field string, n *yamlread.Node) *regexp.Regexp {
	text, ok := r.Text(field, n, "a regular expression")
	if !ok {
		return nil
	}
	p, err := regexp.Compile(text)
	if err != nil {
		r.Fault(n.Mark, field+" is not a regular expression: "+strings.TrimPrefix(err.Error(), "error parsing regexp: "), "use the syntax of Go")
	}
	return p
}
