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
		for _, p := range r.Paths {
			p = canonical(p, s.object)
			if slices.ContainsFunc(found, func(f check.Finding) bool { return canonical(f.Path, s.object) == p }) {
				continue
			}
			var ours []string
			for _, f := range found {
				ours = append(ours, f.Code+" "+canonical(f.Path, s.object))
			}
			fmt.Printf("DIFF\t%s %s\t%s\t%s\t%s\t%s\n", s.object["apiVersion"], s.kind, r.Message, p, strings.Join(ours, "; "), b)
		}
		if false {
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

