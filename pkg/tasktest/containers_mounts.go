package tasktest

import (
	"context"
	"fmt"
	"maps"
	"os"
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

// mountArgs returns the arguments for what a container mounts.
func (s *containerSession) mountArgs(c part) ([]string, error) {
	type bind struct {
		from     string // in the layout, or in rec
		readOnly bool
		own      bool // it is in rec
	}
	all := map[string]bind{}
	for _, p := range tektonPaths {
		all[p] = bind{from: p, readOnly: p == pipeline.ScriptDir}
	}
	for _, m := range s.plan.folders {
		d := m.path
		for _, u := range c.usages {
			if u.Name == m.name && u.MountPath != "" {
				d = u.MountPath
			}
		}
		readOnly := slices.ContainsFunc(s.plan.spec.Workspaces, func(w v1.WorkspaceDeclaration) bool { return w.Name == m.name && w.ReadOnly })
		all[d] = bind{from: m.path, readOnly: readOnly}
	}
	for _, m := range c.mounts {
		all[path.Clean(m.MountPath)] = bind{from: path.Join(m.MountPath, path.Clean("/"+m.SubPath)), readOnly: m.ReadOnly}
	}
	for name := range s.plan.c.Files {
		all[name] = bind{from: name}
	}
	if len(s.plan.c.Commands) > 0 {
		all[recorderFolder+"/bin"] = bind{from: s.rec.bin, readOnly: true, own: true}
		all[recorderFolder+"/calls"] = bind{from: s.rec.calls, own: true}
	}
	var args []string
	for _, target := range slices.Sorted(maps.Keys(all)) { // folders before what is in them
		b := all[target]
		from := b.from
		if !b.own { // an earlier step can have left a link there
			var err error
			if from, err = s.plan.layout.real(b.from); err != nil {
				return nil, err
			}
			if _, err := os.Lstat(from); err != nil {
				return nil, fmt.Errorf("an earlier step has removed %s, or made it a link to nothing", target)
			}
		}
		if strings.ContainsAny(from+target, ",\"\n") {
			return nil, fmt.Errorf("the path %q cannot be mounted: it has a comma, a quote or a line break", target)
		}
		m := "type=bind,source=" + from + ",target=" + target
		if b.readOnly {
			m += ",readonly"
		}
		args = append(args, "--mount", m)
	}
	return args, nil
}

// sidecars starts the sidecars, and waits until they are ready. The first one has the network
// that all other containers share with it.
func (s *containerSession) sidecars(ctx context.Context) error {
	for i, sc := range s.plan.spec.Sidecars {
		c := part{
			name: fmt.Sprintf("%s-sidecar-%d", s.name, i), image: sc.Image, script: sc.Script,
			scriptFile: path.Join(pipeline.ScriptDir, "sidecar-script-"+strconv.Itoa(i)), security: sc.SecurityContext, mounts: sc.VolumeMounts, usages: sc.Workspaces,
			step: v1.Step{Script: sc.Script, Command: sc.Command, Args: sc.Args, Env: sc.Env, EnvFrom: sc.EnvFrom, WorkingDir: sc.WorkingDir},
		}
		args, env, err := s.args(ctx, c, stepResults{s.plan.layout}, "run", "-d")
		if err != nil {
			return fmt.Errorf("sidecar %q: %w", sc.Name, err)
		}
		s.running = append(s.running, c.name)
		with := engine{s.engine.file, append(slices.Clone(s.engine.env), env...)}
		if _, err := with.run(ctx, args...); err != nil {
			return fmt.Errorf("sidecar %q: %w", sc.Name, err)
		}
		if i == 0 {
			s.network = "container:" + c.name
		}
	}
	for i, sc := range s.plan.spec.Sidecars {
		if err := s.ready(ctx, fmt.Sprintf("%s-sidecar-%d", s.name, i), sc.ReadinessProbe); err != nil {
			return fmt.Errorf("sidecar %q: %w", sc.Name, err)
		}
	}
	return nil
}

// ready waits until a sidecar is ready.
func (s *containerSession) ready(ctx context.Context, name string, probe *corev1.Probe) error {
	for {
		state, err := s.engine.run(ctx, "inspect", "--format", "{{.State.Running}} {{.State.Pid}}", name)
		if err != nil {
			return err
		}
		running, pid, _ := strings.Cut(strings.TrimSpace(state), " ")
		if running != "true" {
			logs, _ := s.engine.run(ctx, "logs", name)
			return fmt.Errorf("it ended before the steps began: %s", strings.TrimSpace(logs))
		}
		if s.probed(ctx, name, pid, probe) {
			return nil
		}
		pause, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		<-pause.Done()
		cancel()
		if ctx.Err() != nil {
			return fmt.Errorf("it is not ready: %w", context.Cause(ctx))
		}
	}
}

// probed reports whether a readiness probe succeeds. A probe of a port succeeds when a process
// listens on it.
func (s *containerSession) probed(ctx context.Context, name, pid string, probe *corev1.Probe) bool {
	switch {
	case probe == nil:
		return true
	case probe.Exec != nil:
		_, err := s.engine.run(ctx, slices.Concat([]string{"exec", name}, probe.Exec.Command)...)
		return err == nil
	case probe.TCPSocket != nil:
		return listens(pid, probe.TCPSocket.Port.IntValue())
	case probe.HTTPGet != nil:
		return listens(pid, probe.HTTPGet.Port.IntValue())
	}
	return true
}

// listens reports whether a process in the network of another one listens on a port.
func listens(pid string, port int) bool {
	const state, listening = 3, "0A"
	for _, kind := range []string{"tcp", "tcp6"} {
		text, err := os.ReadFile(filepath.Join("/proc", filepath.Base(pid), "net", kind))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			fields := strings.Fields(line)
			if len(fields) > state && fields[state] == listening && strings.HasSuffix(fields[1], fmt.Sprintf(":%04X", port)) {
				return true
			}
		}
	}
	return false
}
