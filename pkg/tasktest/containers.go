package tasktest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
)

// Containers runs each step in a container of its image, by podman or docker. All paths are
// those of a cluster. Sidecars run beside the steps, in the same network. Limits on CPU and
// memory are ignored. Only Linux, with an engine on this machine, is supported.
type Containers struct {
	// Command is the engine, a command that has podman's or docker's options. The default
	// is the first one of podman and docker that works.
	Command string
	// Env is the environment of the engine, such as PATH and HOME. The default is the
	// PATH of [DefaultPath]. Steps do not see it.
	Env []string
	// Images replaces images, such as by small ones that exist on this machine.
	Images map[string]string
	// Network is the network of the steps. The default is "none".
	Network string
	// Pull is when the engine pulls images: missing, always or never. The default is
	// missing.
	Pull string
	// Privileged allows steps and sidecars that are privileged. They can change this
	// machine. Otherwise such a Task is an error.
	Privileged bool
}

// recorderFolder is where containers have the recorders.
const recorderFolder = "/tekton/tasktest"

// Available returns an error that says why no engine works, and nil if one does.
func (c Containers) Available(ctx context.Context) error {
	_, err := c.engine(ctx)
	return err
}

// engine is a command that runs containers.
type engine struct {
	file string
	env  []string
}

// engine returns the engine.
func (c Containers) engine(ctx context.Context) (engine, error) {
	names := []string{"podman", "docker"}
	if c.Command != "" {
		names = []string{c.Command}
	}
	env := slices.Clone(c.Env)
	list := last(env, "PATH")
	if list == "" {
		list = DefaultPath
		env = append(env, "PATH="+list) // without any, the engine would get that of this process
	}
	var why []string
	for _, name := range names {
		file, err := look(name, list)
		if err != nil {
			why = append(why, name+" is not in the path")
			continue
		}
		e := engine{file, env}
		if _, err := e.run(ctx, "info"); err != nil {
			why = append(why, name+" does not work: "+firstLine(err.Error()))
			continue
		}
		return e, nil
	}
	return engine{}, fmt.Errorf("there is nothing to run containers with: %s", strings.Join(why, "; "))
}

func firstLine(text string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return first
}

// run runs the engine, and returns its standard output.
func (e engine) run(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, e.file, args...)
	var stdout, stderr bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = e.env, &stdout, &stderr, time.Second
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", filepath.Base(e.file), args[0], err, strings.TrimSpace(stderr.String()))
	}
	return stdout.String(), nil
}

// containerSession runs steps in containers.
type containerSession struct {
	Containers
	engine  engine
	plan    *plan
	rec     recorders
	name    string // the beginning of the names of the containers
	network string
	running []string          // containers to end
	paths   map[string]string // the variable PATH of images
}

func (c Containers) start(ctx context.Context, cs *Case, l layout) (*plan, session, error) {
	e, err := c.engine(ctx)
	if err != nil {
		return nil, nil, err
	}
	p, err := prepare(ctx, cs, l, true)
	if err != nil {
		return nil, nil, err
	}
	s := &containerSession{Containers: c, engine: e, plan: p, rec: p.recorders(), name: filepath.Base(filepath.Dir(l.root)), network: c.Network, paths: map[string]string{}}
	if s.network == "" {
		s.network = "none"
	}
	s.rec.inStep = recorderFolder + "/calls"
	if err := s.rec.write(cs.Commands); err != nil {
		return nil, nil, err
	}
	for _, step := range p.steps {
		if below(step.WorkingDir, pipeline.WorkspaceDir) {
			if err := l.dir(step.WorkingDir); err != nil {
				return nil, nil, err
			}
		}
	}
	// As in a cluster, every user can write to the folders that Tekton makes.
	err = filepath.WalkDir(filepath.Dir(l.root), func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && name != filepath.Dir(l.root) {
			return os.Chmod(name, 0o777)
		}
		return err
	})
	if err == nil {
		err = s.sidecars(ctx)
	}
	if err != nil {
		s.end()
		return nil, nil, err
	}
	return p, s, nil
}

// end ends and removes all containers that are left.
func (s *containerSession) end() {
	if len(s.running) > 0 {
		// The context of the case may have ended; nothing else can be done with an error.
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_, _ = s.engine.run(ctx, append([]string{"kill"}, s.running...)...) // rm would wait for each
		_, _ = s.engine.run(ctx, append([]string{"rm", "-f", "-v"}, s.running...)...)
		s.running = nil
	}
}

// part is what a step and a sidecar have in common.
type part struct {
	name               string
	image              string
	script, scriptFile string
	step               v1.Step // with the fields of a sidecar
	security           *corev1.SecurityContext
	mounts             []corev1.VolumeMount
	usages             []v1.WorkspaceUsage
}

func (s *containerSession) step(ctx context.Context, i int, step v1.Step, results stepResults, stdout, stderr *output) (int, error) {
	c := part{
		name: fmt.Sprintf("%s-step-%d", s.name, i), image: step.Image, script: step.Script,
		scriptFile: path.Join(pipeline.ScriptDir, "script-"+strconv.Itoa(i)), step: step, security: step.SecurityContext, mounts: step.VolumeMounts, usages: step.Workspaces,
	}
	args, env, err := s.args(ctx, c, results, "run", "--rm")
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, s.engine.file, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = append(slices.Clone(s.engine.env), env...), stdout, stderr, 10*time.Second
	cmd.Cancel = func() error { // ending the engine's process would not end the container
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_, _ = s.engine.run(ctx, "kill", c.name)
		return cmd.Process.Kill()
	}
	err = cmd.Run()
	exit, ok := errors.AsType[*exec.ExitError](err)
	switch {
	case ctx.Err() != nil:
		s.running = append(s.running, c.name)
		return -1, nil
	case err == nil:
		return 0, nil
	case !ok:
		return 0, err
	case exit.ExitCode() == engineFailed && ofEngine(stderr.String()):
		return 0, fmt.Errorf("%s cannot run the container: %s", filepath.Base(s.engine.file), strings.TrimSpace(stderr.String()))
	}
	return exit.ExitCode(), nil
}

// engineFailed is the exit code with which an engine reports its own errors.
const engineFailed = 125

// ofEngine reports whether an output ends with an error of the engine itself.
func ofEngine(stderr string) bool {
	all := strings.Split(strings.TrimSpace(stderr), "\n")
	return slices.ContainsFunc(all, func(l string) bool {
		return strings.HasPrefix(l, "Error: ") || strings.HasPrefix(l, "docker: ") || strings.HasPrefix(l, "Error response ")
	})
}

// args returns the arguments of the engine for a container, and the variables that it takes
// from its own environment, so that no value is in the list of processes.
func (s *containerSession) args(ctx context.Context, c part, results stepResults, verb ...string) (args, env []string, err error) {
	image := c.image
	if other, ok := s.Images[image]; ok {
		image = other
	}
	if image == "" || strings.HasPrefix(image, "-") {
		return nil, nil, fmt.Errorf("the image %q is not valid", image)
	}
	var program []string
	if c.script != "" {
		text := c.script
		if !strings.HasPrefix(strings.TrimSpace(text), "#!") {
			text = preamble + text
		}
		if err := s.plan.layout.put(c.scriptFile, text, 0o755); err != nil {
			return nil, nil, err
		}
		program = []string{c.scriptFile}
	}
	run, err := s.plan.command(c.step, program, results)
	if err != nil {
		return nil, nil, err
	}
	args = append(verb, "--name", c.name, "--network", s.network, "--security-opt", "label=disable", "--pull", "missing")
	if s.Pull != "" {
		args[len(args)-1] = s.Pull
	}
	if run.dir != "" {
		args = append(args, "--workdir", run.dir)
	}
	secure, err := s.securityArgs(c.security)
	if err != nil {
		return nil, nil, err
	}
	args = append(args, secure...)
	mounts, err := s.mountArgs(c)
	if err != nil {
		return nil, nil, err
	}
	args = append(args, mounts...)

	values, order := map[string]string{}, []string{}
	set := func(name, value string) {
		if _, again := values[name]; !again {
			order = append(order, name)
		}
		values[name] = value
	}
	for _, name := range slices.Sorted(maps.Keys(s.plan.c.Env)) {
		set(name, s.plan.c.Env[name])
	}
	for _, e := range run.env {
		name, value, _ := strings.Cut(e, "=")
		set(name, value)
	}
	if len(s.plan.c.Commands) > 0 {
		list, given := values["PATH"]
		if !given {
			if list, err = s.path(ctx, image); err != nil {
				return nil, nil, err
			}
		}
		set("PATH", recorderFolder+"/bin:"+list)
	}
	for _, name := range order {
		if last(s.engine.env, name) != "" || strings.HasPrefix(name, "CONTAINER") || strings.HasPrefix(name, "DOCKER") || name == "PATH" || name == "HOME" {
			args = append(args, "--env", name+"="+values[name])
			continue
		}
		args = append(args, "--env", name)
		env = append(env, name+"="+values[name])
	}
	if c.script == "" && len(c.step.Command) == 0 {
		return slices.Concat(args, []string{image}, run.argv), env, nil
	}
	return slices.Concat(args, []string{"--entrypoint", run.argv[0], image}, run.argv[1:]), env, nil
}

// path returns the PATH of an image.
func (s *containerSession) path(ctx context.Context, image string) (string, error) {
	if list, ok := s.paths[image]; ok {
		return list, nil
	}
	inspect := []string{"image", "inspect", "--format", "{{json .Config.Env}}", image}
	text, err := s.engine.run(ctx, inspect...)
	if err != nil && s.Pull != "never" {
		if _, err := s.engine.run(ctx, "pull", image); err != nil {
			return "", err
		}
		text, err = s.engine.run(ctx, inspect...)
	}
	if err != nil {
		return "", err
	}
	var env []string
	if err := json.Unmarshal([]byte(text), &env); err != nil {
		return "", fmt.Errorf("cannot read the environment of the image %s: %w", image, err)
	}
	s.paths[image] = last(env, "PATH")
	if s.paths[image] == "" {
		s.paths[image] = DefaultPath
	}
	return s.paths[image], nil
}

// securityArgs returns the arguments for a security context.
func (s *containerSession) securityArgs(c *corev1.SecurityContext) ([]string, error) {
	if c == nil {
		return nil, nil
	}
	var args []string
	if c.Privileged != nil && *c.Privileged {
		if !s.Privileged {
			return nil, errors.New("it is privileged, so it could change this machine: set Privileged to allow this")
		}
		args = append(args, "--privileged")
	}
	switch {
	case c.RunAsUser != nil && c.RunAsGroup != nil:
		args = append(args, "--user", fmt.Sprintf("%d:%d", *c.RunAsUser, *c.RunAsGroup))
	case c.RunAsUser != nil:
		args = append(args, "--user", strconv.FormatInt(*c.RunAsUser, 10))
	}
	if c.ReadOnlyRootFilesystem != nil && *c.ReadOnlyRootFilesystem {
		args = append(args, "--read-only")
	}
	if c.AllowPrivilegeEscalation != nil && !*c.AllowPrivilegeEscalation {
		args = append(args, "--security-opt", "no-new-privileges")
	}
	if c.Capabilities != nil {
		for _, one := range c.Capabilities.Drop {
			args = append(args, "--cap-drop", string(one))
		}
		for _, one := range c.Capabilities.Add {
			args = append(args, "--cap-add", string(one))
		}
	}
	return args, nil
}
