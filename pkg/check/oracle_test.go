package check_test

import (
	"encoding/json"
	"flag"
	"math/rand"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/internal/admission"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/object"
)

// everything is the profile of [admit.Everything].
var everything = check.Profile{APIFields: "alpha", Features: []string{
	"enable-cel-in-whenexpression", "enable-param-enum", "enable-artifacts", "enable-concise-resolver-syntax", "enable-kubernetes-sidecar",
}}

// exampleObjects returns the Tekton examples as JSON.
func exampleObjects(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	eachExample(t, func(name string, data []byte) {
		for i, doc := range separator.Split(string(data), -1) {
			whole, err := yaml.YAMLToJSON([]byte(doc))
			var meta metav1.TypeMeta
			if err != nil || json.Unmarshal(whole, &meta) != nil || empty(meta) == nil || meta.APIVersion == "v1" {
				continue
			}
			out[name+"#"+string(rune('a'+i%26))] = whole
		}
	})
	return out
}

// breaks is the number of times TestOracle breaks each example. Most of the time is
// spent in Tekton's code. .ci/run uses a higher number.
var breaks = flag.Int("breaks", 8, "how often TestOracle breaks each example")

// TestOracle breaks Tekton examples in one place each, and compares the rules with
// Tekton's code: a rule must find what Tekton rejects.
func TestOracle(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	both, ours, theirs, neither := 0, 0, 0, 0
	examples := exampleObjects(t)
	for _, name := range slices.Sorted(keysOf(examples)) {
		for range *breaks {
			broken := breakOne(rnd, examples[name])
			o := objectOf(broken)
			if o == nil {
				continue // the API server refuses it
			}
			refused, found := verdicts(t, o)
			switch {
			case refused != "" && found != nil:
				both++
			case found != nil:
				ours++
			case refused != "":
				theirs++
				t.Errorf("%s: %s\n%s", name, refused, broken)
			default:
				neither++
			}
		}
	}
	t.Logf("refused and found: %d; found only: %d; refused only: %d; fine: %d", both, ours, theirs, neither)
	require.Greater(t, both, 500, "too few objects were broken")
}

// FuzzOracle is like TestOracle, with several changes at once.
func FuzzOracle(f *testing.F) {
	examples := exampleObjects(f)
	names := slices.Sorted(keysOf(examples))
	for i := range names {
		f.Add(uint16(i), int64(i))
	}
	f.Fuzz(func(t *testing.T, which uint16, seed int64) {
		rnd := rand.New(rand.NewSource(seed))
		data := examples[names[int(which)%len(names)]]
		for range 1 + rnd.Intn(3) {
			data = breakOne(rnd, data)
		}
		o := objectOf(data)
		if o == nil {
			return
		}
		if refused, found := verdicts(t, o); refused != "" && found == nil {
			t.Fatalf("%s\n%s", refused, data)
		}
	})
}

// verdicts returns the errors of Tekton's code for an object, and the findings of the
// rules.
func verdicts(t testing.TB, o runtime.Object) (refused string, found error) {
	t.Helper()
	for _, r := range first(admission.Refusals(admission.Everything(), o)) {
		refused += r.Error() + "\n"
	}
	findings := runAll([]object.Object{{Object: o}}, everything)
	for _, f := range findings {
		if f.Code == "internal" {
			t.Error(f.Error())
		}
	}
	return refused, findings.Err()
}

func first[T, U any](t T, _ U) T { return t }

// objectOf decodes an object of a known kind.
func objectOf(data []byte) runtime.Object {
	var meta metav1.TypeMeta
	if json.Unmarshal(data, &meta) != nil {
		return nil
	}
	o := empty(meta)
	if o == nil || json.Unmarshal(data, o) != nil {
		return nil
	}
	return o
}
