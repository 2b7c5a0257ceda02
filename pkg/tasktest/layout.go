package tasktest

import (
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
)

// layout is a private folder that has the files of a case at their paths in containers:
// what is at /workspace/source there is at ROOT/workspace/source.
type layout struct{ root string }

// at returns the path on this machine of a path in a container.
func (l layout) at(p string) string {
	return filepath.Join(l.root, filepath.FromSlash(path.Clean("/"+p)))
}

// write writes a file.
func (l layout) write(p, text string) error {
	mode := os.FileMode(0o644)
	if strings.HasPrefix(text, "#!") {
		mode = 0o755
	}
	return l.put(p, text, mode)
}

// fill writes the content of a workspace.
func (l layout) fill(p string, f Folder) error {
	if err := l.dir(p); err != nil {
		return err
	}
	if f.Dir != "" {
		to, err := l.real(p)
		if err != nil {
			return err
		}
		if err := os.CopyFS(to, os.DirFS(f.Dir)); err != nil {
			return fmt.Errorf("cannot copy the folder: %w", err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Files)) {
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return fmt.Errorf("the path %q is not below the workspace", name)
		}
		if err := l.write(path.Join(p, name), f.Files[name]); err != nil {
			return err
		}
	}
	return nil
}

// volumes writes the files of the volumes that steps mount, and returns the mount paths.
// Each mount of a volume that steps can write to is the same folder.
func (l layout) volumes(c *Case, spec *v1.TaskSpec, steps []v1.Step) ([]string, error) {
	byName := map[string]corev1.Volume{}
	for _, v := range spec.Volumes {
		byName[v.Name] = v
	}
	var mounts []corev1.VolumeMount
	for _, s := range steps {
		mounts = append(mounts, s.VolumeMounts...)
	}
	for _, s := range spec.Sidecars {
		mounts = append(mounts, s.VolumeMounts...)
	}
	first, paths := map[string]string{}, []string{}
	for _, m := range mounts {
		if slices.Contains(paths, m.MountPath) {
			continue
		}
		paths = append(paths, m.MountPath)
		v, ok := byName[m.Name]
		if !ok {
			return nil, fmt.Errorf("the Task has no volume %q", m.Name)
		}
		before, again := first[m.Name]
		if again && m.SubPath == "" {
			if err := l.link(before, m.MountPath); err != nil {
				return nil, err
			}
			continue
		}
		first[m.Name] = m.MountPath
		if err := l.volume(c, v, m.MountPath); err != nil {
			return nil, fmt.Errorf("volume %q: %w", m.Name, err)
		}
	}
	return paths, nil
}

// volume writes the files of a volume.
func (l layout) volume(c *Case, v corev1.Volume, at string) error {
	if err := l.dir(at); err != nil {
		return err
	}
	switch {
	case v.Secret != nil:
		return l.keys(at, "Secret", v.Secret.SecretName, c.Secrets, v.Secret.Items, v.Secret.Optional)
	case v.ConfigMap != nil:
		return l.keys(at, "ConfigMap", v.ConfigMap.Name, c.ConfigMaps, v.ConfigMap.Items, v.ConfigMap.Optional)
	case v.Projected != nil:
		for _, s := range v.Projected.Sources {
			var err error
			switch {
			case s.Secret != nil:
				err = l.keys(at, "Secret", s.Secret.Name, c.Secrets, s.Secret.Items, s.Secret.Optional)
			case s.ConfigMap != nil:
				err = l.keys(at, "ConfigMap", s.ConfigMap.Name, c.ConfigMaps, s.ConfigMap.Items, s.ConfigMap.Optional)
			default:
				err = fmt.Errorf("a projected volume of this kind needs a cluster: give its files in Files")
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// keys writes the keys of a Secret or of a ConfigMap as files.
func (l layout) keys(at, kind, name string, all map[string]map[string]string, items []corev1.KeyToPath, optional *bool) error {
	values, ok := all[name]
	switch {
	case !ok && optional != nil && *optional:
		return nil
	case !ok:
		return fmt.Errorf("the case has no %s %q", kind, name)
	}
	if len(items) == 0 {
		for key := range values {
			items = append(items, corev1.KeyToPath{Key: key, Path: key})
		}
	}
	for _, item := range items {
		value, ok := values[item.Key]
		switch {
		case !ok && optional != nil && *optional:
			continue
		case !ok:
			return fmt.Errorf("the %s %q has no key %q", kind, name, item.Key)
		case !filepath.IsLocal(filepath.FromSlash(item.Path)):
			return fmt.Errorf("the path %q is not below the volume", item.Path)
		}
		if err := l.write(path.Join(at, item.Path), value); err != nil {
			return err
		}
	}
	return nil
}

// rewriter replaces paths of containers by their paths on this machine. It is used on the
// text of a Task before any value is put in.
type rewriter struct {
	layout   layout
	prefixes []string // longest first
}

// rewrite returns a rewriter for the paths that begin with one of the prefixes.
func (l layout) rewrite(prefixes []string) rewriter {
	r := rewriter{layout: l}
	for _, p := range prefixes {
		if p = path.Clean("/" + p); p != "/" {
			r.prefixes = append(r.prefixes, p)
		}
	}
	slices.SortFunc(r.prefixes, func(a, b string) int { return len(b) - len(a) })
	return r
}

// within returns the prefix that begins at an offset of a text. It must be the beginning of a
// path, and end where a name ends.
func (r rewriter) within(text string, i int) string {
	if i > 0 && (isName(text[i-1]) || strings.IndexByte("./~})", text[i-1]) >= 0) {
		return ""
	}
	for _, p := range r.prefixes {
		if !strings.HasPrefix(text[i:], p) {
			continue
		}
		rest := text[i+len(p):]
		if rest == "" || !isName(rest[0]) && rest[0] != '.' || rest[0] == '.' && (len(rest) == 1 || rest[1] == ' ' || rest[1] == '\n') {
			return p
		}
	}
	return ""
}

// isName reports whether a character is usual in names of files.
func isName(c byte) bool {
	return c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

// text returns the text with other paths.
func (r rewriter) text(in string) string {
	var out strings.Builder
	last := 0
	for i := 0; i < len(in); i++ {
		if in[i] != '/' {
			continue
		}
		if p := r.within(in, i); p != "" {
			out.WriteString(in[last:i] + r.layout.at(p))
			last = i + len(p)
			i = last - 1
		}
	}
	if last == 0 {
		return in
	}
	return out.String() + in[last:]
}

// used returns the first path in a script that the rewriter would replace, and its line.
// Lines that are comments do not count.
func (r rewriter) used(script string) (used string, line int) {
	for text := range strings.SplitSeq(script, "\n") {
		line++
		if strings.HasPrefix(strings.TrimSpace(text), "#") {
			continue
		}
		for i := range len(text) {
			if text[i] == '/' {
				if p := r.within(text, i); p != "" {
					return p, line
				}
			}
		}
	}
	return "", 0
}

// texts changes all items of a list.
func (r rewriter) texts(in []string) {
	for i := range in {
		in[i] = r.text(in[i])
	}
}

// env changes the values of environment variables.
func (r rewriter) env(in []corev1.EnvVar) {
	for i := range in {
		in[i].Value = r.text(in[i].Value)
	}
}
