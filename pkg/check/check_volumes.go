package check

import (
	"path"
	"reflect"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// volumesOf checks the volumes of a Task spec.
func (t *taskCheck) volumesOf() {
	volumes := t.spec.Volumes
	t.duplicates(t.spot, "volumes", "volume", diag.Error, namesOf(volumes, func(v *corev1.Volume) string { return v.Name }))
	for i := range volumes {
		s := t.spot.index("volumes", i)
		if volumes[i].Name == "" {
			t.fail(s, "name-invalid", "", "the volume "+s.path+" has no name", "set its name")
		}
		t.labelName(s.field("name"), "volume", volumes[i].Name)
		switch n := sources(volumes[i].VolumeSource); {
		case n == 0:
			t.warn(s, "volume-invalid", volumes[i].Name, "volume "+q(volumes[i].Name)+" says no source, so it becomes an empty folder", "write emptyDir: {} if that is meant")
		case n > 1:
			t.fail(s, "volume-invalid", volumes[i].Name, "volume "+q(volumes[i].Name)+" has several sources", "keep one of them")
		}
	}
	if t.spec.StepTemplate != nil {
		s := t.spot.field("stepTemplate")
		t.mounts(s, "the step template", t.spec.StepTemplate.VolumeMounts)
	}
}

// sources counts the sources that are set.
func sources(source corev1.VolumeSource) int {
	v, n := reflect.ValueOf(source), 0
	for i := range v.NumField() {
		if v.Field(i).Kind() == reflect.Pointer && !v.Field(i).IsNil() {
			n++
		}
	}
	return n
}

// mounts checks the volumes that a container mounts.
func (t *taskCheck) mounts(s spot, label string, mounts []corev1.VolumeMount) {
	paths := make(map[string]int, len(mounts))
	for i, m := range mounts {
		at := s.index("volumeMounts", i)
		clean := path.Clean(m.MountPath)
		switch {
		case m.MountPath == "":
			t.fail(at, "mount-invalid", m.Name, "a volume mount of "+label+" has no mountPath", "set mountPath")
			continue
		case m.MountPath[0] != '/' && !holdsReference(m.MountPath):
			t.warn(at.field("mountPath"), "mount-invalid", m.MountPath, label+" mounts at "+q(m.MountPath)+", which becomes "+q("/"+clean), "start it with a slash")
		case strings.HasPrefix(clean, "/tekton/") && !strings.HasPrefix(clean, "/tekton/home"):
			t.fail(at.field("mountPath"), "mount-invalid", m.MountPath, label+" mounts at "+q(m.MountPath)+", which is Tekton's own", "mount elsewhere")
		case strings.HasPrefix(m.Name, "tekton-internal-"):
			t.fail(at.field("name"), "name-invalid", m.Name, "the volume name "+q(m.Name)+" of "+label+" is Tekton's own", "choose another")
		}
		if first, ok := paths[clean]; ok && !holdsReference(m.MountPath) {
			t.fail(at.field("mountPath"), "mount-duplicate", m.MountPath, label+" mounts two volumes at "+q(m.MountPath), "choose another path",
				s.index("volumeMounts", first).related("the other one"))
		}
		paths[clean] = i
		t.mountName(at.field("name"), label, m.Name)
	}
}

// actionMounts checks what a StepAction mounts: Tekton has the Task say which
// volume that is.
func (t *taskCheck) actionMounts(mounts []corev1.VolumeMount) {
	for i, m := range mounts {
		params, others := 0, 0
		scan(m.Name, func(x match) {
			switch r := parseReference(x.expr); {
			case x.open || r.fault != "":
				others++ // which is told as a fault of the text
			case r.kind == refParam && x.end-x.start == len(m.Name):
				params++
			}
		})
		if params == 0 && others == 0 {
			t.fail(t.spot.index("volumeMounts", i).field("name"), "mount-invalid", m.Name, t.label+" mounts volume "+q(m.Name)+", but the name must be one param and nothing else",
				"declare a param for the name of the volume, and write $(params.NAME)")
		}
	}
}

// mountName checks that the volume is declared. A pod template may add
// volumes, which a Task cannot see: so that is certain only in a run.
func (t *taskCheck) mountName(s spot, label, name string) {
	if t.action || holdsReference(name) {
		return
	}
	var known []string
	for _, v := range t.spec.Volumes {
		if v.Name == name || holdsReference(v.Name) {
			return
		}
		known = append(known, v.Name)
	}
	severity, help := diag.Warning, "declare it under volumes: only a run's pod template could bring it"
	if near := nearest(name, known); near != "" {
		help = "did you mean " + q(near) + "?"
	}
	if t.podVolumes != nil {
		if t.podVolumes[name] {
			return
		}
		severity = diag.Error
		if nearest(name, known) == "" {
			help = "declare it under volumes, or in the run's pod template"
		}
	}
	t.report(s, severity, "volume-unknown", name, label+" mounts volume "+q(name)+", which "+t.label+" does not declare", help)
}

// isolated checks a workspace that only some steps get.
func (t *taskCheck) isolated(s spot, name string) {
	t.usedWorkspaces[name] = true
	for _, w := range t.spec.Workspaces {
		if w.Name == name {
			return
		}
	}
	t.fail(s.field("name"), "workspace-unknown", name, t.label+" does not declare workspace "+q(name),
		suggest(name, namesOf(t.spec.Workspaces, func(w *v1.WorkspaceDeclaration) string { return w.Name }), "declare it under workspaces"))
}
