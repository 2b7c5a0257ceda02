package discovery

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// kustomized are the files and directories that kustomizations and tests refer to, by real
// path.
type kustomized struct {
	parts     map[string]bool // patches, data and other files that are not objects
	resources map[string]bool // objects
}

// isKustomization reports whether a file is a kustomization.
func isKustomization(name string) bool {
	switch strings.ToLower(name) {
	case "kustomization.yaml", "kustomization.yml", "kustomization":
		return true
	}
	return false
}

// kustomization records the files that a kustomization refers to. Some of them are
// not complete objects: a patch has the kind and the name of an object, but only
// a part of its fields. Kustomizations that cannot be read are ignored.
func (f *finder) kustomization(path string) {
	var k struct {
		Resources, Bases []string

		Patches, PatchesJSON6902, Replacements []any
		PatchesStrategicMerge                  []string

		Generators, Transformers, Validators, Configurations []string
		OpenAPI                                              struct{ Path string }
		ConfigMapGenerator, SecretGenerator                  []struct {
			Files, Envs []string
			Env         string
		}
		HelmCharts []struct {
			ValuesFile            string
			AdditionalValuesFiles []string
		}
	}
	if !decode(path, &k) {
		return
	}
	f.makeParts()
	dir := filepath.Dir(path)
	below := Real(dir)
	each := func(names []string, visit func(path string)) {
		for _, name := range names {
			// A patch may also be inline.
			if name == "" || strings.ContainsAny(name, "\n{") {
				continue
			}
			path := filepath.FromSlash(name)
			if !filepath.IsAbs(path) {
				path = filepath.Join(dir, path)
			}
			visit(Real(path))
		}
	}
	resources := func(names ...string) { each(names, func(path string) { f.resources[path] = true }) }
	// kustomize reads no parts from elsewhere, and what belongs to others must not
	// be hidden. Only some parts may be directories.
	part := func(path string, directory bool) {
		rel, err := filepath.Rel(below, path)
		if err != nil || rel == "." || !filepath.IsLocal(rel) {
			return
		}
		if info, err := os.Stat(path); err == nil && (info.Mode().IsRegular() || directory && info.IsDir()) {
			f.parts[path] = true
		}
	}
	parts := func(names ...string) { each(names, func(path string) { part(path, false) }) }
	partsOrDirs := func(names ...string) { each(names, func(path string) { part(path, true) }) }
	resources(k.Resources...)
	resources(k.Bases...)
	for _, list := range [][]any{k.Patches, k.PatchesJSON6902, k.Replacements} {
		for _, one := range list {
			if fields, ok := one.(map[string]any); ok {
				name, _ := fields["path"].(string)
				parts(name)
			}
		}
	}
	for _, names := range [][]string{k.PatchesStrategicMerge, k.Configurations, {k.OpenAPI.Path}} {
		parts(names...)
	}
	for _, names := range [][]string{k.Generators, k.Transformers, k.Validators} {
		partsOrDirs(names...)
	}
	for _, g := range append(k.ConfigMapGenerator, k.SecretGenerator...) {
		for _, file := range g.Files { // key=file or file
			parts(file[strings.IndexByte(file, '=')+1:])
		}
		parts(append(g.Envs, g.Env)...)
	}
	for _, h := range k.HelmCharts {
		parts(append(h.AdditionalValuesFiles, h.ValuesFile)...)
	}
}

func (f *finder) makeParts() {
	if f.parts == nil {
		f.kustomized = kustomized{map[string]bool{}, map[string]bool{}}
	}
}

// left reports whether a file is skipped because a kustomization or a test refers to it, or to
// a directory above it, as something other than an object. A file that is used as
// both is not skipped, nor are those in .tekton: Pipelines-as-Code reads all of them.
func (k kustomized) left(path string) bool {
	if k.resources[path] || slices.Contains(strings.Split(path, string(filepath.Separator)), ".tekton") {
		return false
	}
	for {
		if k.parts[path] {
			return true
		}
		above := filepath.Dir(path)
		if above == path {
			return false
		}
		path = above
	}
}
