package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tekwright/tekwright/internal/bounded"
	"github.com/tekwright/tekwright/internal/cli/report"
	"github.com/tekwright/tekwright/internal/discovery"
	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/internal/taskcase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/tasktest"
)

// largestCases is the maximum size of a file with cases.
const largestCases = 4 << 20

// testRun is one invocation of tekwright test.
type testRun struct {
	*app
	runner, format choice
	run            string
	verbose        bool
	count          int
	only           *regexp.Regexp
	with           tasktest.Runner
	suites         []report.Suite
}

// test returns the command test.
func (a *app) test() *cobra.Command {
	t := &testRun{
		app:    a,
		runner: choice{value: "host", allowed: []string{"host", "containers"}},
		format: choice{value: "text", allowed: []string{"text", "junit"}},
	}
	cmd := &cobra.Command{
		Use:   "test PATH...",
		Short: "Test the steps of Tasks without a cluster",
		Long: `Test runs the steps of Tasks, and compares what they left with what is expected. It
reads files whose names end in _test.yaml, such as deploy_test.yaml with cases for
the Task in deploy.yaml:

  cases:
    - name: applies the manifests
      params: {namespace: staging}
      workspaces:
        source: {files: {app.yaml: "kind: Service"}}
      commands: {kubectl: {}}
      expect:
        calls:
          - [kubectl, apply, --namespace, staging, --filename, app.yaml]

A command is replaced by a recorder, which never calls the real one. A step that calls
it by an absolute path, such as /usr/bin/kubectl, is an error. All other commands do
what they always do.

The scripts of the Tasks run on this machine, with your rights. Only test Tasks
that you would also run yourself.

Exit status:
  0  all cases passed
  1  a case failed
  2  a case could not run, or there is none`,
		Example: `  tekwright test tekton/
  tekwright test -v --run staging tekton/deploy_test.yaml
  tekwright test --runner containers tekton/
  tekwright test -o junit tekton/ > tests.xml`,
		RunE: func(cmd *cobra.Command, args []string) error { return t.all(cmd.Context(), args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	t.runner.flag(cmd, "runner", "", "where steps run: host (this machine) or containers (podman or docker)")
	f.StringVar(&t.run, "run", "", "run only cases whose FILE/NAME matches the `regexp`")
	f.BoolVarP(&t.verbose, "verbose", "v", false, "show all cases, with the output of their steps")
	f.IntVar(&t.count, "count", 1, "run each case `n` times")
	t.format.flag(cmd, "output", "o", "output `format`: "+alternatives(t.format.allowed))
	complete(cmd, "run", cobra.NoFileCompletions)
	complete(cmd, "count", cobra.NoFileCompletions)
	return cmd
}

// all runs the cases of all files.
func (t *testRun) all(ctx context.Context, args []string) error {
	if len(args) == 0 {
		// Unlike check, this runs scripts: there is no default.
		return errors.New("no files given\n  help: pass directories, or files such as deploy_test.yaml")
	}
	if t.count < 1 {
		return errors.New("--count must be at least 1")
	}
	if t.run != "" {
		only, err := regexp.Compile(t.run)
		if err != nil {
			return fmt.Errorf("--run is not a regular expression: %w", err)
		}
		t.only = only
	}
	ctx = interruptible(ctx)
	var err error
	if t.with, err = t.chosen(ctx); err != nil {
		return err
	}
	files, err := t.files(ctx, args)
	if err != nil {
		return err
	}
	ran := 0
	for _, file := range files {
		n, err := t.file(ctx, file)
		if err != nil {
			return err
		}
		ran += n
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
	}
	if t.format.value == "junit" {
		if err := report.WriteSuites(t.Out, t.suites); err != nil {
			return err
		}
	}
	if ran == 0 && t.exit == clean {
		return fmt.Errorf("no case matches --run %q\n  help: names are FILE/NAME, as -v shows them", t.run)
	}
	return nil
}

// chosen returns the runner.
func (t *testRun) chosen(ctx context.Context) (tasktest.Runner, error) {
	if t.runner.value == "host" {
		return tasktest.Host{Path: t.Env("PATH")}, nil
	}
	var c tasktest.Containers
	for _, name := range []string{"PATH", "HOME", "XDG_RUNTIME_DIR", "DOCKER_HOST", "DOCKER_CONFIG", "CONTAINER_HOST", "CONTAINERS_CONF", "REGISTRY_AUTH_FILE", "TMPDIR"} {
		if value := t.Env(name); value != "" {
			c.Env = append(c.Env, name+"="+value)
		}
	}
	if err := c.Available(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// files returns the files with cases.
func (t *testRun) files(ctx context.Context, args []string) ([]string, error) {
	for _, arg := range args {
		if info, err := os.Stat(arg); err == nil && !info.IsDir() && !taskcase.IsFile(filepath.ToSlash(arg)) {
			return nil, fmt.Errorf("%s is not a file with cases: its name must end in _test.yaml", arg)
		}
	}
	found := discovery.Find(ctx, args, false, nil, nil)
	for _, p := range found.Problems {
		return nil, fmt.Errorf("cannot read %s: %w", p.Name, p.Err)
	}
	var files []string
	for _, f := range found.Files {
		if taskcase.IsFile(f.Name) {
			files = append(files, f.Name)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no files with cases found in %s\n  help: write cases for deploy.yaml in deploy_test.yaml; see docs/test.md", strings.Join(args, ", "))
	}
	return files, nil
}

// file runs the cases of a file, and returns how many there were.
func (t *testRun) file(ctx context.Context, name string) (ran int, err error) {
	suite := report.Suite{Name: name}
	began := t.now()
	unread := func(err error) (int, error) {
		t.exit = failed
		suite.Cases = append(suite.Cases, report.Case{Name: "read", Error: err.Error()})
		t.suites = append(t.suites, suite)
		if findings, ok := errors.AsType[diag.Findings](err); ok {
			for _, f := range findings {
				if err := t.complain(f.Error()); err != nil {
					return 0, err
				}
			}
		} else if err := t.complain(name + ": " + err.Error()); err != nil {
			return 0, err
		}
		return 0, t.print("FAIL\t%s\t[cannot read the cases]\n", name)
	}
	text, err := readCases(name)
	if err != nil {
		return unread(err)
	}
	file, err := taskcase.Read(name, text)
	if err != nil {
		return unread(err)
	}
	source, err := beside(ctx, name, file.Task)
	if err != nil {
		return unread(err)
	}
	good := true
	for _, c := range file.Cases {
		full := name + "/" + c.Name
		if t.only != nil && !t.only.MatchString(full) {
			continue
		}
		for range t.count {
			ran++
			done, err := t.oneCase(ctx, filepath.Dir(filepath.FromSlash(name)), full, c, source)
			if err != nil {
				return ran, err
			}
			good = good && done.Failure == "" && done.Error == ""
			suite.Cases = append(suite.Cases, done)
			if ctx.Err() != nil {
				return ran, nil
			}
		}
	}
	if ran == 0 {
		return 0, nil
	}
	suite.Took = t.since(began)
	t.suites = append(t.suites, suite)
	word := "ok  "
	if !good {
		word = "FAIL"
	}
	if t.Clock == nil {
		return ran, t.print("%s\t%s\n", word, name)
	}
	return ran, t.print("%s\t%s\t%s\n", word, name, t.seconds("", suite.Took, ""))
}

// oneCase runs a case.
func (t *testRun) oneCase(ctx context.Context, dir, full string, c taskcase.Case, source tasktest.Source) (report.Case, error) {
	out := report.Case{Name: c.Name, File: c.Position.File, Line: c.Position.Line}
	began := t.now()
	in := c.Case
	in.Task = source
	in.Workspaces = maps.Clone(in.Workspaces) // the case may run again
	err := inFolder(dir, in.Workspaces)
	if t.verbose {
		if err := t.print("=== RUN   %s\n", full); err != nil {
			return out, err
		}
	}
	var got *tasktest.Result
	if err == nil {
		got, err = tasktest.Run(ctx, in, t.with)
	}
	var wrong []string
	output := ""
	if err == nil {
		wrong, output = c.Expect.Differences(got), got.Summary()
		if len(wrong) == 0 && len(c.Hostile) > 0 {
			wrong, err = tasktest.Attack(ctx, in, t.with, c.Hostile...)
		}
	}
	out.Took = t.since(began)
	word := "PASS"
	switch {
	case err != nil:
		word, out.Error, t.exit = "FAIL", "the case cannot run: "+err.Error(), failed
	case len(wrong) > 0:
		word, out.Failure = "FAIL", strings.Join(wrong, "\n")
		t.exit = max(t.exit, found)
	case !t.verbose:
		return out, nil
	}
	out.Output = output
	lines := []string{fmt.Sprintf("--- %s: %s%s", word, full, t.seconds(" (", out.Took, ")"))}
	if text := out.Error + out.Failure; text != "" {
		for line := range strings.SplitSeq(text, "\n") {
			lines = append(lines, "    "+c.Position.String()+": "+line)
		}
	}
	for line := range strings.Lines(output) {
		lines = append(lines, "        "+strings.TrimSuffix(line, "\n"))
	}
	for _, line := range lines {
		if err := t.print("%s\n", line); err != nil {
			return out, err
		}
	}
	return out, nil
}

// inFolder finds the folders of workspaces below the folder of the cases. A link must not lead
// out of that: a case describes files that are beside it.
func inFolder(dir string, workspaces map[string]tasktest.Folder) error {
	for _, name := range slices.Sorted(maps.Keys(workspaces)) {
		folder := workspaces[name]
		if folder.Dir == "" {
			continue
		}
		at := filepath.Join(dir, filepath.FromSlash(folder.Dir))
		if !isWithin(dir, at) {
			return fmt.Errorf("a symbolic link leads from the folder %q of workspace %q out of the folder of the cases", folder.Dir, name)
		}
		folder.Dir = at
		workspaces[name] = folder
	}
	return nil
}

// print writes text, unless the output is for programs.
func (t *testRun) print(format string, args ...any) error {
	if t.format.value != "text" {
		return nil
	}
	return printable.Fprintf(t.Out, format, args...)
}

// now returns the time, if there is a clock.
func (t *testRun) now() (now time.Time) {
	if t.Clock != nil {
		now = t.Clock.Now()
	}
	return now
}

// since returns how long something took, 0 if there is no clock.
func (t *testRun) since(began time.Time) time.Duration { return t.now().Sub(began) }

// seconds returns a time between two texts, "" if there is no clock.
func (t *testRun) seconds(before string, took time.Duration, after string) string {
	if t.Clock == nil {
		return ""
	}
	return fmt.Sprintf("%s%.3fs%s", before, took.Seconds(), after)
}

// readCases reads a file with cases.
func readCases(name string) ([]byte, error) {
	f, err := os.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // opened to be read
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	return bounded.ReadAll(f, largestCases)
}

// taskFiles returns the files that may have the Task of a file with cases: NAME.yaml for
// NAME_test.yaml, or else all manifests beside it. A link must not lead out of the folder of
// the cases.
func taskFiles(name string) (main string, all []string, err error) {
	name = filepath.FromSlash(name)
	dir := filepath.Dir(name)
	for _, suffix := range taskcase.Suffixes {
		base, ok := strings.CutSuffix(name, suffix)
		for _, extension := range []string{".yaml", ".yml", ".json"} {
			if info, err := os.Stat(base + extension); ok && main == "" && err == nil && info.Mode().IsRegular() {
				main = base + extension
			}
		}
	}
	if main != "" && !isWithin(dir, main) {
		return "", nil, fmt.Errorf("a symbolic link leads from the Task %q out of the folder of the cases", filepath.Base(main))
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(e.Name())) && e.Type().IsRegular() && !taskcase.IsFile(e.Name()) {
			all = append(all, filepath.Join(dir, e.Name()))
		}
	}
	return main, all, nil
}

// isWithin reports whether a path is within a folder after all links are followed.
func isWithin(dir, path string) bool {
	rel, err := filepath.Rel(discovery.Real(dir), discovery.Real(path))
	return err == nil && filepath.IsLocal(rel)
}
