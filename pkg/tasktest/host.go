package tasktest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// Host runs the steps as processes of this machine, with the programs of this machine. Images,
// users and limits are ignored. What the Task has at /workspace, /tekton and the paths of its
// volumes is in a private folder, and the paths in the Task are changed accordingly.
//
// A script that spells out a path of Tekton, such as /workspace/source, cannot run this way:
// [Run] returns an error. Use $(workspaces.source.path) in the Task, or [Containers].
//
// A process is not confined: scripts can do on this machine what the user can do.
type Host struct {
	// Path lists the folders of programs, as in the variable PATH. The default is
	// [DefaultPath]. Nothing else of this process's environment reaches the steps.
	Path string
	// Shell replaces /bin/sh for scripts that use it, such as []string{"busybox", "sh"}.
	Shell []string
	// Change changes a process before it starts, such as its user. It may be nil.
	Change func(*exec.Cmd)
}

// DefaultPath lists the folders of programs that containers usually have.
const DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// workDir is the working directory of steps that set none, below the layout.
const workDir = "/work"

// preamble is what Tekton puts before scripts without an interpreter.
const preamble = "#!/bin/sh\nset -e\n"

// hostSession runs steps as processes.
type hostSession struct {
	Host
	plan *plan
	work string // the working directory of steps that set none
	rec  recorders
}

func (h Host) start(ctx context.Context, c *Case, l layout) (*plan, session, error) {
	p, err := prepare(ctx, c, l, false)
	if err != nil {
		return nil, nil, err
	}
	if p.used != "" {
		return nil, nil, fmt.Errorf("%s, which this machine does not have: use a variable such as $(workspaces.NAME.path), or the runner Containers", p.used)
	}
	if len(p.spec.Sidecars) > 0 {
		return nil, nil, errors.New("the Task has sidecars, which need the runner Containers")
	}
	if h.Path == "" {
		h.Path = DefaultPath
	}
	s := &hostSession{Host: h, plan: p, work: l.at(workDir), rec: p.recorders()}
	s.rec.inStep = s.rec.calls
	if err := s.rec.write(c.Commands); err != nil {
		return nil, nil, err
	}
	if err := l.dir(workDir); err != nil {
		return nil, nil, err
	}
	if h.Change != nil { // the process may have another user
		err = filepath.WalkDir(filepath.Dir(l.root), func(name string, d os.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				return os.Chmod(name, 0o777)
			}
			return err
		})
	}
	return p, s, err
}

// recorders returns the recorders of a case.
func (p *plan) recorders() recorders {
	dir := filepath.Join(filepath.Dir(p.layout.root), "recorders")
	return recorders{bin: filepath.Join(dir, "bin"), calls: filepath.Join(dir, "calls"), inStep: filepath.Join(dir, "calls")}
}

// calls returns the calls of the recorders.
func (p *plan) calls() ([]Call, error) { return p.recorders().read() }

func (s *hostSession) end() {}

func (s *hostSession) step(ctx context.Context, i int, step v1.Step, results stepResults, stdout, stderr *output) (int, error) {
	var program []string
	if step.Script != "" {
		file, err := s.script(i, step.Script)
		if err != nil {
			return 0, err
		}
		program = file
	} else if len(step.Command) == 0 {
		return 0, errors.New("it has neither a script nor a command, so it runs the entrypoint of its image, which needs the runner Containers")
	}
	c, err := s.plan.command(step, program, results)
	if err != nil {
		return 0, err
	}
	env := []string{"PATH=" + s.Path, "HOME=" + s.plan.layout.at(pipeline.HomeDir), "TMPDIR=" + s.plan.layout.at("/tmp")}
	for name, value := range s.plan.c.Env {
		env = append(env, name+"="+value)
	}
	env = append(env, c.env...)
	env = append(env, "PATH="+s.rec.bin+":"+last(env, "PATH"))
	name, err := look(c.argv[0], last(env, "PATH"))
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "%s\n", err)
		return 127, nil
	}
	dir := s.work
	switch {
	case filepath.IsAbs(c.dir):
		dir = c.dir
	case c.dir != "":
		dir = s.plan.layout.at(path.Join(pipeline.WorkspaceDir, c.dir))
		if err := s.plan.layout.dir(path.Join(pipeline.WorkspaceDir, c.dir)); err != nil {
			return 0, err
		}
	}
	return s.process(ctx, name, c.argv, env, dir, stdout, stderr)
}

// process runs a process, and ends all that it has started.
func (s *hostSession) process(ctx context.Context, name string, argv, env []string, dir string, stdout, stderr *output) (int, error) {
	for try := 0; ; try++ {
		cmd := exec.CommandContext(ctx, name, argv[1:]...)
		cmd.Args[0] = argv[0]
		cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = env, dir, stdout, stderr
		cmd.WaitDelay = time.Second
		group(cmd)
		if s.Change != nil {
			s.Change(cmd)
		}
		err := cmd.Start()
		if errors.Is(err, syscall.ETXTBSY) && try < 100 {
			continue // another goroutine has just started a process, which still has the file open
		}
		switch {
		case errors.Is(err, syscall.ENOENT), errors.Is(err, syscall.ENOEXEC), errors.Is(err, syscall.EACCES):
			_, _ = fmt.Fprintf(stderr, "%s\n", cannotStart(argv[0], dir, err))
			return 127, nil
		case err != nil:
			return 0, err
		}
		err = cmd.Wait()
		endGroup(cmd)
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			if code := exit.ExitCode(); code >= 0 {
				return code, nil
			}
			return signaled(exit), nil
		}
		if errors.Is(err, exec.ErrWaitDelay) { // a process that it has left behind had the output open
			err = nil
		}
		return 0, err
	}
}

// cannotStart says why a script does not start.
func cannotStart(file, dir string, err error) string {
	if _, missing := os.Stat(dir); missing != nil {
		return "the working directory " + dir + " does not exist"
	}
	if text, readable := os.ReadFile(file); readable == nil {
		first, _, _ := strings.Cut(string(text), "\n")
		if strings.HasPrefix(first, "#!") {
			return "this machine cannot run " + strings.TrimSpace(first[2:]) + ": " + err.Error()
		}
	}
	return err.Error()
}

// script writes the script of a step, and returns the command that runs it.
func (s *hostSession) script(i int, text string) ([]string, error) {
	if !strings.HasPrefix(strings.TrimSpace(text), "#!") {
		text = preamble + text
	}
	file := path.Join(pipeline.ScriptDir, "script-"+strconv.Itoa(i))
	name := s.plan.layout.at(file)
	if err := s.plan.layout.put(file, text, 0o755); err != nil {
		return nil, err
	}
	first, _, _ := strings.Cut(text, "\n")
	words := strings.Fields(strings.TrimPrefix(first, "#!"))
	if len(s.Shell) > 0 && len(words) > 0 && words[0] == "/bin/sh" && strings.HasPrefix(first, "#!") {
		return slices.Concat(s.Shell, words[1:], []string{name}), nil
	}
	return []string{name}, nil
}

// last returns the value of a variable, of which the last one counts.
func last(env []string, name string) string {
	for _, e := range slices.Backward(env) {
		if value, ok := strings.CutPrefix(e, name+"="); ok {
			return value
		}
	}
	return ""
}

// look returns the file of a command.
func look(name, list string) (string, error) {
	if strings.Contains(name, "/") {
		return name, nil
	}
	for _, dir := range filepath.SplitList(list) {
		file := filepath.Join(dir, name)
		if info, err := os.Stat(file); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
			return file, nil
		}
	}
	return "", fmt.Errorf("this machine has no command %q in its path", name)
}
