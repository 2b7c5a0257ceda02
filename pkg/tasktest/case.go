package tasktest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/suggest"
)

// Case is one run of a Task. Only Task is required.
type Case struct {
	// Task is the Task: [Define], [In] or [Object].
	Task Source
	// Name is the name of the TaskRun. The default is "test".
	Name string
	// Params are the values of the params.
	Params Params
	// Workspaces are the contents of the workspaces that are bound, by name.
	Workspaces map[string]Folder
	// Secrets are the values of Secrets, by name and key. Steps get them as environment
	// variables or as files, as the Task says.
	Secrets map[string]map[string]string
	// ConfigMaps are the values of ConfigMaps, by name and key.
	ConfigMaps map[string]map[string]string
	// Files are the texts of files at absolute paths, such as /etc/ssl/ca.pem.
	Files map[string]string
	// Commands are recorders by the name of the command that each of them replaces. Steps
	// find them before all other commands.
	Commands map[string]Command
	// Env is the environment that the images would set. Variables of the Task win.
	Env map[string]string
	// Timeout is how long all steps may run together. The default is one minute.
	Timeout time.Duration
}

// Params are the values of params, by name. Each is a string, a []string or a
// map[string]string.
type Params map[string]any

// Folder is the content of a workspace. The zero value is an empty folder.
type Folder struct {
	// Dir is a folder on this machine, which is copied. The original is never changed.
	Dir string
	// Files are the texts of files by their paths in the folder. A text that begins
	// with #! becomes an executable file.
	Files map[string]string
}

// Command replaces a command by a recorder. The zero value succeeds without output.
type Command struct {
	// Answers are tried in order, and the first one that fits gives the output and the
	// exit code of a call. If there are answers and none fits, the call fails with exit
	// code 127 and is Unexpected. Without answers, all calls succeed.
	Answers []Answer
	// Stdin records the standard input. It is optional because a command that reads it
	// takes the input from the commands after it, as in a loop "while read line".
	Stdin bool
	// Env lists the environment variables to record.
	Env []string
	// Script is a POSIX shell script that each call runs instead of the answers, after
	// it was recorded. It gets the arguments of the call.
	Script string
}

// Answer is what a recorder does when it is called.
type Answer struct {
	// Args are the first arguments of the calls that the answer is for. Without Args,
	// it is for all calls.
	Args []string
	// Times is how many calls get the answer. 0 means all of them.
	Times int
	// Stdout and Stderr are the output.
	Stdout, Stderr string
	// Exit is the exit code.
	Exit int
}

// defaultName is the name of a TaskRun that has none.
const defaultName = "test"

// defaultTimeout is how long a case may run.
const defaultTimeout = time.Minute

// paramsOf returns the params as Tekton's type, sorted by name.
func paramsOf(given Params) (v1.Params, error) {
	var out v1.Params
	for _, name := range slices.Sorted(maps.Keys(given)) {
		p := v1.Param{Name: name}
		switch value := given[name].(type) {
		case string:
			p.Value = v1.ParamValue{Type: v1.ParamTypeString, StringVal: value}
		case []string:
			p.Value = v1.ParamValue{Type: v1.ParamTypeArray, ArrayVal: slices.Clone(value)}
		case map[string]string:
			p.Value = v1.ParamValue{Type: v1.ParamTypeObject, ObjectVal: maps.Clone(value)}
		case v1.ParamValue:
			p.Value = *value.DeepCopy()
		default:
			return nil, fmt.Errorf("param %q is a %T: use a string, a []string or a map[string]string", name, value)
		}
		out = append(out, p)
	}
	return out, nil
}

// checkParams returns an error if the params are not those that the Task declares.
func checkParams(declared v1.ParamSpecs, given v1.Params) error {
	var names []string
	types := map[string]v1.ParamSpec{}
	for _, d := range declared {
		names = append(names, d.Name)
		types[d.Name] = d
	}
	for _, p := range given {
		d, ok := types[p.Name]
		if !ok {
			return unknown("param", p.Name, names)
		}
		if d.Type != p.Value.Type && (d.Type != "" || p.Value.Type != v1.ParamTypeString) {
			return fmt.Errorf("param %q has the type %s, but its value has the type %s", p.Name, d.Type, p.Value.Type)
		}
		if len(d.Enum) > 0 && !slices.Contains(d.Enum, p.Value.StringVal) {
			return fmt.Errorf("param %q must be one of %s", p.Name, strings.Join(d.Enum, ", "))
		}
		delete(types, p.Name)
		if d.Type != v1.ParamTypeObject {
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(d.Properties)) {
			_, ok := p.Value.ObjectVal[key]
			if d.Default != nil {
				_, inDefault := d.Default.ObjectVal[key]
				ok = ok || inDefault
			}
			if !ok {
				return fmt.Errorf("param %q lacks the key %q", p.Name, key)
			}
		}
	}
	for _, d := range declared {
		if _, missing := types[d.Name]; missing && d.Default == nil {
			return fmt.Errorf("param %q has no value and no default", d.Name)
		}
	}
	return nil
}

// checkWorkspaces returns an error if the workspaces are not those that the Task declares.
func checkWorkspaces(declared []v1.WorkspaceDeclaration, given map[string]Folder) error {
	var names []string
	for _, d := range declared {
		names = append(names, d.Name)
		if _, bound := given[d.Name]; !bound && !d.Optional {
			return fmt.Errorf("workspace %q is not optional: bind it, for example to an empty Folder", d.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(names, name) {
			return unknown("workspace", name, names)
		}
	}
	return nil
}

// unknown returns the error that the Task does not declare something.
func unknown(what, name string, known []string) error {
	help := ""
	if near := suggest.Name(name, known); near != "" {
		help = fmt.Sprintf("; did you mean %q?", near)
	}
	return fmt.Errorf("the Task declares no %s %q%s", what, name, help)
}

// named returns the error that there is no object with a name.
func named(kind, name string, known []string) error {
	help := ""
	if near := suggest.Name(name, known); near != "" {
		help = fmt.Sprintf("; did you mean %q?", near)
	}
	return fmt.Errorf("there is no %s %q%s", kind, name, help)
}
