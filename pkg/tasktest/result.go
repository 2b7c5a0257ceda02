package tasktest

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// Result is what a run of a Task left.
type Result struct {
	// Failed reports whether the TaskRun would fail, and Reason says why.
	Failed bool
	Reason string
	// Steps are the steps in order.
	Steps []Step
	// Results are the results of the Task, by name. Their types are those that Tekton
	// recognizes, which are the declared ones unless the run failed.
	Results map[string]v1.ResultValue
	// Calls are the calls of the recorders, in order.
	Calls []Call
	// Workspaces are the files of each workspace after the run, by their paths in it.
	// Symbolic links have the text "-> TARGET".
	Workspaces map[string]map[string]string
	// Files are the other files in the places of Tekton and of the case, such as
	// /tekton/home/.config and files of volumes, by their absolute paths.
	Files map[string]string
}

// Step is what a step did.
type Step struct {
	// Name is the name of the step, unnamed-0 for a first step without a name.
	Name string
	// Skipped says why the step did not run, "" if it did.
	Skipped string
	// ExitCode is the exit code, and -1 if there is none, as after a timeout.
	ExitCode int
	// Failure says why the step failed, "" if it did not: its exit code was not 0, it
	// took too long, or its results are too large. A step with onError: continue that
	// failed does not make the Task fail.
	Failure string
	// Stdout and Stderr are the output.
	Stdout, Stderr string
	// Results are the results of the step.
	Results map[string]v1.ResultValue
}

// Call is a call of a recorder.
type Call struct {
	// Command is the name of the command, and Args are its arguments.
	Command string
	Args    []string
	// Stdin is the standard input, if the recorder records it.
	Stdin string
	// Env has the variables that the recorder records and that were set.
	Env map[string]string
	// Unexpected reports that no answer was for this call.
	Unexpected bool
}

// String returns the call as a command line.
func (c Call) String() string {
	words := []string{c.Command}
	for _, a := range c.Args {
		words = append(words, shown(a))
	}
	return strings.Join(words, " ")
}

// shown returns an argument as a shell would read it.
func shown(arg string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=,@%+", r)
	}
	if arg != "" && !strings.ContainsFunc(arg, func(r rune) bool { return !plain(r) }) {
		return arg
	}
	return quote(arg)
}

// quote returns a text as one word of a shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// Step returns the step with a name. It is the zero value if there is none.
func (r *Result) Step(name string) Step {
	if r == nil {
		return Step{}
	}
	for _, s := range r.Steps {
		if s.Name == name {
			return s
		}
	}
	return Step{}
}

// Stdout returns the standard output of all steps.
func (r *Result) Stdout() string { return r.joined(func(s Step) string { return s.Stdout }) }

// Stderr returns the standard error of all steps.
func (r *Result) Stderr() string { return r.joined(func(s Step) string { return s.Stderr }) }

func (r *Result) joined(of func(Step) string) string {
	if r == nil {
		return ""
	}
	var all strings.Builder
	for _, s := range r.Steps {
		all.WriteString(of(s))
	}
	return all.String()
}

// ExitCode returns the exit code of the first step that failed, or 0.
func (r *Result) ExitCode() int {
	if r == nil {
		return 0
	}
	i := slices.IndexFunc(r.Steps, func(s Step) bool { return s.Failure != "" })
	if i < 0 {
		return 0
	}
	return r.Steps[i].ExitCode
}

// Text returns a result of type string. It is empty if there is none.
func (r *Result) Text(name string) string {
	if r == nil {
		return ""
	}
	return r.Results[name].StringVal
}

// CallsOf returns the arguments of the calls of a command.
func (r *Result) CallsOf(command string) [][]string {
	if r == nil {
		return nil
	}
	var all [][]string
	for _, c := range r.Calls {
		if c.Command == command {
			all = append(all, c.Args)
		}
	}
	return all
}

// Summary returns what happened, for people: the steps with their output, and the calls.
func (r *Result) Summary() string {
	if r == nil {
		return ""
	}
	var b strings.Builder
	if r.Failed {
		b.WriteString("the TaskRun fails: " + r.Reason + "\n")
	}
	for _, s := range r.Steps {
		b.WriteString("step " + s.Name + ": ")
		switch {
		case s.Skipped != "":
			b.WriteString("skipped: " + s.Skipped + "\n")
			continue
		case s.Failure != "":
			b.WriteString(s.Failure + "\n")
		default:
			b.WriteString("succeeded\n")
		}
		for line := range strings.Lines(s.Stdout) {
			b.WriteString("  | " + strings.TrimSuffix(line, "\n") + "\n")
		}
		for line := range strings.Lines(s.Stderr) {
			b.WriteString("  ! " + strings.TrimSuffix(line, "\n") + "\n")
		}
	}
	for _, c := range r.Calls {
		b.WriteString("call: " + c.String())
		if c.Unexpected {
			b.WriteString(" (unexpected: no answer is for it)")
		}
		b.WriteString("\n")
	}
	return b.String()
}
