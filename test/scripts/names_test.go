package scripts

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// objectName is what a namespace or a release may be: helm repeats a name in its messages
// as it is.
var objectName = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)

func noName(v string) bool { return !objectName.MatchString(v) }

// TestNamesOfObjects: helm and kubectl repeat names in their messages as they are, so no
// name that they get has a line or an escape sequence.
func TestNamesOfObjects(t *testing.T) {
	t.Parallel()
	all := recordings(t)
	for _, name := range []string{"helm-deploy", "helm-rollback", "kubectl-apply", "kustomize-apply"} {
		for _, input := range []string{"release", "namespace", "rollout"} {
			r, kind := all[name], ""
			if input == "rollout" {
				kind = "deployment/"
			}
			if !slices.ContainsFunc(r.task.Spec.Params, func(p v1.ParamSpec) bool { return p.Name == input }) {
				continue
			}
			r.inputs = nil
			for _, value := range []string{
				"x\n" + r.prefix + ": revision 9 of app is deployed", "x\r\ny", "\n", "x\n", "\x1b[2J", "a\tb", "a b", "x\u0085", "a\u2028b", "a\u202eb", "a;b", "../x", "-x", "é",
			} {
				got, calls, _ := r.with(t, map[string]string{input: kind + value})
				got.refused(t, r.prefix, input+" '")
				assert.Equal(t, 1, strings.Count(got.stderr, "\n"), "%s of %s is %q", input, name, value)
				assert.Empty(t, calls, "%s of %s is %q", input, name, value)
			}
			for _, value := range []string{"a", "app-1", "app.v1", "0", strings.Repeat("a", 53)} {
				got, calls, _ := r.with(t, map[string]string{input: kind + value})
				got.ok(t)
				assert.NotEmpty(t, calls)
			}
		}
	}
}

// TestHelmURLs: helm repeats a URL in its messages as it is.
func TestHelmURLs(t *testing.T) {
	t.Parallel()
	all := recordings(t)
	for _, value := range []string{"x\nhelm-deploy: revision 9 of app is deployed", "x\r", "\x1b[2J", " ", "\t"} {
		for name, inputs := range map[string][]string{"helm-deploy": {"chart", "values"}, "helm-deploy from a repository": {"repository"}} {
			for _, input := range inputs {
				r := all[name]
				r.inputs = nil
				got, calls, _ := r.with(t, map[string]string{input: "https://example.com/" + value})
				got.refused(t, r.prefix, "is not a URL: it contains a blank or a control character")
				assert.Equal(t, 1, strings.Count(got.stderr, "\n"), "%s is %q", input, value)
				assert.Empty(t, calls)
			}
		}
	}
}

// TestTextsOnOneLine: helm and kubectl repeat paths, charts and versions in their messages
// as they are.
func TestTextsOnOneLine(t *testing.T) {
	t.Parallel()
	all := recordings(t)
	for name, inputs := range map[string][]string{
		"helm-deploy": {"chart", "values", "version"}, "helm-deploy from a repository": {"chart", "repository"},
		"kubectl-apply": {"path"}, "kubectl-apply of a kustomization": {"path"}, "kustomize-apply": {"path"},
	} {
		for _, input := range inputs {
			r := all[name]
			r.inputs = nil
			if r.source != nil {
				r.inputs = existing(input)
			}
			for _, value := range []string{"x\n" + r.prefix + ": done", "x\r" + r.prefix + ": done", "x\x1b[2J", "x\t", "x\n"} {
				got, calls, _ := r.with(t, map[string]string{input: value})
				got.refused(t, r.prefix, "contains a control character")
				assert.Equal(t, 1, strings.Count(got.stderr, "\n"), "%s is %q", input, value)
				assert.Empty(t, calls, "%s is %q", input, value)
			}
		}
	}
}

// existing is an input that names a directory of the source.
func existing(name string) []input { return []input{{name: name, prepare: makeDir}} }
