package check

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// runWorkspaces checks the bindings of a run, for themselves.
func (c *checker) runWorkspaces(s spot, list []v1.WorkspaceBinding) {
	c.duplicates(s, "workspaces", "workspace", diag.Error, namesOf(list, func(w *v1.WorkspaceBinding) string { return w.Name }))
	for i := range list {
		c.runWorkspace(s.index("workspaces", i), &list[i])
	}
}

func (c *checker) runWorkspace(s spot, w *v1.WorkspaceBinding) {
	label := "workspace " + q(w.Name)
	var set []string
	add := func(name string, on bool) {
		if on {
			set = append(set, name)
		}
	}
	add("volumeClaimTemplate", w.VolumeClaimTemplate != nil)
	add("persistentVolumeClaim", w.PersistentVolumeClaim != nil)
	add("emptyDir", w.EmptyDir != nil)
	add("configMap", w.ConfigMap != nil)
	add("secret", w.Secret != nil)
	add("projected", w.Projected != nil)
	add("csi", w.CSI != nil)
	if w.Name == "" {
		c.fail(s, "name-invalid", "", "a workspace of this run has no name", "set its name")
	}
	switch len(set) {
	case 0:
		c.fail(s, "binding-invalid", w.Name, label+" is bound to nothing", "set one of volumeClaimTemplate, persistentVolumeClaim, emptyDir, configMap, secret, projected and csi")
		return
	case 1:
	default:
		c.fail(s, "binding-invalid", w.Name, label+" is bound to "+strings.Join(set, " and "), "keep one of them")
		return
	}
	lacks := func(what string) {
		c.fail(s.field(set[0]), "binding-invalid", w.Name, label+" is bound to a "+set[0]+" without "+what, "set "+what)
	}
	switch {
	case w.PersistentVolumeClaim != nil && w.PersistentVolumeClaim.ClaimName == "":
		lacks("claimName")
	case w.ConfigMap != nil && w.ConfigMap.Name == "":
		lacks("name")
	case w.Secret != nil && w.Secret.SecretName == "":
		lacks("secretName")
	case w.Projected != nil && len(w.Projected.Sources) == 0:
		lacks("sources")
	case w.CSI != nil && w.CSI.Driver == "":
		lacks("driver")
	case w.VolumeClaimTemplate != nil:
		claim := &w.VolumeClaimTemplate.Spec
		if len(claim.AccessModes) == 0 {
			c.fail(s.field("volumeClaimTemplate.spec"), "binding-invalid", w.Name, "the claim template of "+label+" lists no accessModes", "add ReadWriteOnce")
		}
		if _, ok := claim.Resources.Requests["storage"]; !ok {
			c.fail(s.field("volumeClaimTemplate.spec"), "binding-invalid", w.Name, "the claim template of "+label+" requests no storage", "set resources.requests.storage")
		}
	}
}

// boundWorkspaces compares the bindings of a run with what its pipeline
// declares.
func (c *checker) boundWorkspaces(s spot, label string, spec *v1.PipelineRunSpec, p *pipelineCheck) {
	bound := map[string]bool{}
	var unknown []string
	for i := range spec.Workspaces {
		name := spec.Workspaces[i].Name
		bound[name] = true
		if p.workspaces[name] != nil || p.usedWorkspaces[name] {
			continue
		}
		unknown = append(unknown, name)
		if near := nearest(name, p.workspaceNames()); near != "" && p.workspaces[near] != nil && !p.workspaces[near].Optional && !binds(spec.Workspaces, near) {
			continue // told below
		}
		c.warn(s.index("workspaces", i), "workspace-extra", name, label+" binds workspace "+q(name)+", which "+p.label+" does not declare, so it is ignored",
			suggest(name, p.workspaceNames(), "drop it, or declare it there"))
	}
	for i := range p.spec.Workspaces {
		w := &p.spec.Workspaces[i]
		if w.Optional || bound[w.Name] || w.Name == "" {
			continue
		}
		at, help := boundAt(s, spec.Workspaces, w.Name, unknown, "bind it, for instance to a volumeClaimTemplate")
		c.fail(at, "workspace-missing", w.Name, label+" does not bind workspace "+q(w.Name)+" of "+p.label, help,
			p.spot.index("workspaces", i).related(p.label+" declares it"))
	}
	for _, t := range p.tasks {
		c.reached(s, label, bound, t, p)
	}
}

// reached checks the workspaces that the spec of a task uses and that no task
// binds: Tekton binds what a run binds under that name, and nothing else.
func (c *checker) reached(s spot, label string, bound map[string]bool, t *pipelineTask, p *pipelineCheck) {
	if t.inner == nil || p.run != nil {
		return
	}
	for _, name := range sortedKeys(t.inner.usedWorkspaces) {
		if w := p.workspaces[name]; bound[name] || w != nil && !w.Optional || slices.ContainsFunc(t.Workspaces, func(w v1.WorkspacePipelineTaskBinding) bool { return w.Name == name }) {
			continue
		}
		if i := slices.IndexFunc(t.def.spec.Workspaces, func(w v1.WorkspaceDeclaration) bool { return w.Name == name }); i >= 0 && t.def.spec.Workspaces[i].Optional {
			continue
		}
		c.fail(s.field("workspaces"), "workspace-missing", name, label+" does not bind workspace "+q(name)+", which "+t.def.label+" uses and "+t.label+" does not bind",
			"bind it in "+t.label, t.spot.related(t.label))
	}
}

func binds(list []v1.WorkspaceBinding, name string) bool {
	for i := range list {
		if list[i].Name == name {
			return true
		}
	}
	return false
}

// boundAt is where a workspace that a run does not bind is reported, and the
// help: at what looks like its name misspelt, if that is there.
func boundAt(s spot, list []v1.WorkspaceBinding, name string, unknown []string, other string) (at spot, help string) {
	near := nearest(name, unknown)
	if near == "" {
		return s.field("workspaces"), other
	}
	i := slices.IndexFunc(list, func(w v1.WorkspaceBinding) bool { return w.Name == near })
	return s.index("workspaces", i).field("name"), boundHelp(near, name)
}

func boundHelp(near, name string) string {
	return "workspace " + q(near) + " is bound: did you mean " + q(name) + "?"
}

// claims reports tasks that would mount two claims, which the affinity
// assistant refuses: row 53.
func (c *checker) claims(s spot, spec *v1.PipelineRunSpec, p *pipelineCheck) {
	if c.profile.Coschedule == "disabled" {
		c.oneNode(s, spec, p)
	}
	if !c.profile.oneClaim() {
		return
	}
	binding := map[string]int{}
	for i := range spec.Workspaces {
		binding[spec.Workspaces[i].Name] = i
	}
	done := map[[2]int]bool{}
	for _, t := range p.tasks {
		if t.def.nested {
			continue
		}
		first, firstClaim := -1, ""
		var firstUse spot
		for j, w := range t.taskWorkspaces() {
			i, ok := binding[from(&w)]
			if !ok {
				continue
			}
			claim := claimOf(&spec.Workspaces[i])
			use := t.def.spot
			if j < len(t.Workspaces) {
				use = t.spot.index("workspaces", j)
			}
			switch {
			case claim == "":
			case first < 0:
				first, firstClaim, firstUse = i, claim, use
			case claim != firstClaim && !done[[2]int{first, i}]:
				done[[2]int{first, i}], done[[2]int{i, first}] = true, true
				c.twoClaims(s, t.label, spec.Workspaces, first, i, firstUse.related(t.label+" takes the one"), use.related("and the other"))
			}
		}
	}
}

func (c *checker) twoClaims(s spot, label string, list []v1.WorkspaceBinding, a, b int, related ...diag.Related) {
	related = append(related, s.index("workspaces", a).related("workspace "+q(list[a].Name)+" is one claim"))
	c.fail(s.index("workspaces", b), "volume-conflict", list[b].Name,
		label+" would mount two claims, for workspaces "+q(list[a].Name)+" and "+q(list[b].Name)+", but the affinity assistant allows one",
		"put both on one claim with a subPath each", related...)
}

// claimOf names the claim behind a binding; "" if there is none, or which is
// not known.
func claimOf(w *v1.WorkspaceBinding) string {
	switch {
	case w.VolumeClaimTemplate != nil:
		return "template " + w.Name
	case w.PersistentVolumeClaim != nil && !holdsReference(w.PersistentVolumeClaim.ClaimName):
		return "claim " + w.PersistentVolumeClaim.ClaimName
	}
	return ""
}

// oneNode warns of claims that only one node can mount, and that tasks share
// without an order: they may land on different nodes. Row 54.
func (c *checker) oneNode(s spot, spec *v1.PipelineRunSpec, p *pipelineCheck) {
	for i := range spec.Workspaces {
		w := &spec.Workspaces[i]
		if w.VolumeClaimTemplate == nil || !onceOnly(w.VolumeClaimTemplate.Spec.AccessModes) {
			continue
		}
		var last *pipelineTask
		for _, name := range p.graph.Order() {
			t := p.byName[name]
			if t == nil || !t.takes(w.Name) {
				continue
			}
			if last != nil && !p.before(last, t) {
				c.warn(s.index("workspaces", i), "volume-node", w.Name, last.label+" and "+t.label+" may run at once on different nodes, but the claim of workspace "+q(w.Name)+" allows one node",
					"request ReadWriteMany, or order the tasks", last.spot.related(last.label), t.spot.related(t.label))
				break
			}
			last = t
		}
	}
}

func onceOnly(modes []corev1.PersistentVolumeAccessMode) bool {
	for _, m := range modes {
		if m == corev1.ReadWriteMany || m == corev1.ReadOnlyMany {
			return false
		}
	}
	return true
}

// takes reports whether a task mounts a workspace of the pipeline.
func (t *pipelineTask) takes(name string) bool {
	for _, w := range t.taskWorkspaces() {
		if from(&w) == name {
			return true
		}
	}
	return false
}
