package mutation

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// example is one of the examples, as its committed files have it.
type example struct {
	name    string
	files   []file
	profile check.Profile
	known   map[rule.Persona]map[string]int // what each is told without anything broken
}

type file struct {
	name    string
	data    []byte
	objects []object.Object
}

// given are the objects of a cluster that an example needs and does not
// write: Secrets above all.
var given = map[string][]diag.ObjectRef{
	"release":     secrets("hooks-tls", "gitlab-auth", "harbor-auth", "gitlab-webhook"),
	"image-build": append(secrets("hooks-tls", "dashboard-tls", "github-webhook", "git-credentials", "registry-auth"), diag.ObjectRef{Kind: "Service", Name: "tekton-dashboard"}),
	"multi-repo":  secrets("hooks-tls", "github-webhook", "git-login", "registry-auth", "kubeconfig"),
	"gitops":      secrets("hooks-tls", "gitlab-webhook", "git-pull", "git-write", "registry-auth"),
	"first-steps": secrets("github-auth", "registry-auth"),
}

func secrets(names ...string) []diag.ObjectRef {
	var out []diag.ObjectRef
	for _, n := range names {
		out = append(out, diag.ObjectRef{Kind: "Secret", Name: n})
	}
	return out
}

// load reads an example.
func load(name string) (*example, error) {
	e := &example{name: name, profile: check.Profile{Complete: true, Exists: given[name]}, known: map[rule.Persona]map[string]int{}}
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "examples", name, "manifests", "*.yaml"))
	if err != nil {
		return nil, err
	}
	for _, path := range files {
		f := file{name: filepath.Base(path)}
		if f.data, err = os.ReadFile(path); err != nil {
			return nil, err
		}
		var findings diag.Findings
		if f.objects, findings = manifest.Parse(f.data, f.name); len(findings) > 0 {
			return nil, findings
		}
		if len(f.objects) > 1 {
			return nil, fmt.Errorf("%s holds more than one object", path)
		}
		if len(f.objects) == 1 {
			e.files = append(e.files, f)
		}
	}
	if len(e.files) == 0 {
		return nil, fmt.Errorf("example %s has no objects", name)
	}
	var all []object.Object
	for _, f := range e.files {
		all = append(all, f.objects...)
	}
	for _, persona := range personas {
		e.known[persona] = weigh(e.check(all, persona))
	}
	return e, nil
}

// personas are those that a mutant is shown to. The auditor is shown all that the pedant
// is.
var personas = []rule.Persona{rule.Pedantic, rule.Auditor}

// check applies the rules.
func (e *example) check(objects []object.Object, persona rule.Persona) diag.Findings {
	profile := e.profile
	profile.Persona = persona
	found, _ := check.Run(context.Background(), objects, profile) // which does not end
	return found
}

// weigh counts the findings by rule and message, without the names in it: a finding of the
// example under another name is no new one. It leaves out notes about what may be in the
// cluster, because any name may be, and about images without a digest, as those of the
// examples are.
func weigh(findings diag.Findings) map[string]int {
	out := map[string]int{}
	for _, f := range findings {
		if f.Severity < diag.Note || !strings.HasSuffix(f.Code, "-external") && !strings.Contains(f.Message, "has no digest") {
			out[f.Code+" "+names.ReplaceAllString(f.Message, `""`)]++
		}
	}
	return out
}

var names = regexp.MustCompile(`((step|sidecar) )?"[^"]*"|the unnamed (step|sidecar) \S+`)

// kills returns who is the first to be told something of a mutant of a file that is not
// reported of the example; "" if it survives.
func (e *example) kills(of string, m mutant) rule.Persona {
	objects, read := manifest.Parse(m.data, of)
	var all []object.Object
	for _, f := range e.files {
		if f.name == of {
			all = append(all, objects...)
		} else {
			all = append(all, f.objects...)
		}
	}
	for _, persona := range personas {
		for what, n := range weigh(append(slices.Clone(read), e.check(all, persona)...)) {
			if n > e.known[persona][what] {
				return persona
			}
		}
	}
	return ""
}
