package negative

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/admit"
	"github.com/tekwright/tekwright/pkg/check"
)

var pipeline = suite{
	module: "github.com/tektoncd/pipeline",
	packages: []string{
		"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1",
		"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1",
		"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1alpha1",
	},
	config: "github.com/tektoncd/pipeline/pkg/apis/config",
}

var triggers = suite{
	module: "github.com/tektoncd/triggers",
	packages: []string{
		"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1",
		"github.com/tektoncd/triggers/pkg/apis/triggers/v1alpha1",
	},
	config: "github.com/tektoncd/triggers/pkg/apis/config",
}

// tally counts what became of the objects of one kind.
type tally struct {
	skipped   int // not expressible, or mended by what SetDefaults fills in
	refused   int // by Tekton
	found     int // of these, by us, at the same field
	accepted  int // by Tekton
	invented  int // of these, called an error by us without a word in accepted
	tolerated int
}

func TestNegative(t *testing.T) {
	var all []call
	if f := os.Getenv("CALLS"); f != "" {
		b, err := os.ReadFile(f)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(b, &all))
	} else {
		all = append(record(t, pipeline), record(t, triggers)...)
		b, _ := json.Marshal(all)
		os.WriteFile("/tmp/calls.json", b, 0o644)
	}
	tallies := map[string]*tally{}
	seen := map[string]bool{}
	for _, c := range all {
		if c.Change {
			continue
		}
		s, ok := whole(c)
		if !ok {
			continue
		}
		b, err := json.Marshal(s.object)
		require.NoError(t, err)
		same := string(b) + string(c.Config)
		if seen[same] {
			continue
		}
		seen[same] = true
		name := s.object["apiVersion"].(string) + " " + s.kind
		if tallies[name] == nil {
			tallies[name] = &tally{}
		}
		compare(t, s, tallies[name])
	}
	names := []string{}
	for n := range tallies {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		t.Logf("%-55s %+v", n, *tallies[n])
	}
}

func compare(t *testing.T, s subject, n *tally) {
	t.Helper()
	o, err := structOf(s.object)
	if err != nil || o == nil {
		n.skipped++
		t.Logf("SKIP %s %v", s.call.Caller, err)
		return
	}
	ctx, profile := cluster(t, s.call)
	refused, ok := admit.Refusals(ctx, o)
	if !ok {
		n.skipped++
		return
	}
	found := errorsOf(o, profile)
	b, _ := json.Marshal(s.object)
	if len(refused) == 0 {
		n.accepted++
		if len(found) > 0 {
			n.invented++
			for _, f := range found {
				t.Logf("INVENTED %s %s %s: %s\n\t%s", f.Code, s.call.Caller, f.Path, f.Message, b)
			}
		}
		return
	}
	n.refused++
	missed := 0
	for _, r := range refused {
		if !slices.ContainsFunc(found, func(f check.Finding) bool { return matches(r.Paths, f) }) {
			missed++
			t.Logf("MISSED %s %s %v %q\n\t%s\n\t%s", s.kind, s.call.Caller, r.Paths, r.Message, strings.Join(short(found), "; "), b)
		}
	}
	if missed == 0 {
		n.found++
	}
}

func short(found check.Findings) []string {
	var out []string
	for _, f := range found {
		out = append(out, fmt.Sprintf("%s %s", f.Code, f.Path))
	}
	return out
}

func errorsOf(o runtime.Object, p check.Profile) check.Findings {
	var out check.Findings
	for _, f := range check.Run([]check.Object{{Object: o}}, p) {
		if f.Severity == check.Error {
			out = append(out, f)
		}
	}
	return out
}

// matches tells whether a finding is about a field of Tekton's.
func matches(paths []string, f check.Finding) bool {
	ours := []string{f.Path}
	for _, r := range f.Related {
		ours = append(ours, r.Path)
	}
	for _, p := range paths {
		theirs := fields(p)
		if len(theirs) == 0 {
			return true
		}
		for _, o := range ours {
			if alike(theirs, fields(o)) {
				return true
			}
		}
	}
	return len(paths) == 0
}

// fields are the names of a path, without indexes, keys and case.
func fields(path string) []string {
	var out []string
	depth := 0
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			out = append(out, strings.ToLower(b.String()))
		}
		b.Reset()
	}
	for _, r := range path {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case depth > 0:
		case r == '.':
			flush()
		default:
			b.WriteRune(r)
		}
	}
	flush()
	return out
}

func alike(theirs, ours []string) bool {
	last := theirs[len(theirs)-1]
	if slices.Contains(ours, last) {
		return true
	}
	return len(ours) > 0 && slices.Contains(theirs, ours[len(ours)-1])
}
