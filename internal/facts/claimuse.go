package facts

import (
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// ClaimUse is a directory of a PersistentVolumeClaim, or of a node, that a run mounts.
type ClaimUse struct {
	Run   *Entry
	Spot  Spot   // of the name of the claim or of the path on the node, in a workspace binding or a pod template of the run, or in a volume of the Task
	Claim string // its name; "" for a directory of a node
	Path  string // the directory, without slashes at its ends; "" for the root
	// Task is the task of the pipeline that mounts it; nil for a TaskRun.
	Task *PipelineTask
	// Writes reports whether its Task is known and may write there.
	Writes bool
}

// ClaimUses returns the directories of PersistentVolumeClaims that the tasks of a run
// mount, as workspaces, and as volumes of the Tasks and of the pod templates of the run, and
// the directories of nodes (hostPath) among these volumes.
// Tasks and Pipelines that are not in the set have none. A directory that several tasks mount is returned once, with the
// first of them that writes to it.
func (e *Entry) ClaimUses() []ClaimUse {
	e.set.asked(Objects)
	e.set.asked(Workspaces)
	if e.claimsDone {
		return e.claims
	}
	e.claimsDone = true
	bound := map[string]int{}
	bindings := e.RunWorkspaces()
	for i := range bindings {
		if _, again := bound[bindings[i].Name]; !again && bindings[i].PersistentVolumeClaim != nil {
			bound[bindings[i].Name] = i
		}
	}
	volumes := e.podClaims()
	for i, m := range e.runMounts() {
		if !e.set.looksAt(i, e) {
			break
		}
		u := ClaimUse{Run: e, Task: m.task, Claim: m.claim, Path: m.path, Spot: m.spot, Writes: m.writes}
		host := m.host
		switch {
		case m.volume != "":
			v := volumes.of(m)
			if v == nil {
				continue
			}
			if u.Spot = v.spot; v.claim != nil {
				u.Claim, u.Writes = v.claim.ClaimName, m.writes && !v.claim.ReadOnly
			} else {
				host, u.Path = true, clean(v.host+"/"+m.path)
			}
		case m.claim == "" && !m.host:
			i, ok := bound[m.workspace]
			if !ok {
				continue
			}
			b := &bindings[i]
			u.Claim, u.Path, u.Writes = b.PersistentVolumeClaim.ClaimName, clean(b.SubPath+"/"+m.path), m.writes && !b.PersistentVolumeClaim.ReadOnly
			u.Spot = e.At("spec").Index("workspaces", i).Field("persistentVolumeClaim", "claimName")
		}
		if (u.Claim != "" || host) && !tekref.Contains(u.Claim) {
			e.claims = append(e.claims, u)
		}
	}
	return e.claims
}

// podClaim is a volume of a pod template that is a PersistentVolumeClaim, or a directory of
// the node.
type podClaim struct {
	claim *corev1.PersistentVolumeClaimVolumeSource // nil for a directory of the node
	host  string
	spot  Spot
}

// podClaims are volumes of the pod templates of a run, by the name of the task that they
// are for, "" for all, and by their names. A volume that is not a claim is nil.
type podClaims map[[2]string]*podClaim

// of returns the claim that a task of the run mounts; nil if there is none. A volume for
// the task replaces one of that name for all tasks.
func (p podClaims) of(m claimMount) *podClaim {
	if m.task != nil {
		if v, ok := p[[2]string{m.task.Name, m.volume}]; ok {
			return v
		}
	}
	return p[[2]string{"", m.volume}]
}

func (e *Entry) podClaims() podClaims {
	var out podClaims
	add := func(task string, at Spot, t *pod.PodTemplate) {
		if t == nil {
			return
		}
		for i := range t.Volumes {
			if out == nil {
				out = podClaims{}
			}
			key := [2]string{task, t.Volumes[i].Name}
			if claim := t.Volumes[i].PersistentVolumeClaim; claim != nil {
				out[key] = &podClaim{claim: claim, spot: at.Index("volumes", i).Field("persistentVolumeClaim", "claimName")}
			} else if dir, ok := sharedDir(t.Volumes[i].HostPath); ok {
				out[key] = &podClaim{host: dir, spot: at.Index("volumes", i).Field("hostPath", "path")}
			} else {
				out[key] = nil
			}
		}
	}
	s := e.At("spec")
	switch {
	case e.Run != nil:
		add("", s.Field("taskRunTemplate", "podTemplate"), e.Run.Spec.TaskRunTemplate.PodTemplate)
		for i := range e.Run.Spec.TaskRunSpecs {
			add(e.Run.Spec.TaskRunSpecs[i].PipelineTaskName, s.Index("taskRunSpecs", i).Field("podTemplate"), e.Run.Spec.TaskRunSpecs[i].PodTemplate)
		}
	case e.TaskRun != nil:
		add("", s.Field("podTemplate"), e.TaskRun.Spec.PodTemplate)
	}
	return out
}

// claimMount is a directory that a definition mounts, whichever run runs it.
type claimMount struct {
	task      *PipelineTask
	workspace string // of the definition; "" for a volume
	claim     string // of a volume of the Task
	host      bool   // whether a volume of the Task is a directory of the node
	spot      Spot   // of a volume of the Task
	volume    string // of a pod template of the run, because the Task does not declare it
	path      string
	writes    bool
}

// maxMounts is the number of directories of a definition that are always looked at, and
// maxMoreMounts that of all others together: many runs can share a definition, and many
// tasks of a pipeline a Task.
const (
	maxMounts     = 64
	maxMoreMounts = 1 << 17
)

// looksAt reports whether the directory with an index is looked at. If not, it records
// that something is left out of the object.
func (s *Set) looksAt(i int, e *Entry) bool {
	if i < maxMounts {
		return true
	}
	if s.moreMounts++; s.moreMounts <= maxMoreMounts {
		return true
	}
	if e != nil {
		e.LeaveOut(e.Label()+" and others mount too many directories; not all of those that runs share have been checked", "check fewer files at once, or split the pipeline")
	}
	return false
}

// runMounts returns what the definition of a run mounts.
func (e *Entry) runMounts() []claimMount {
	switch {
	case e.TaskRun != nil:
		spec, at := e.TaskRun.Spec.TaskSpec, e.At("spec", "taskSpec")
		if ref := e.TaskRun.Spec.TaskRef; ref != nil && ref.Resolver == "" {
			if found := e.set.fitting("Task", e.Ref.Namespace, ref.Name, e, e.called); found != nil && found.Task != nil {
				spec, at = &found.Task.Spec, found.At("spec")
			}
		}
		if spec != nil {
			return e.set.taskMounts(spec, at)
		}
	case e.Run != nil:
		p := e.PipelineSpec()
		if ref := e.Run.Spec.PipelineRef; ref != nil && ref.Resolver == "" {
			if found := e.set.fitting("Pipeline", e.Ref.Namespace, ref.Name, e, e.called); found != nil {
				p = found.PipelineSpec()
			}
		}
		if p != nil {
			return e.set.mounts(p.Spec, p.Spot, func(add func(claimMount) bool) {
				for _, t := range p.Tasks {
					for _, w := range t.BoundByTask() {
						d := t.Runs.Workspace(w.Name)
						if !add(claimMount{task: t, workspace: From(&w), path: w.SubPath, writes: d != nil && !d.ReadOnly}) {
							return
						}
					}
					if t.Runs.Spec == nil {
						continue
					}
					mounts := e.set.taskMounts(t.Runs.Spec, t.Runs.Spot)
					volumes := sort.Search(len(mounts), func(i int) bool { return mounts[i].workspace == "" }) // they come last
					for _, m := range mounts[volumes:] {
						if m.task = t; !add(m) {
							return
						}
					}
				}
			})
		}
	}
	return nil
}

// taskMounts returns what a Task spec mounts.
func (s *Set) taskMounts(spec *v1.TaskSpec, at Spot) []claimMount {
	return s.mounts(spec, at, func(add func(claimMount) bool) {
		for i := range spec.Workspaces {
			w := &spec.Workspaces[i]
			add(claimMount{workspace: w.Name, writes: !w.ReadOnly})
		}
		volumeMounts(spec, at, add)
	})
}

// mounts returns what a Task spec or a pipeline spec mounts, each directory once.
func (s *Set) mounts(spec any, at Spot, visit func(add func(claimMount) bool)) []claimMount {
	out, ok := s.claimMounts[spec]
	if ok {
		return out
	}
	type directory struct {
		workspace, claim, path, volume, task string
		host                                 bool
	}
	index := map[directory]int{}
	visited := 0
	visit(func(m claimMount) bool {
		if !s.looksAt(visited, at.Entry) {
			return false
		}
		visited++
		m.path = clean(m.path)
		key := directory{m.workspace, m.claim, m.path, m.volume, "", m.host}
		if m.volume != "" && m.task != nil { // each task can have another volume
			key.task = m.task.Name
		}
		i, again := index[key]
		switch {
		case again && m.writes && !out[i].writes:
			out[i] = m
		case !again:
			index[key] = len(out)
			out = append(out, m)
		}
		return true
	})
	if s.claimMounts == nil {
		s.claimMounts = map[any][]claimMount{}
	}
	s.claimMounts[spec] = out
	return out
}

// volumeMounts visits the claims that are volumes of a Task and that its containers
// mount, and what they mount that the Task does not declare.
func volumeMounts(spec *v1.TaskSpec, at Spot, add func(claimMount) bool) {
	declared := map[string]int{}
	for i := range spec.Volumes {
		if _, again := declared[spec.Volumes[i].Name]; !again {
			declared[spec.Volumes[i].Name] = i
		}
	}
	mount := func(volume, dir string, readOnly bool) {
		i, ok := declared[volume]
		if !ok {
			add(claimMount{volume: volume, path: dir, writes: !readOnly})
			return
		}
		if claim := spec.Volumes[i].PersistentVolumeClaim; claim != nil && claim.ClaimName != "" {
			add(claimMount{
				claim: claim.ClaimName, path: dir, writes: !readOnly && !claim.ReadOnly,
				spot: at.Index("volumes", i).Field("persistentVolumeClaim", "claimName"),
			})
		} else if host, ok := sharedDir(spec.Volumes[i].HostPath); ok {
			add(claimMount{host: true, path: host + "/" + dir, writes: !readOnly, spot: at.Index("volumes", i).Field("hostPath", "path")})
		}
	}
	visit := func(mounts []corev1.VolumeMount, devices []corev1.VolumeDevice) {
		for j := range mounts {
			if m := &mounts[j]; m.SubPathExpr == "" {
				mount(m.Name, m.SubPath, m.ReadOnly)
			}
		}
		for j := range devices {
			mount(devices[j].Name, "", false)
		}
	}
	if t := spec.StepTemplate; t != nil {
		visit(t.VolumeMounts, t.VolumeDevices)
	}
	for j := range spec.Steps {
		visit(spec.Steps[j].VolumeMounts, spec.Steps[j].VolumeDevices)
	}
	for j := range spec.Sidecars {
		visit(spec.Sidecars[j].VolumeMounts, spec.Sidecars[j].VolumeDevices)
	}
}

// sharedDir returns the directory of a volume on the node, if runs leave files for each other
// in it: it is neither a file or a device, nor a directory of the system. A run that gets the
// socket of a container runtime is reported for that.
func sharedDir(v *corev1.HostPathVolumeSource) (string, bool) {
	if v == nil || v.Path == "" || tekref.Contains(v.Path) || strings.HasSuffix(v.Path, ".sock") {
		return "", false
	}
	if v.Type != nil {
		switch *v.Type {
		case corev1.HostPathUnset, corev1.HostPathDirectory, corev1.HostPathDirectoryOrCreate:
		default:
			return "", false
		}
	}
	dir := clean(v.Path)
	return dir, dir != "" && !slices.ContainsFunc([]string{"dev", "sys", "proc", "run", "var/run", "etc", "lib", "usr", "boot"}, func(of string) bool {
		return dir == of || strings.HasPrefix(dir, of+"/")
	})
}

// clean returns a directory without slashes at its ends, "" for the root.
func clean(dir string) string { return strings.Trim(path.Clean("/"+dir), "/") }

// TrustedUse returns a use of the directory, of one inside it, or of one around it by a run
// that members start; nil if there is none. Directories with variables are left out, because
// they may differ for each run. The root does not count as one around it: a run that mounts
// the whole volume may only clean up.
func (u *ClaimUse) TrustedUse() *ClaimUse {
	if tekref.Contains(u.Path) {
		return nil
	}
	s := u.Run.set
	if s.trusted == nil {
		s.trusted, s.trustedAt = map[claimPath][]*ClaimUse{}, map[claimPath][]*ClaimUse{}
		for _, e := range s.All() {
			if who, _ := e.StartedBy(); !who.Members {
				continue
			}
			uses := e.ClaimUses()
			for i := range uses {
				at := claimPath{uses[i].Claim, uses[i].Path}
				s.trustedAt[at] = append(s.trustedAt[at], &uses[i])
				for _, dir := range around(uses[i].Path) {
					key := claimPath{uses[i].Claim, dir}
					s.trusted[key] = append(s.trusted[key], &uses[i])
				}
			}
		}
	}
	of := func(all []*ClaimUse) *ClaimUse {
		i := slices.IndexFunc(all, func(o *ClaimUse) bool {
			if u.Claim == "" {
				return o.Run.mayShareNode(u.Run)
			}
			return SameNamespace(o.Run.Ref.Namespace, u.Run.Ref.Namespace)
		})
		if i < 0 {
			return nil
		}
		return all[i]
	}
	if o := of(s.trusted[claimPath{u.Claim, u.Path}]); o != nil {
		return o
	}
	for _, dir := range slices.Backward(around(u.Path)) {
		if o := of(s.trustedAt[claimPath{u.Claim, dir}]); o != nil && dir != "" {
			return o
		}
	}
	return nil
}

// mayShareNode reports whether no labels keep the pods of two runs on different nodes.
func (e *Entry) mayShareNode(o *Entry) bool {
	other := o.nodeLabels()
	for key, value := range e.nodeLabels() {
		if v, ok := other[key]; ok && v != value {
			return false
		}
	}
	return true
}

// nodeLabels returns the labels of the nodes that the pods of a run are for.
func (e *Entry) nodeLabels() map[string]string {
	switch {
	case e.TaskRun != nil && e.TaskRun.Spec.PodTemplate != nil:
		return e.TaskRun.Spec.PodTemplate.NodeSelector
	case e.Run != nil && e.Run.Spec.TaskRunTemplate.PodTemplate != nil:
		return e.Run.Spec.TaskRunTemplate.PodTemplate.NodeSelector
	}
	return nil
}

// claimPath is a directory of the PersistentVolumeClaims with a name; "" for the nodes.
type claimPath struct{ claim, path string }

// around returns a directory and those that contain it. The number is limited, so
// that the cost stays linear.
func around(dir string) []string {
	const limit = 32
	out := []string{""}
	for i := range len(dir) {
		if dir[i] == '/' && len(out) < limit {
			out = append(out, dir[:i])
		}
	}
	if dir != "" {
		out = append(out, dir)
	}
	return out
}
