package tasktest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/result"

	"github.com/tekwright/tekwright/internal/celenv"
)

// runFolder is where Tekton keeps the state of the steps.
const runFolder = "/tekton/run"

// Runner runs the steps of a Task: [Host] or [Containers].
type Runner interface {
	// start is not exported: only this package implements the interface.
	start(ctx context.Context, c *Case, l layout) (*plan, session, error)
}

// session runs the steps of one plan.
type session interface {
	// step runs a step. It returns an error if the step could not be started. The context
	// ends when the step has taken too long.
	step(ctx context.Context, i int, s v1.Step, results stepResults, stdout, stderr *output) (code int, err error)
	// end ends everything that the session has started.
	end()
}

// Run runs a case. An error means that the case cannot run, for example because a param has
// no value. That the Task fails is no error: see [Result].Failed.
func Run(ctx context.Context, c Case, r Runner) (out *Result, err error) {
	if r == nil {
		return nil, errors.New("there is no runner: use Host or Containers")
	}
	root, err := os.MkdirTemp("", "tasktest-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if removed := removeAll(root); err == nil && removed != nil {
			out, err = nil, fmt.Errorf("cannot remove the files of the run: %w", removed)
		}
	}()
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return nil, err
	}
	timeout := c.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, fmt.Errorf("the steps took longer than %s", timeout))
	defer cancel()
	p, s, err := r.start(ctx, &c, layout{filepath.Join(root, "files")})
	if err != nil {
		return nil, err
	}
	defer s.end()
	out, err = p.run(ctx, s)
	if err != nil {
		return nil, err
	}
	s.end()
	return out, p.collect(out)
}

// removeAll removes a folder, also if it has folders that nothing can be removed from.
func removeAll(root string) error {
	if os.RemoveAll(root) == nil {
		return nil
	}
	_ = filepath.WalkDir(root, func(name string, d os.DirEntry, err error) error {
		if d != nil && d.IsDir() {
			_ = os.Chmod(name, 0o700)
		}
		return nil
	})
	return os.RemoveAll(root)
}

// maxOutput is how much of an output is kept.
const maxOutput = 16 << 20

// output keeps what is written, up to a limit, and also writes it to a file if there is one.
type output struct {
	kept bytes.Buffer // not embedded: its ReadFrom would bypass Write
	file *os.File
}

// Write keeps what fits.
func (o *output) Write(p []byte) (int, error) {
	if o.file != nil {
		if _, err := o.file.Write(p); err != nil {
			return 0, err
		}
	}
	o.kept.Write(p[:min(len(p), maxOutput-o.kept.Len())])
	return len(p), nil
}

// String returns what was kept.
func (o *output) String() string { return o.kept.String() }

// run runs the steps in order.
func (p *plan) run(ctx context.Context, s session) (*Result, error) {
	out := &Result{Results: map[string]v1.ResultValue{}}
	stopped := ""
	for i, step := range p.steps {
		done, err := p.runStep(ctx, s, i, step, stopped)
		if err != nil {
			return nil, fmt.Errorf("step %q: %w", strings.TrimPrefix(containerName(step.Name, i), "step-"), err)
		}
		out.Steps = append(out.Steps, done.Step)
		if done.stops && stopped == "" {
			stopped = done.Name
		}
		if done.Failure != "" && !done.continues && !out.Failed {
			out.Failed, out.Reason = true, fmt.Sprintf("step %q: %s", done.Name, done.Failure)
		}
	}
	p.results(out)
	return out, nil
}

// finished is a step that has ended.
type finished struct {
	Step
	stops     bool // the steps after it do not run
	continues bool // its failure is not that of the Task
}

// runStep runs a step, or skips it.
func (p *plan) runStep(ctx context.Context, s session, i int, step v1.Step, stopped string) (finished, error) {
	name := containerName(step.Name, i)
	done := finished{Step: Step{Name: strings.TrimPrefix(name, "step-"), Results: map[string]v1.ResultValue{}}}
	if stopped != "" {
		done.Skipped = fmt.Sprintf("step %q failed", stopped)
		return done, nil
	}
	results := stepResults{p.layout}
	dir := path.Join(pipeline.StepsDir, name)
	when, err := results.when(step.When)
	if err != nil {
		return done, err
	}
	allowed, err := allows(when)
	if err != nil {
		done.Failure, done.stops, done.ExitCode = err.Error(), true, -1
		return done, nil
	}
	if !allowed {
		done.Skipped = "its when expressions are false"
		return done, p.layout.write(path.Join(dir, "exitCode"), "0")
	}

	limited, cancel := ctx, context.CancelFunc(func() {})
	if step.Timeout != nil && step.Timeout.Duration > 0 {
		limited, cancel = context.WithTimeoutCause(ctx, step.Timeout.Duration, fmt.Errorf("it took longer than its timeout of %s", step.Timeout.Duration))
	}
	defer cancel()
	var stdout, stderr output
	if step.StdoutConfig != nil && step.StdoutConfig.Path != "" {
		if stdout.file, err = p.appendTo(step.StdoutConfig.Path); err != nil {
			return done, err
		}
		defer stdout.file.Close() //nolint:errcheck // the step writes to it
	}
	if step.StderrConfig != nil && step.StderrConfig.Path != "" {
		if stderr.file, err = p.appendTo(step.StderrConfig.Path); err != nil {
			return done, err
		}
		defer stderr.file.Close() //nolint:errcheck // the step writes to it
	}
	code, err := s.step(limited, i, step, results, &stdout, &stderr)
	done.Stdout, done.Stderr = stdout.String(), stderr.String()
	switch {
	case limited.Err() != nil:
		done.Failure, done.ExitCode, done.stops = context.Cause(limited).Error(), -1, true
	case err != nil:
		return done, err
	case code != 0:
		done.ExitCode, done.Failure = code, "exit code "+strconv.Itoa(code)
		done.continues = step.OnError == v1.Continue
		done.stops = !done.continues
	}
	if !done.stops {
		if err := p.layout.write(path.Join(dir, "exitCode"), strconv.Itoa(code)); err != nil {
			return done, err
		}
	}
	return done, p.message(&done, i, step)
}

// appendTo opens the file of stdoutConfig or stderrConfig. Like Tekton, it adds to the file.
func (p *plan) appendTo(name string) (*os.File, error) {
	name = strings.TrimPrefix(name, p.layout.root) // paths in a Task of Host are those of this machine
	return p.layout.open(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
}

// message reads the results of a step, and writes the termination message of its container,
// which has a maximum size.
func (p *plan) message(done *finished, i int, step v1.Step) error {
	all := []result.RunResult{}
	add := func(file, key string, kind result.ResultType) (string, bool, error) {
		text, err := p.layout.read(file)
		if errors.Is(err, os.ErrNotExist) {
			return "", false, nil
		}
		if err != nil {
			return "", false, err
		}
		all = append(all, result.RunResult{Key: key, Value: string(text), ResultType: kind})
		return string(text), true, nil
	}
	for _, r := range p.spec.Results {
		if r.Value == nil {
			if _, _, err := add(path.Join(pipeline.DefaultResultPath, r.Name), r.Name, result.TaskRunResultType); err != nil {
				return err
			}
		}
	}
	for _, r := range step.Results {
		text, ok, err := add(path.Join(pipeline.StepsDir, containerName(step.Name, i), "results", r.Name), r.Name, result.StepResultType)
		if err != nil {
			return err
		}
		if ok {
			done.Results[r.Name] = parse(text)
		}
	}
	// Tekton also writes when the step began.
	all = append(all, result.RunResult{Key: "StartedAt", Value: "2006-01-02T15:04:05.000Z", ResultType: result.InternalTektonResultType})
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	if len(text) > maxMessage && done.Failure == "" {
		// Steps after it run, but Tekton does not see the results.
		done.Failure = fmt.Sprintf("the results that exist after it need %d bytes in the termination message of its container, which has %d", len(text), maxMessage)
		done.ExitCode, done.continues = 1, false
	}
	return nil
}

// maxMessage is the maximum size of the termination message of a container, which has all
// results as JSON.
const maxMessage = 4096

// parse parses a result as Tekton does.
func parse(text string) v1.ResultValue {
	var v v1.ResultValue
	_ = v.UnmarshalJSON([]byte(text)) // what is no JSON is a string
	return v
}

// allows reports whether when expressions are true.
func allows(when v1.StepWhenExpressions) (bool, error) {
	values := map[string]bool{}
	for _, w := range when {
		if w.CEL == "" {
			continue
		}
		yes, err := celenv.StepWhen(w.CEL)
		if err != nil {
			return false, err
		}
		values[w.CEL] = yes
	}
	return when.AllowsExecution(values), nil
}
