package tasktest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/config"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
)

// runMeta are the values of a TaskRun.
type runMeta struct {
	name, namespace, uid string
	params               v1.Params
	bound                func(workspace string) bool
}

// plan is a case that is ready to run: all variables are replaced, and all files exist.
type plan struct {
	c       *Case
	layout  layout
	task    string
	name    string
	spec    *v1.TaskSpec
	steps   []v1.Step
	mounted []string // the paths of volumes
	folders []mount  // the paths of workspaces
	// used is the first path of a script that this machine does not have, "" if none.
	used string
}

// mount is a workspace at a path.
type mount struct{ name, path string }

// tektonPaths are the paths that Tekton provides and that have variables.
var tektonPaths = []string{pipeline.WorkspaceDir, pipeline.DefaultResultPath, pipeline.StepsDir, pipeline.HomeDir, pipeline.ArtifactsDir, pipeline.CredsDir, pipeline.ScriptDir}

// Steps returns the steps of a case as Tekton makes a Pod of them: all variables are
// replaced, StepActions are in their places, and the stepTemplate is merged. Nothing runs.
// Volumes of workspaces are not among the mounts.
func Steps(ctx context.Context, c Case) ([]v1.Step, error) {
	p, err := resolve(ctx, &c, layout{}, true)
	if err != nil {
		return nil, err
	}
	return p.steps, nil
}

// prepare does what resolve does, and writes all files.
func prepare(ctx context.Context, c *Case, l layout, inPlace bool) (*plan, error) {
	p, err := resolve(ctx, c, l, inPlace)
	if err != nil {
		return nil, err
	}
	if err := p.bypassed(); err != nil {
		return nil, err
	}
	return p, p.files()
}

// resolve resolves the Task and puts in all values. If inPlace is set, files are at their
// paths; otherwise paths of the Task become paths below the layout.
func resolve(ctx context.Context, c *Case, l layout, inPlace bool) (*plan, error) {
	if c.Task == nil {
		return nil, errors.New("the case has no Task")
	}
	from, err := c.Task.load()
	if err != nil {
		return nil, err
	}
	ctx = allFeatures(ctx)
	p := &plan{c: c, layout: l, task: from.task.Name, name: c.Name, spec: from.task.Spec.DeepCopy()}
	if p.name == "" {
		p.name = defaultName
	}
	if err := accepted(ctx, from.task); err != nil {
		return nil, err
	}
	p.spec.SetDefaults(ctx)
	given, err := paramsOf(c.Params)
	if err != nil {
		return nil, err
	}
	if err := checkParams(p.spec.Params, given); err != nil {
		return nil, err
	}
	if err := checkWorkspaces(p.spec.Workspaces, c.Workspaces); err != nil {
		return nil, err
	}

	at := func(s string) string { return s }
	edit := func(*v1.Step) {}
	if !inPlace {
		at = l.at
		edit = p.relocate(slices.Concat(p.literalMounts(), slices.Sorted(maps.Keys(c.Files))))
	}
	for i := range p.spec.Steps {
		edit(&p.spec.Steps[i])
	}
	if err := resolveActions(ctx, p.spec, given, from.actions, edit); err != nil {
		return nil, err
	}
	if !inPlace {
		p.relocateRest()
	}
	bound := func(name string) bool { _, ok := c.Workspaces[name]; return ok }
	substitute(p.spec, p.task, runMeta{p.name, "default", "00000000-0000-0000-0000-000000000000", given, bound}, at)
	if p.steps, err = v1.MergeStepsWithStepTemplate(p.spec.StepTemplate, p.spec.Steps); err != nil {
		return nil, fmt.Errorf("cannot merge the stepTemplate: %w", err)
	}
	return p, nil
}

// accepted returns the error of Tekton about a Task. Beta and alpha features are allowed.
func accepted(ctx context.Context, task *v1.Task) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("cannot validate the Task: %v", r)
		}
	}()
	copied := task.DeepCopy()
	if copied.Name == "" {
		copied.Name = "task"
	}
	copied.SetDefaults(ctx)
	if err := copied.Validate(ctx); err != nil {
		return fmt.Errorf("the Task is rejected by Tekton: %w", err)
	}
	return nil
}

// allFeatures returns a context in which beta and alpha features are enabled.
func allFeatures(ctx context.Context) context.Context {
	f, err := config.NewFeatureFlagsFromMap(map[string]string{
		"enable-api-fields":              config.AlphaAPIFields,
		config.EnableCELInWhenExpression: "true",
		config.EnableParamEnum:           "true",
		config.EnableArtifacts:           "true",
	})
	if err != nil {
		return ctx // the map above is a constant
	}
	c := config.FromContextOrDefaults(ctx)
	c.FeatureFlags = f
	return config.ToContext(ctx, c)
}

// literalMounts are the mount paths that have no variable.
func (p *plan) literalMounts() []string {
	var paths []string
	add := func(at string) {
		if at != "" && !strings.Contains(at, "$(") && !below(at, pipeline.WorkspaceDir) && !below(at, "/tekton") {
			paths = append(paths, at)
		}
	}
	each := func(mounts []corev1.VolumeMount, usages []v1.WorkspaceUsage) {
		for _, m := range mounts {
			add(m.MountPath)
		}
		for _, u := range usages {
			add(u.MountPath)
		}
	}
	for _, w := range p.spec.Workspaces {
		add(w.MountPath)
	}
	if t := p.spec.StepTemplate; t != nil {
		each(t.VolumeMounts, nil)
	}
	for _, s := range p.spec.Steps {
		each(s.VolumeMounts, s.Workspaces)
	}
	for _, s := range p.spec.Sidecars {
		each(s.VolumeMounts, s.Workspaces)
	}
	return paths
}

// below reports whether a path is a folder or below it.
func below(p, dir string) bool {
	p = path.Clean(p)
	return p == dir || strings.HasPrefix(p, dir+"/")
}

// relocate returns a function that changes the paths of a step. Paths in scripts are changed
// only if they are given; others that this machine cannot have are remembered.
func (p *plan) relocate(given []string) func(*v1.Step) {
	everywhere := p.layout.rewrite(slices.Concat(tektonPaths, given))
	inScripts, missing := p.layout.rewrite(given), p.layout.rewrite(slices.DeleteFunc(slices.Clone(tektonPaths), func(t string) bool { return slices.Contains(given, t) }))
	n := 0
	return func(s *v1.Step) {
		n++
		everywhere.texts(s.Command)
		everywhere.texts(s.Args)
		everywhere.env(s.Env)
		s.WorkingDir = everywhere.text(s.WorkingDir)
		if at, line := missing.used(inScripts.text(s.Script)); at != "" && p.used == "" {
			p.used = fmt.Sprintf("line %d of the script of step %q uses the path %s", line, strings.TrimPrefix(containerName(s.Name, n-1), "step-"), at)
		}
		s.Script = inScripts.text(s.Script)
		if s.StdoutConfig != nil {
			s.StdoutConfig.Path = everywhere.text(s.StdoutConfig.Path)
		}
		if s.StderrConfig != nil {
			s.StderrConfig.Path = everywhere.text(s.StderrConfig.Path)
		}
	}
}

// relocateRest changes the paths of the step template.
func (p *plan) relocateRest() {
	t := p.spec.StepTemplate
	if t == nil {
		return
	}
	r := p.layout.rewrite(slices.Concat(tektonPaths, p.literalMounts(), slices.Sorted(maps.Keys(p.c.Files))))
	r.texts(t.Command)
	r.texts(t.Args)
	r.env(t.Env)
	t.WorkingDir = r.text(t.WorkingDir)
}

// files writes the files of the case.
func (p *plan) files() error {
	l := p.layout
	for _, dir := range append([]string{"/tmp", runFolder}, tektonPaths...) {
		if err := l.dir(dir); err != nil {
			return err
		}
	}
	for i, s := range p.steps {
		for _, dir := range []string{"results", "artifacts"} {
			if err := l.dir(path.Join(pipeline.StepsDir, containerName(s.Name, i), dir)); err != nil {
				return err
			}
		}
	}
	var err error
	if p.mounted, err = l.volumes(p.c, p.spec, p.steps); err != nil {
		return err
	}
	for _, d := range p.spec.Workspaces {
		folder, bound := p.c.Workspaces[d.Name]
		if !bound {
			continue
		}
		at := d.GetMountPath()
		if err := l.fill(at, folder); err != nil {
			return fmt.Errorf("workspace %q: %w", d.Name, err)
		}
		p.folders = append(p.folders, mount{d.Name, at})
		for _, s := range p.steps {
			for _, u := range s.Workspaces {
				if u.Name == d.Name && u.MountPath != "" && u.MountPath != at {
					if err := l.link(at, u.MountPath); err != nil {
						return err
					}
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.c.Files)) {
		if !path.IsAbs(name) || filepath.ToSlash(path.Clean(name)) != name {
			return fmt.Errorf("the path %q of a file is not absolute", name)
		}
		if err := l.write(name, p.c.Files[name]); err != nil {
			return err
		}
	}
	for _, s := range p.steps {
		// Tekton makes the working directories below /workspace, the others are in images.
		if dir, ok := strings.CutPrefix(s.WorkingDir, l.root); ok {
			if err := l.dir(dir); err != nil {
				return err
			}
		}
	}
	return nil
}
