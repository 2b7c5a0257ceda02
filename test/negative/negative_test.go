package negative

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/admission"
	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// TestNegative checks what Tekton's tests validate: what Tekton refuses must be
// an error of ours at the same field, and what it accepts none, but for those
// that known_test.go explains.
func TestNegative(t *testing.T) {
	r := newReport()
	seen := map[string]bool{}
	for _, c := range recorded(t) {
		if c.Change {
			r.skip("changes an object that is there: a file says nothing of the one before", c)
			continue
		}
		s, ok := whole(c)
		if !ok {
			r.skip("is no part of an object", c)
			continue
		}
		b, err := json.Marshal(s.object)
		require.NoError(t, err)
		if same := string(b) + string(c.Config); !seen[same] {
			seen[same] = true
			r.compare(t, s)
		}
	}
	r.print(t)
	assert.GreaterOrEqual(t, r.total.refused, 1000, "too few objects were recorded")
	assert.Equal(t, r.total.refused, r.total.found, "objects that Tekton refuses are not found to be wrong")
	assert.Zero(t, r.total.matches[missed], "fields that Tekton blames are not by us")
	golden.Check(t, "testdata/answers.txt", r.pairs())
	for i := range accepted {
		assert.True(t, r.excused[i], "nothing needs the excuse for %s %s any more", accepted[i].code, accepted[i].message)
	}
}

// compare holds our verdict on an object against Tekton's.
func (r *report) compare(t *testing.T, s subject) {
	t.Helper()
	o, err := structOf(s.object)
	if err != nil || o == nil {
		t.Errorf("%s: %s cannot be read: %v", s.call.Caller, s.name(), err)
		return
	}
	ctx, profile := cluster(t, s.call)
	refused, ok := admission.Refusals(ctx, o)
	if !ok {
		t.Errorf("%s: %s makes Tekton panic: %s", s.call.Caller, s.name(), s)
		return
	}
	n := r.of(s.name())
	found := errorsOf(o, profile)
	assert.Equal(t, short(found), short(errorsOf(&unstructured.Unstructured{Object: s.object}, profile)), "%s: the object as maps is told something else: %s", s.call.Caller, s)
	r.lost(t, s, refused)
	if len(refused) == 0 {
		n.accepted++
		r.excuse(t, s, found, n)
		return
	}
	n.refused++
	missing := false
	for _, e := range refused {
		for _, f := range faultsOf(e.Message, e.Paths) {
			m, by := answer(f, s.object, found)
			n.matches[m]++
			r.answered(m, f, by)
			if m == missed {
				missing = true
				t.Errorf("%s: %s: nothing is found at %s: %q\nfound: %s\n%s", s.call.Caller, s.name(), strings.Join(f.paths, ", "), f.message, short(found), s)
			}
		}
	}
	if !missing {
		n.found++
	}
}

// excuse reports errors of ours in what Tekton accepts, unless they are known
// to be right.
func (r *report) excuse(t *testing.T, s subject, found diag.Findings, n *tally) {
	t.Helper()
	for _, f := range found {
		i := slices.IndexFunc(accepted, func(x excuse) bool { return x.code == f.Code && x.message.MatchString(f.Message) })
		if i >= 0 {
			r.excused[i] = true
			n.excused++
			continue
		}
		n.invented++
		t.Errorf("%s: %s: Tekton accepts it, and we say %s at %s: %s\n%s", s.call.Caller, s.name(), f.Code, f.Path, f.Message, s)
	}
}

func short(found diag.Findings) string {
	var out []string
	for _, f := range found {
		out = append(out, fmt.Sprintf("%s %s", f.Code, f.Path))
	}
	return strings.Join(out, "; ")
}

func errorsOf(o runtime.Object, p check.Profile) diag.Findings {
	var out diag.Findings
	objects, _ := manifest.FromObjects(o).Objects()
	found, _ := check.Run(context.Background(), objects, p) // which does not end
	for _, f := range found {
		if f.Severity == diag.Error {
			out = append(out, f)
		}
	}
	return out
}
