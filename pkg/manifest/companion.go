package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/internal/yamlwrite"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// companionFile is the file beside the manifests with what the check of the set knew
// and no manifest contains: the profile, and the objects that are only declared or exist
// in the cluster. Its name has no extension, since kubectl apply -f reads every .yaml, .yml
// and .json file of a folder, hidden ones as well.
const companionFile = ".tekwright-check"

// companion is the contents of the file.
type companion struct {
	Profile  json.RawMessage  `json:"profile,omitempty"`
	Declared []declaredObject `json:"declared,omitempty"`
}

// declaredObject is a declared object without its values.
type declaredObject struct {
	APIVersion  string            `json:"apiVersion"`
	Kind        string            `json:"kind"`
	Namespace   string            `json:"namespace,omitempty"`
	Name        string            `json:"name"`
	Type        corev1.SecretType `json:"type,omitempty"`
	Keys        []string          `json:"keys,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// known are the prefixes of annotations that rules and Tekton read. Others of a Secret
// may contain its values.
var known = []string{rule.SuppressPrefix, "tekton.dev/"}

// companion returns the file, and whether the set needs one.
func (s *Set) companion(docs, declared []document) (f file, needed bool, err error) {
	var c companion
	if s.known {
		if c.Profile, err = json.Marshal(s.profile); err != nil {
			return file{}, false, fmt.Errorf("the profile cannot be written: %w", err)
		}
		if string(c.Profile) == "{}" {
			c.Profile = nil
		}
	}
	for _, d := range declared {
		if d.generate != "" {
			continue // a run that others create, again and again
		}
		c.Declared = append(c.Declared, declaration(d))
	}
	c.Declared = append(c.Declared, existing(docs)...)
	if c.Profile == nil && len(c.Declared) == 0 {
		return file{}, false, nil
	}
	text, err := json.Marshal(c)
	if err != nil {
		return file{}, false, fmt.Errorf("the profile cannot be written: %w", err)
	}
	n, err := yamlwrite.FromJSON(text)
	if err != nil {
		return file{}, false, fmt.Errorf("the profile cannot be written: %w", err)
	}
	var b bytes.Buffer
	b.WriteString(header)
	b.WriteString("# What tekwright check needs to know about this folder. kubectl does not read it.\n")
	b.Write(n.AppendYAML(nil))
	return file{name: companionFile, text: b.Bytes()}, true, nil
}

// declaration describes a declared object.
func declaration(d document) declaredObject {
	out := declaredObject{APIVersion: d.ref.APIVersion, Kind: d.ref.Kind, Namespace: d.ref.Namespace, Name: d.ref.Name}
	s, ok := d.Object.Object.(*corev1.Secret)
	if !ok {
		return out
	}
	out.Type = s.Type
	keys := slices.Concat(slices.Collect(maps.Keys(s.Data)), slices.Collect(maps.Keys(s.StringData)), slices.Collect(maps.Keys(d.Declared.Values)))
	slices.Sort(keys)
	out.Keys = slices.Compact(keys)
	for k, v := range s.Annotations {
		if slices.ContainsFunc(known, func(prefix string) bool { return strings.HasPrefix(k, prefix) }) {
			if out.Annotations == nil {
				out.Annotations = map[string]string{}
			}
			out.Annotations[k] = v
		}
	}
	return out
}

// readCompanion adds to the result what the file of a folder says, if there is one.
func (r *LoadResult) readCompanion(dir string) {
	name := filepath.ToSlash(filepath.Join(dir, companionFile))
	in, err := os.OpenRoot(dir)
	if err != nil {
		return // reported elsewhere
	}
	defer in.Close()
	info, err := in.Lstat(companionFile)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return
	}
	var text []byte
	switch {
	case err != nil:
	case info.Size() > 1<<20:
		err = errors.New("larger than 1 MiB")
	default:
		text, err = in.ReadFile(companionFile)
	}
	if err == nil {
		err = r.addCompanion(dir, name, text)
	}
	if err != nil {
		r.Findings = append(r.Findings, unreadable(name, err))
	}
}

// addCompanion adds what the text of the file says.
func (r *LoadResult) addCompanion(dir, name string, text []byte) error {
	inJSON, err := yamlread.JSON(text, true)
	if err != nil {
		return err
	}
	var c companion
	strict := json.NewDecoder(bytes.NewReader(inJSON))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&c); err != nil {
		return err
	}
	var profile check.Profile
	if c.Profile != nil {
		if profile, err = check.ReadProfile(c.Profile); err != nil {
			return err
		}
		if err = check.ValidateProfile(profile); err != nil {
			return err
		}
	}
	for _, d := range c.Declared {
		if d.Kind != "Secret" {
			profile.Exists = append(profile.Exists, diag.ObjectRef{APIVersion: d.APIVersion, Kind: d.Kind, Namespace: d.Namespace, Name: d.Name})
			continue
		}
		s := &corev1.Secret{
			TypeMeta:   metav1.TypeMeta{APIVersion: d.APIVersion, Kind: d.Kind},
			ObjectMeta: metav1.ObjectMeta{Name: d.Name, Namespace: d.Namespace, Annotations: d.Annotations},
			Type:       d.Type, Data: map[string][]byte{},
		}
		for _, k := range d.Keys {
			s.Data[k] = []byte{}
		}
		r.declared = append(r.declared, object.Object{
			Object: s, Declared: &object.Declaration{},
			Locate: func(diag.Path, string) diag.Position { return diag.Position{File: name} },
		})
	}
	if r.Profiles == nil {
		r.Profiles = map[string]check.Profile{}
	}
	r.Profiles[filepath.ToSlash(filepath.Clean(dir))] = profile
	return nil
}

// addDeclared adds the declared objects that are not among the others.
func (r *LoadResult) addDeclared() {
	have := map[diag.ObjectRef]bool{}
	if len(r.declared) > 0 {
		for _, o := range r.Objects {
			have[o.Ref()] = true
		}
	}
	for _, o := range r.declared {
		if ref := o.Ref(); !have[ref] {
			have[ref] = true
			r.Objects = append(r.Objects, o)
		}
	}
	r.declared = nil
}

// Profile returns the profile of the loaded folders. If several folders have one, and these
// differ, each is that of the files in its folder alone: the folders are meant for different
// clusters. What exists in one of them adds up nevertheless. Only a single folder can be
// complete.
func (r LoadResult) Profile() (p check.Profile) {
	dirs := slices.Sorted(maps.Keys(r.Profiles))
	differ := false
	var exists []diag.ObjectRef
	for i, dir := range dirs {
		one := r.Profiles[dir]
		exists = append(exists, one.Exists...)
		one.Exists, one.Complete = nil, one.Complete && r.single
		if i == 0 {
			p = one
		}
		differ = differ || !equalProfiles(p, one)
	}
	if !differ {
		p.Exists = exists
		return p
	}
	byDir := map[string]*check.Profile{}
	for _, dir := range dirs {
		one := r.Profiles[dir]
		one.Exists, one.Complete = exists, false
		byDir[dir] = &one
	}
	return check.Profile{Exists: exists, ForFile: func(file string) *check.Profile { return byDir[path.Dir(file)] }}
}

func equalProfiles(a, b check.Profile) bool {
	one, err := json.Marshal(a)
	if err != nil {
		return false
	}
	two, err := json.Marshal(b)
	return err == nil && bytes.Equal(one, two)
}
