package manifest

import (
	"path"
	"slices"
	"strconv"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/secrets"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// This file finds the runs that CronJobs create: their YAML is in a ConfigMap, which a
// container mounts that runs kubectl create, as infra.NewSchedule writes it.

// The limits of what is read, so that the cost stays linear.
const (
	maxScheduled = 64 << 10 // bytes of the YAML of a run
	maxMounts    = 64       // mounts of the containers of a CronJob, and its volumes
)

// addScheduled adds the runs that CronJobs create.
func (r *LoadResult) addScheduled(limits Limits) {
	var known map[configMapRef]*foundMap
	type place struct {
		m   *foundMap
		key string
	}
	seen := map[place]bool{}
	for _, o := range r.Objects {
		job, ok := o.Object.(*batchv1.CronJob)
		if !ok {
			continue
		}
		if known == nil {
			known = configMaps(r.Objects)
		}
		for _, f := range createdFiles(&job.Spec.JobTemplate.Spec.Template.Spec) {
			m := known[configMapRef{folderOf(o), job.Namespace, f.configMap}]
			if m == nil {
				m = known[configMapRef{"", job.Namespace, f.configMap}]
			}
			if m == nil || m.several || seen[place{m, f.key}] || len(r.Findings) > limits.findings() {
				continue
			}
			seen[place{m, f.key}] = true
			r.addRun(job, m.Object, f.key, limits)
		}
	}
}

// configMapRef is a ConfigMap of a folder; of any if the folder is "".
type configMapRef struct{ folder, namespace, name string }

// foundMap is a ConfigMap, the first if there are several.
type foundMap struct {
	object.Object

	several bool
}

// configMaps returns the ConfigMaps of each folder, and of all.
func configMaps(objects []object.Object) map[configMapRef]*foundMap {
	out := map[configMapRef]*foundMap{}
	for _, o := range objects {
		c, ok := o.Object.(*corev1.ConfigMap)
		if !ok {
			continue
		}
		found := &foundMap{Object: o}
		for _, folder := range [...]string{folderOf(o), ""} {
			ref := configMapRef{folder, c.Namespace, c.Name}
			switch first := out[ref]; {
			case first == nil:
				out[ref] = found
			case first.several:
			default:
				out[ref] = &foundMap{first.Object, true}
			}
		}
	}
	return out
}

func folderOf(o object.Object) string { return path.Dir(o.At(diag.Path{}).File) }

// createdFile is a key of a ConfigMap whose objects a container creates.
type createdFile struct{ configMap, key string }

// createdFiles returns the files of ConfigMaps that a container of the pod passes to kubectl
// create.
func createdFiles(pod *corev1.PodSpec) []createdFile {
	var out []createdFile
	mounts := 0
	for i := range pod.Containers {
		c := &pod.Containers[i]
		files := passedFiles(slices.Concat(c.Command, c.Args))
		if mounts += len(c.VolumeMounts) * len(files); mounts > maxMounts || len(pod.Volumes) > maxMounts {
			return out
		}
		for _, m := range c.VolumeMounts {
			j := slices.IndexFunc(pod.Volumes, func(v corev1.Volume) bool { return v.Name == m.Name })
			if j < 0 || pod.Volumes[j].ConfigMap == nil || m.SubPathExpr != "" {
				continue
			}
			for _, file := range files {
				if key, ok := keyAt(pod.Volumes[j].ConfigMap, m, file); ok {
					out = append(out, createdFile{pod.Volumes[j].ConfigMap.Name, key})
				}
			}
		}
	}
	return out
}

// passedFiles returns the files that a command line passes to kubectl create.
func passedFiles(line []string) []string {
	if len(line) == 0 || path.Base(line[0]) != "kubectl" || !slices.Contains(line, "create") {
		return nil
	}
	var out []string
	for i, word := range line {
		switch name, value, ok := strings.Cut(word, "="); {
		case ok && (name == "--filename" || name == "-f"):
			out = append(out, value)
		case (word == "--filename" || word == "-f") && i+1 < len(line):
			out = append(out, line[i+1])
		}
	}
	return out
}

// keyAt returns the key of a ConfigMap that is mounted as a file.
func keyAt(v *corev1.ConfigMapVolumeSource, m corev1.VolumeMount, file string) (string, bool) {
	rest := ""
	switch file, dir := path.Clean(file), path.Clean(m.MountPath); {
	case m.SubPath != "" && file == dir:
		rest = m.SubPath
	case m.SubPath == "" && path.Dir(file) == dir:
		rest = path.Base(file)
	default:
		return "", false
	}
	if len(v.Items) == 0 {
		return rest, true
	}
	i := slices.IndexFunc(v.Items, func(k corev1.KeyToPath) bool { return k.Path == rest })
	if i < 0 {
		return "", false
	}
	return v.Items[i].Key, true
}

// addRun reads the run in a key of a ConfigMap. A text with other objects is left out.
func (r *LoadResult) addRun(job *batchv1.CronJob, o object.Object, key string, limits Limits) {
	m, ok := o.Object.(*corev1.ConfigMap)
	if !ok {
		return
	}
	text := m.Data[key]
	if len(text) > maxScheduled || !strings.Contains(text, "tekton.dev/") {
		return
	}
	in := within{o, diag.Fields("data").Key(key), text}
	d := decoder{name: o.At(in.path).File, most: limits.findings(), secrets: secrets.NewReader(text)}
	d.stream(text)
	if d.grown > 0 || len(d.objects) != 1 || d.objects[0].Ref().Kind != "PipelineRun" && d.objects[0].Ref().Kind != "TaskRun" {
		return
	}
	if d.secrets != nil && r.known != nil {
		r.known.Add(d.secrets.Parts())
	}
	for _, f := range d.findings {
		f.Position, f.Fixes = in.position(f.Position), nil
		f.Related = slices.Clone(f.Related)
		for i := range f.Related {
			f.Related[i].Position = in.position(f.Related[i].Position)
		}
		r.Findings = append(r.Findings, f)
	}
	run := d.objects[0]
	locate := run.Locate
	run.Locate = func(path diag.Path, excerpt string) diag.Position { return in.position(locate(path, excerpt)) }
	run.Edit, run.Ignores, run.Set = nil, nil, o.Set
	run.Declared = &object.Declaration{Owner: "CronJob " + strconv.Quote(job.Name)}
	if meta, ok := run.Object.(metav1.Object); ok && meta.GetNamespace() == "" {
		meta.SetNamespace(job.Namespace) // kubectl creates it in the namespace of its pod
	}
	r.Objects = append(r.Objects, run)
}

// within is a text in a ConfigMap.
type within struct {
	object.Object

	path diag.Path
	text string
}

// position returns the position in the file of one in the text; that of the whole text if it is
// not written in lines there.
func (w within) position(p diag.Position) diag.Position {
	whole := w.At(w.path)
	rest, offset := w.text, 0
	for range p.Line - 1 {
		i := strings.IndexByte(rest, '\n')
		if i < 0 {
			return whole
		}
		rest, offset = rest[i+1:], offset+i+1
	}
	if line, _, _ := strings.Cut(rest, "\n"); p.Line == 0 || p.Column == 0 || p.Column > len(line) {
		return whole
	}
	// The end of the text before and of its first byte is where it is.
	at := w.Find(w.path, w.text[:offset+p.Column])
	if at.EndLine == 0 || at.EndColumn < 2 {
		return whole
	}
	return diag.Position{File: whole.File, Line: at.EndLine, Column: at.EndColumn - 1}
}
