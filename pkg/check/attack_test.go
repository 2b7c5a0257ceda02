package check_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// TestSuppressedTwin checks that a finding suppressed in one object is still reported
// in another one, whichever comes first.
func TestSuppressedTwin(t *testing.T) {
	account := func(name string, annotations map[string]string) object.Object {
		return object.Object{Object: &corev1.ServiceAccount{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ServiceAccount"},
			ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "cii", Annotations: annotations},
		}}
	}
	namespace := object.Object{Object: &corev1.Namespace{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"}, ObjectMeta: metav1.ObjectMeta{Name: "ci"}}}
	one, two := account("one", map[string]string{rule.SuppressPrefix + check.NamespaceUnknown: "made by others"}), account("two", nil)
	for _, objects := range [][]object.Object{{namespace, one, two}, {namespace, two, one}} {
		found := of(runAll(objects, check.Profile{Complete: true}), check.NamespaceUnknown)
		if assert.Len(t, found, 1) {
			assert.Equal(t, "two", found[0].Object.Name)
			assert.Empty(t, found[0].Related)
		}
	}
}

// TestManyFiles checks that of many objects with the same name, the one in the same
// file is used.
func TestManyFiles(t *testing.T) {
	for _, n := range []int{2, 9, 100} {
		var objects []object.Object
		for i := range n {
			text := fmt.Sprintf("apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  params: [{name: p%[1]d}]\n  steps: [{image: x:1, args: [$(params.p%[1]d)]}]\n"+
				"---\napiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p-%[1]d}\nspec:\n  tasks: [{name: a, taskRef: {name: t}, params: [{name: p%[1]d, value: x}]}]\n", i)
			for _, o := range must(t, text) {
				o.Locate = func(diag.Path, string) diag.Position { return diag.Position{File: fmt.Sprint(i), Line: 1, Column: 1} }
				objects = append(objects, o)
			}
		}
		for _, f := range runAll(objects, check.Profile{Disabled: []string{check.ObjectDuplicate}}) {
			assert.NotContains(t, f.Code, "param-", "%d files: %v", n, f)
		}
	}
}

// TestAppliedRuleIsKnown checks that a rule passed to Apply can be suppressed, and is
// applied once.
func TestAppliedRuleIsKnown(t *testing.T) {
	mine := &rule.Rule{Code: "mine", Run: func(p *rule.Pass) { p.Report(p.At("spec"), "it is there", "") }}
	apply := func(o object.Object) diag.Findings {
		found, err := check.RunRules(context.Background(), []object.Object{o}, check.Profile{Rules: []*rule.Rule{mine}}, append(check.Rules(), mine)...)
		require.NoError(t, err)
		return found
	}
	assert.Len(t, of(apply(pasting("a", nil)), "mine"), 1)
	found := apply(pasting("a", map[string]string{rule.SuppressPrefix + "mine": "a reason"}))
	assert.Empty(t, of(found, "mine"))
	assert.Empty(t, of(found, check.SuppressionUnknown))
}

// TestSupersedesLosesNothing checks that a dropped finding supersedes no other, and
// that of rules which supersede each other, one remains.
func TestSupersedesLosesNothing(t *testing.T) {
	make := func(code string, supersedes ...string) *rule.Rule {
		return &rule.Rule{Code: code, Supersedes: supersedes, Run: func(p *rule.Pass) { p.Report(p.At("spec"), "it is there", "") }}
	}
	codes := func(o object.Object, own ...*rule.Rule) (out []string) {
		for _, f := range runAll([]object.Object{o}, check.Profile{Rules: own}) {
			if len(f.Code) == 1 {
				out = append(out, f.Code)
			}
		}
		return out
	}
	plain := pasting("n", nil)
	assert.Equal(t, []string{"a"}, codes(plain, make("a", "a")), "itself")
	assert.Equal(t, []string{"a", "b"}, codes(plain, make("a", "b"), make("b", "a")), "each other")
	assert.Equal(t, []string{"a", "b", "c"}, codes(plain, make("a", "b"), make("b", "c"), make("c", "a")), "in a circle")
	assert.Equal(t, []string{"a"}, codes(plain, make("a", "b"), make("b", "c"), make("c")))
	assert.Equal(t, []string{"b"}, codes(pasting("n", map[string]string{rule.SuppressPrefix + "a": "a reason"}), make("a", "b"), make("b")))
	dropping := pasting("n", nil)
	dropping.Adjust = func(f diag.Finding) (diag.Finding, bool) { return f, f.Code != "a" }
	assert.Equal(t, []string{"b"}, codes(dropping, make("a", "b"), make("b")))
}

// oddObject is an object that is not a pointer and has no kind.
type oddObject struct{ kind schema.ObjectKind }

func (o oddObject) GetObjectKind() schema.ObjectKind { return o.kind }
func (o oddObject) DeepCopyObject() runtime.Object   { return o }

// TestPanicsOfOthers checks that panics in code of the caller do not affect other
// findings.
func TestPanicsOfOthers(t *testing.T) {
	locate, adjust := pasting("a", nil), pasting("a", nil)
	locate.Locate = func(diag.Path, string) diag.Position { panic("locate") }
	adjust.Adjust = func(diag.Finding) (diag.Finding, bool) { panic("adjust") }
	want := len(runAll([]object.Object{pasting("a", nil)}, check.Profile{}))
	assert.NotEmpty(t, runAll([]object.Object{locate}, check.Profile{}))
	assert.Len(t, runAll([]object.Object{adjust}, check.Profile{}), want)
	assert.NotPanics(t, func() {
		_ = runAll([]object.Object{{Object: oddObject{}}, {Object: oddObject{&metav1.TypeMeta{}}}, {Object: &oddObject{}}}, check.Profile{})
	})

	twice := &rule.Rule{Code: "mine", Run: func(p *rule.Pass) {
		if p.Again("set", "mistake", p.At("spec")) {
			return
		}
		if p.Entry.Ref.Namespace == "a" {
			p.Entry, p.Rule = nil, nil
			panic("between the two")
		}
		p.Report(p.At("spec"), "it is there", "")
	}}
	found := runAll([]object.Object{pasting("a", nil), pasting("b", nil)}, check.Profile{Rules: []*rule.Rule{twice}})
	if mine := of(found, "mine"); assert.Len(t, mine, 1) {
		assert.Equal(t, "b", mine[0].Object.Namespace)
	}
	if crashed := of(found, "internal"); assert.Len(t, crashed, 1) {
		if assert.Len(t, crashed[0].Related, 1) {
			assert.Equal(t, "panicked here", crashed[0].Related[0].Message)
		}
	}
	assert.Empty(t, of(runAll([]object.Object{pasting("a", nil)}, check.Profile{Rules: []*rule.Rule{twice}, Disabled: []string{"internal"}}), "internal"))
}
