package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec" //nolint:depguard // simulate is a program of its own
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Simulation is what a Simulator shows.
type Simulation struct {
	Source  manifest.Source
	Run     string // its name, or empty
	Script  []byte // a simulate.Script as JSON
	Profile check.Profile
	All     bool   // all ways
	Limit   int    // the maximum number of runs; 0 means the default
	Format  string // text, json, mermaid or html
	// Hide returns a text without the values of Secrets, for formats that escape texts.
	// What is written goes through it in any case.
	Hide func(string) string
}

// Simulator writes what Tekton would do with a run, and reports whether the run succeeds.
// It links Tekton's controller, with the clients of three clouds, which would double the
// size of tekwright: the program tekwright-simulate has one.
type Simulator func(Simulation, io.Writer) (succeeded bool, err error)

// simulator is the name of the program that can simulate.
const simulator = "tekwright-simulate"

// largestScript is the maximum size of a script in bytes.
const largestScript = 1 << 20

// mostAttempts is the maximum number of attempts that fail with one flag.
const mostAttempts = 1000

// simulating is one invocation of tekwright simulate.
type simulating struct {
	*app
	configured
	Simulation
	exclude                          []string
	script, profile                  string
	fails, timeouts, results, params []string
	mayFail                          []string
	cancel                           string
	wholeTimeout                     time.Duration
	tasksTimeout, finallyTimeout     time.Duration
	format                           choice
}

// simulate returns the command simulate.
func (a *app) simulate() *cobra.Command {
	c := &simulating{app: a, format: choice{"text", []string{"text", "json", "mermaid", "html"}}}
	cmd := &cobra.Command{
		Use:   "simulate {PATH | -}...",
		Short: "Show what Tekton would do with a run",
		Long: `Simulate shows what Tekton would do with a PipelineRun or a TaskRun: the order of the
tasks and what runs side by side, their params, the when expressions with the values that
they compare, what is skipped and why, retries, timeouts, results, and how the run ends.
A Pipeline or a Task can be simulated without a run. The run that a TriggerTemplate creates
is simulated with --run TriggerTemplate/NAME; -p sets the params of the template.

The code of Tekton's controller decides, in this process and with a clock of its own. There
is no cluster and no network, and no step runs: each task succeeds after 10 seconds. The
flags --fail, --timeout and --result change that, and so does a script. A result that they
do not set is not known and shown as <tasks.NAME.results.RESULT>. With --all, all ways are
shown in which the run can go then, and with --may-fail those in which a task fails.

A script is a YAML file. Of the outcomes of a task, the first one that applies counts. An
outcome may apply to one attempt, or to one combination of a matrix:

  params: {environment: staging}
  timeouts: {tasks: 40m}
  tasks:
    test:
      - {status: fail, attempt: 1}
      - {status: succeed, duration: 5m}
    scan:
      - {status: fail, combination: 3, exitCode: 2}
      - {results: {issues: "0"}}

The status is succeed, fail or timeout.

The controller of Tekton is a large program. Simulate is in the program ` + simulator + `, which
must be beside tekwright or in PATH.

Exit status:
  0  the run succeeds, with --all in all ways
  1  the run does not succeed
  2  there is nothing to simulate, or Tekton would not admit it`,
		Example: `  tekwright simulate tekton/ --fail test
  tekwright simulate tekton/ --run PipelineRun/release-1 --result 'changes.services:=["web"]' --all
  tekwright simulate tekton/ --script outcomes.yaml -o html > run.html`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	if a.Simulate == nil {
		a.delegated(cmd)
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&c.Run, "run", "", "`name`, or KIND/NAME, of a run, Pipeline, Task or TriggerTemplate, if there are several")
	f.StringArrayVar(&c.fails, "fail", nil, "`task` that fails; TASK:N fails in its first N attempts; can be repeated")
	f.StringArrayVar(&c.timeouts, "timeout", nil, "`task` that does not end by itself; can be repeated")
	f.StringArrayVar(&c.results, "result", nil, "set a result: `TASK.RESULT=VALUE`, or TASK.RESULT:=JSON; can be repeated")
	f.StringArrayVarP(&c.params, "param", "p", nil, "set a param: `NAME=VALUE`, or NAME:=JSON for an array or object; can be repeated")
	f.StringVar(&c.script, "script", "", "YAML `file` with the outcomes of tasks")
	f.StringVar(&c.cancel, "cancel", "", "cancel the run after a `time` such as 90s; 90s:CancelledRunFinally and\n90s:StoppedRunFinally run the finally tasks")
	f.DurationVar(&c.wholeTimeout, "pipeline-timeout", 0, "`timeout` of the PipelineRun, instead of its own")
	f.DurationVar(&c.tasksTimeout, "tasks-timeout", 0, "`timeout` of all tasks but those of finally")
	f.DurationVar(&c.finallyTimeout, "finally-timeout", 0, "`timeout` of the finally tasks")
	f.BoolVar(&c.All, "all", false, "show all ways in which the run can go")
	f.StringArrayVar(&c.mayFail, "may-fail", nil, "with --all, `task` that may also fail; * is each task, one at a time; can be repeated")
	f.IntVar(&c.Limit, "limit", 100, "with --all, the maximum `number` of runs to simulate")
	f.StringVar(&c.profile, "profile", "", "`name` or file of a profile of the cluster")
	c.format.flag(cmd, "output", "o", "format: text, json, mermaid or html")
	f.StringArrayVar(&c.exclude, "exclude", nil, "`glob` of files and directories to exclude; can be repeated")
	c.configured.flags(cmd)
	cmd.AddCommand(a.simulateEvent())
	return cmd
}

// delegated lets the other program run a command, whose arguments follow the given ones.
func (a *app) delegated(cmd *cobra.Command, names ...string) {
	cmd.DisableFlagParsing = true
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.delegate(cmd, slices.Concat(names, args)) }
}

// delegate runs the program that can simulate.
func (a *app) delegate(cmd *cobra.Command, args []string) error {
	for _, arg := range args {
		if arg == "--help" || arg == "-h" {
			return cmd.Help()
		}
	}
	program, err := a.simulator()
	if err != nil {
		return fmt.Errorf("there is no program %s\n  help: in a clone of tekwright, run (cd pkg/simulate && go install ./cmd/%[1]s)", simulator)
	}
	run := exec.CommandContext(cmd.Context(), program, args...) //nolint:gosec // the program of this name, as with git and kubectl
	run.Stdin, run.Stdout, run.Stderr = a.In, a.Out, a.Err
	var exit *exec.ExitError
	if err := run.Run(); errors.As(err, &exit) && exit.ExitCode() > 0 {
		a.exit = exit.ExitCode()
		return nil
	} else if err != nil {
		return fmt.Errorf("cannot run %s: %w", program, err)
	}
	return nil
}

// simulator returns the path of the program: beside this one, or in PATH.
func (a *app) simulator() (string, error) {
	if self, err := os.Executable(); err == nil {
		if path, err := exec.LookPath(filepath.Join(filepath.Dir(self), simulator)); err == nil {
			return path, nil
		}
	}
	return exec.LookPath(simulator)
}

func (c *simulating) run(ctx context.Context, args []string) error {
	var err error
	if c.Source, c.Profile, err = c.simulated(ctx, args, &c.configured, c.exclude, c.profile); err != nil {
		return err
	}
	if c.Script, err = c.outcomes(); err != nil {
		return err
	}
	c.Format, c.Hide = c.format.value, c.hidden
	succeeded, err := c.app.Simulate(c.Simulation, printable.Hiding(c.Out, c.hidden))
	if err == nil && !succeeded {
		c.exit = found
	}
	return err
}

// simulated reads what is simulated, and the profile of the cluster: that of the flag, if it
// is not empty, or of the configuration.
func (a *app) simulated(ctx context.Context, args []string, by *configured, exclude []string, profile string) (objects, check.Profile, error) {
	finder := by.finder()
	set, err := manifest.Load(ctx, args, manifest.LoadOptions{Exclude: exclude, Excluded: finder.Excludes, Stdin: a.In})
	if err != nil {
		return nil, check.Profile{}, err
	}
	a.hide.Store(&set)
	for _, f := range set.Findings {
		if manifest.IsReadFailure(f) {
			_ = a.complain(fmt.Sprintf("warning: %s: %s", f.Position, f.Message))
		}
	}
	var given check.Profile
	if profile != "" {
		if given, err = a.namedProfile(profile); err != nil {
			return nil, given, err
		}
	}
	return objects(set.Objects), a.inFiles(set, finder, given, profile != ""), nil
}

// outcomes returns the script of the file and of the flags.
func (c *simulating) outcomes() ([]byte, error) {
	script, err := c.readScript()
	if err != nil {
		return nil, fmt.Errorf("cannot read the script %s: %w", c.script, err)
	}
	values, err := valuesOf("--param", c.params)
	if err != nil {
		return nil, err
	}
	maps.Copy(child(script, "params"), values)
	tasks := child(script, "tasks")
	outcomes := func(task string) []any { list, _ := tasks[task].([]any); return list }
	first := func(task string, more ...any) { tasks[task] = append(more, outcomes(task)...) }
	if values, err = valuesOf("--result", c.results); err != nil {
		return nil, err
	}
	for name, value := range values {
		task, result, ok := strings.Cut(name, ".")
		if !ok || task == "" || result == "" {
			return nil, fmt.Errorf("--result %q is not of the form TASK.RESULT=VALUE", name)
		}
		list := outcomes(task)
		if n := len(list); n == 0 || !always(list[n-1]) {
			list = append(list, map[string]any{})
		}
		for _, o := range list { // of any outcome in which the task succeeds
			if o, ok := o.(map[string]any); ok && (o["status"] == nil || o["status"] == "succeed") {
				child(o, "results")[result] = value
			}
		}
		tasks[task] = list
	}
	for _, task := range c.timeouts {
		first(task, map[string]any{"status": "timeout"})
	}
	for _, arg := range c.fails {
		task, count, limited := strings.Cut(arg, ":")
		if !limited {
			first(task, map[string]any{"status": "fail"})
			continue
		}
		n, err := strconv.Atoi(count)
		if err != nil || n < 1 || n > mostAttempts {
			return nil, fmt.Errorf("--fail %q: %q is not a number of attempts from 1 to %d", arg, count, mostAttempts)
		}
		for ; n > 0; n-- {
			first(task, map[string]any{"status": "fail", "attempt": n})
		}
	}
	if err := c.wholeRun(script); err != nil {
		return nil, err
	}
	return json.Marshal(script)
}

// wholeRun adds what the flags say about the run as a whole.
func (c *simulating) wholeRun(script map[string]any) error {
	for field, d := range map[string]time.Duration{"pipeline": c.wholeTimeout, "tasks": c.tasksTimeout, "finally": c.finallyTimeout} {
		if d != 0 {
			child(script, "timeouts")[field] = d.String()
		}
	}
	if len(c.mayFail) > 0 {
		if !c.All {
			return errors.New("--may-fail needs --all; --fail lets a task fail")
		}
		script["mayFail"] = c.mayFail
	}
	if c.cancel == "" {
		return nil
	}
	after, mode, _ := strings.Cut(c.cancel, ":")
	if _, err := time.ParseDuration(after); err != nil {
		return fmt.Errorf("--cancel %q: %q is not a time such as 90s or 5m", c.cancel, after)
	}
	script["cancel"] = map[string]any{"after": after, "mode": mode}
	return nil
}

// always reports whether an outcome applies to every attempt and every combination.
func always(outcome any) bool {
	o, ok := outcome.(map[string]any)
	return ok && o["attempt"] == nil && o["combination"] == nil && o["params"] == nil
}

// child returns the object in a field, which it makes.
func child(object map[string]any, field string) map[string]any {
	if o, ok := object[field].(map[string]any); ok {
		return o
	}
	if object[field] != nil {
		return map[string]any{} // of another type, which the simulator reports
	}
	o := map[string]any{}
	object[field] = o
	return o
}

// readScript reads the file with a script.
func (c *simulating) readScript() (map[string]any, error) {
	script := map[string]any{}
	if c.script == "" {
		return script, nil
	}
	text, err := readSmall(c.script, largestScript)
	if in := (*fs.PathError)(nil); errors.As(err, &in) {
		return nil, in.Err
	}
	if err != nil {
		return nil, err
	}
	raw, err := yamlread.JSON(text, true)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &script); err != nil || script == nil {
		return nil, errors.New("it is not an object with the fields tasks and params")
	}
	return script, nil
}

// valuesOf returns the values of a flag, by name.
func valuesOf(flag string, args []string) (map[string]any, error) {
	all, err := params(args)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", flag, strings.TrimPrefix(err.Error(), "param ")) // it may be a result
	}
	values := map[string]any{}
	for _, p := range all {
		switch p.Value.Type {
		case v1.ParamTypeArray:
			values[p.Name] = p.Value.ArrayVal
		case v1.ParamTypeObject:
			values[p.Name] = p.Value.ObjectVal
		default:
			values[p.Name] = p.Value.StringVal
		}
	}
	return values, nil
}
