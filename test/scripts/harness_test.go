package scripts

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/podspec"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/tasktest"
)

// run is one run of a catalogue task's script on this machine: the emitted
// Task, with its variables replaced as Tekton and the kubelet replace them.
type run struct {
	task       *v1.Task
	params     map[string]string
	arrays     map[string][]string
	workspaces map[string]string   // directories by the workspace's name; others are not bound
	env        []string            // of the pod, before the step's
	path       []string            // directories before this machine's PATH
	home       string              // stands for /tekton/home; default: a new one
	dir        string              // that the script starts in; default: a new one
	sidecar    bool                // run the sidecar's script
	files      map[string]string   // absolute paths in the script that are elsewhere here
	cred       func(cmd *exec.Cmd) // changes the process, such as its user
	ctx        context.Context     // that ends the script; default: the test's
}

// outcome is what a run left.
type outcome struct {
	code           int
	stdout, stderr string
	results        map[string]string
	home, tmp      string // directories that the script had
	resultDir      string
	work           string
}

// define returns the Task that the pipeline's user would publish.
func define[T builder.TaskType[Out], Out builder.TaskOutput](t testing.TB, task T) *v1.Task {
	t.Helper()
	def, err := builder.Define(task).Task()
	require.NoError(t, err)
	return def
}

// script is the parts of a step or a sidecar that the harness runs.
type script struct {
	text string
	args []string
	env  []corev1.EnvVar
}

func (r run) script(t testing.TB) script {
	t.Helper()
	if r.sidecar {
		require.Len(t, r.task.Spec.Sidecars, 1)
		s := r.task.Spec.Sidecars[0]
		return script{s.Script, s.Args, s.Env}
	}
	require.Len(t, r.task.Spec.Steps, 1)
	s := r.task.Spec.Steps[0]
	return script{s.Script, s.Args, s.Env}
}

// do runs the script and returns what it left. It fails the test only where
// the harness itself fails.
func (r run) do(t testing.TB) outcome {
	t.Helper()
	out := outcome{results: map[string]string{}, home: r.home, tmp: t.TempDir(), resultDir: t.TempDir(), work: t.TempDir()}
	if out.home == "" {
		out.home = t.TempDir()
	}
	values, lists := r.variables(t, out.resultDir)
	s := r.script(t)
	require.Equal(t, s.text, strings.NewReplacer(pairs(values)...).Replace(s.text), "the script holds a variable")

	// Tekton replaces, then the kubelet expands from what stands before.
	environment := []corev1.EnvVar{}
	known := map[string]string{}
	for _, e := range s.env {
		require.Nil(t, e.ValueFrom)
		value := podspec.Expand(strings.NewReplacer(pairs(values)...).Replace(e.Value), known)
		known[e.Name] = value
		environment = append(environment, corev1.EnvVar{Name: e.Name, Value: value})
	}
	args := []string{}
	for _, a := range s.args {
		if list, ok := lists[a]; ok {
			args = append(args, list...)
			continue
		}
		args = append(args, strings.NewReplacer(pairs(values)...).Replace(a))
	}
	for i := range args {
		args[i] = podspec.Expand(args[i], known)
	}

	file := filepath.Join(out.work, "script")
	text := s.text
	for from, to := range r.files {
		text = strings.ReplaceAll(text, from, to)
	}
	require.NoError(t, os.WriteFile(file, []byte(text), 0o755))
	shell := shell()
	ctx, cancel := t.Context(), context.CancelFunc(func() {})
	if r.ctx != nil {
		ctx = r.ctx
	}
	if end, ok := deadline(t); ok { // before go test kills all, and says which
		ctx, cancel = context.WithDeadline(ctx, end.Add(-10*time.Second))
	}
	defer cancel()
	cmd := exec.CommandContext(ctx, shell[0], append(append(slices.Clone(shell[1:]), file), args...)...)
	cmd.Dir = out.work
	if r.dir != "" {
		cmd.Dir = r.dir
	}
	cmd.WaitDelay = time.Second
	path := strings.Join(append(slices.Clone(r.path), os.Getenv("PATH")), ":")
	cmd.Env = append([]string{"PATH=" + path, "TMPDIR=" + out.tmp, "LC_ALL=C.UTF-8"}, r.env...)
	for _, e := range environment {
		cmd.Env = append(cmd.Env, e.Name+"="+strings.ReplaceAll(e.Value, "/tekton/home", out.home))
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if r.cred != nil {
		for _, dir := range []string{out.home, out.tmp, out.resultDir, out.work} {
			require.NoError(t, os.Chmod(dir, 0o777))
		}
		r.cred(cmd)
	}
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		out.code = exit.ExitCode()
	} else {
		require.NoError(t, err)
	}
	require.NoError(t, ctx.Err(), "the script hung:\n%s%s", stdout.String(), stderr.String())
	out.stdout, out.stderr = stdout.String(), stderr.String()
	for _, d := range r.task.Spec.Results {
		if b, err := os.ReadFile(filepath.Join(out.resultDir, d.Name)); err == nil {
			out.results[d.Name] = string(b)
		}
	}
	return out
}

// deadline is when go test kills the tests.
func deadline(t testing.TB) (time.Time, bool) {
	if d, ok := t.(interface{ Deadline() (time.Time, bool) }); ok {
		return d.Deadline()
	}
	return time.Time{}, false
}

// variables returns what Tekton puts in place of each variable.
func (r run) variables(t testing.TB, resultDir string) (map[string]string, map[string][]string) {
	t.Helper()
	values, lists := map[string]string{}, map[string][]string{}
	known := map[string]bool{}
	for _, p := range r.task.Spec.Params {
		known[p.Name] = true
		if p.Type == v1.ParamTypeArray {
			list, given := r.arrays[p.Name]
			if !given {
				require.NotNil(t, p.Default, "array param %s is required", p.Name)
				list = p.Default.ArrayVal
			}
			lists["$(params."+p.Name+"[*])"] = list
			continue
		}
		value, given := r.params[p.Name]
		if !given {
			require.NotNil(t, p.Default, "param %s is required", p.Name)
			value = p.Default.StringVal
		}
		values["$(params."+p.Name+")"] = value
	}
	for name := range r.params {
		require.True(t, known[name], "no param %s", name)
	}
	for name := range r.arrays {
		require.True(t, known[name], "no param %s", name)
	}
	for _, w := range r.task.Spec.Workspaces {
		dir, bound := r.workspaces[w.Name]
		require.True(t, bound || w.Optional, "workspace %s is required", w.Name)
		values["$(workspaces."+w.Name+".path)"] = dir
		values["$(workspaces."+w.Name+".bound)"] = "false"
		if bound {
			values["$(workspaces."+w.Name+".bound)"] = "true"
		}
		known["w/"+w.Name] = true
	}
	for name := range r.workspaces {
		require.True(t, known["w/"+name], "no workspace %s", name)
	}
	for _, d := range r.task.Spec.Results {
		values["$(results."+d.Name+".path)"] = filepath.Join(resultDir, d.Name)
	}
	return values, lists
}

func pairs(values map[string]string) []string {
	var list []string
	for k, v := range values {
		list = append(list, k, v)
	}
	return list
}

// shell is the shell that runs the scripts, as words: sh, or what the variable
// TEKWRIGHT_SHELL says, such as "busybox sh".
func shell() []string {
	if words := strings.Fields(os.Getenv("TEKWRIGHT_SHELL")); len(words) > 0 {
		return words
	}
	return []string{"sh"}
}

// host runs steps on this machine with package tasktest, by the shell of these tests. The
// folders come before this machine's PATH.
func host(path ...string) tasktest.Host {
	return tasktest.Host{Path: strings.Join(append(path, os.Getenv("PATH")), ":"), Shell: shell()}
}

// texts returns the results of a run as texts.
func texts(r *tasktest.Result) map[string]string {
	all := map[string]string{}
	for name, value := range r.Results {
		all[name] = value.StringVal
	}
	return all
}

// ok fails the test unless the script succeeded.
func (o outcome) ok(t testing.TB) outcome {
	t.Helper()
	require.Zero(t, o.code, "stdout:\n%s\nstderr:\n%s", o.stdout, o.stderr)
	return o
}

// refused fails the test unless the script failed with a message that holds
// the text, in a line of its own that begins with the tool's name.
func (o outcome) refused(t testing.TB, tool, text string) {
	t.Helper()
	require.NotZero(t, o.code, "stdout:\n%s\nstderr:\n%s", o.stdout, o.stderr)
	require.Contains(t, "\n"+o.stderr, "\n"+tool+": ")
	require.Contains(t, o.stderr, text)
}

// write makes files below a directory.
func write(t testing.TB, dir string, files map[string]string) string {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return dir
}

// need skips the test, for all to see, where this machine lacks a program.
func need(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("SKIPPED: this machine has no %s; its script was NOT run", program)
	}
	return path
}

// applets returns a directory with BusyBox's tools under their names, which
// are those of the slim images; "" where this machine has no BusyBox.
func applets(t testing.TB) string {
	t.Helper()
	busybox, err := exec.LookPath("busybox")
	if err != nil {
		t.Log("SKIPPED: this machine has no busybox; its tools were NOT tried")
		return ""
	}
	dir := t.TempDir()
	for _, tool := range []string{"awk", "cat", "cmp", "cut", "date", "find", "grep", "head", "mktemp", "od", "realpath", "sed", "sleep", "sort", "tr", "wc"} {
		require.NoError(t, os.Symlink(busybox, filepath.Join(dir, tool)))
	}
	return dir
}
