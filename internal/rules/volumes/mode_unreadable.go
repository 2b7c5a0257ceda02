package volumes

import (
	_ "embed"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed mode-unreadable.md
var modeUnreadableText string

var modeUnreadable = &rule.Rule{
	Code:     "mode-unreadable",
	Severity: diag.Warning,
	Topic:    "volumes",
	Text:     modeUnreadableText,
	Kinds:    []string{"Task", "TaskRun", "Pipeline", "PipelineRun"},
	Needs:    []rule.Fact{rule.Objects, rule.Variables, rule.Workspaces},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			if t.Action == nil && !p.Set.HasFSGroup() {
				unreadableVolumes(p, t)
				unreadableWorkspaces(p, t)
			}
		}
	},
}

// unreadableVolumes reports volumes whose files the user of a step or a sidecar that
// mounts them cannot read.
func unreadableVolumes(p *rule.Pass, t *facts.TaskSpec) {
	private := map[string]int32{}
	for i := range t.Spec.Volumes {
		v := &t.Spec.Volumes[i]
		if mode, ok := onlyOwner(v.Secret, v.ConfigMap); ok {
			private[v.Name] = mode
		}
	}
	if len(private) == 0 {
		return
	}
	all := t.Containers()
	for i := range all {
		c := &all[i]
		user, ok := userOf(c)
		if !ok {
			continue
		}
		for i := range c.Mounts {
			if mode, ok := private[c.Mounts[i].Name]; ok {
				unreadable(p, c.Spot.Index("volumeMounts", i).Field("name"), c.Label, "volume "+phrase.Quote(c.Mounts[i].Name), c.Mounts[i].Name, user, mode)
			}
		}
	}
}

// unreadableWorkspaces does the same for the workspaces that a TaskRun binds.
func unreadableWorkspaces(p *rule.Pass, t *facts.TaskSpec) {
	if p.Entry.TaskRun == nil {
		return
	}
	private := map[string]int32{}
	for _, w := range p.Entry.TaskRun.Spec.Workspaces {
		if mode, ok := onlyOwner(w.Secret, w.ConfigMap); ok {
			private[w.Name] = mode
		}
	}
	if len(private) == 0 {
		return
	}
	uses := t.WorkspaceUses()
	for i := range uses {
		u := &uses[i]
		mode, ok := private[u.Var.Owner]
		if !ok || u.Var.Name != "path" || u.Escaped {
			continue
		}
		c := t.ContainerAt(u.Spot)
		if c == nil {
			continue
		}
		if user, ok := userOf(c); ok {
			unreadable(p, u.Spot, c.Label, "workspace "+phrase.Quote(u.Var.Owner), u.Var.Owner, user, mode)
		}
	}
}

func unreadable(p *rule.Pass, s facts.Spot, label, what, name string, user int64, mode int32) {
	p.Warning(s, name, label+" runs as user "+strconv.FormatInt(user, 10)+", but the files of "+what+" belong to root and have mode 0"+strconv.FormatInt(int64(mode), 8)+", so it cannot read them unless the pod has an fsGroup",
		"set fsGroup in the securityContext of the podTemplate of the run, or copy the files in a step that runs as root")
}

// userOf returns the user that a step or a sidecar certainly runs as, if it is not root.
func userOf(c *facts.Container) (user int64, ok bool) {
	if c.Kind != facts.Step && c.Kind != facts.Sidecar || c.Step != nil && c.Step.Ref != nil {
		return 0, false
	}
	sc := c.Security
	if template := c.Task.Spec.StepTemplate; c.Kind == facts.Step && template != nil && (sc == nil || sc.RunAsUser == nil) {
		sc = template.SecurityContext
	}
	if sc == nil || sc.RunAsUser == nil || *sc.RunAsUser == 0 {
		return 0, false
	}
	return *sc.RunAsUser, true
}

// onlyOwner returns the mode of the files of a Secret or a ConfigMap, if only their
// owner can read them.
func onlyOwner(secret *corev1.SecretVolumeSource, config *corev1.ConfigMapVolumeSource) (int32, bool) {
	var mode *int32
	var items []corev1.KeyToPath
	switch {
	case secret != nil:
		mode, items = secret.DefaultMode, secret.Items
	case config != nil:
		mode, items = config.DefaultMode, config.Items
	}
	if mode == nil || *mode < 0 || *mode > maxMode || *mode&0o044 != 0 {
		return 0, false
	}
	for i := range items {
		if items[i].Mode != nil {
			return 0, false
		}
	}
	return *mode, true
}
