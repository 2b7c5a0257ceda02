package check_test

import (
	"encoding/json"
	"math/rand"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/pkg/check"
)

// TestOracle breaks Tekton's own examples in one place each, and holds the
// rules against Tekton's own code: what that refuses, a rule must have found.
func TestOracle(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	both, ours, theirs := 0, 0, 0
	eachExample(t, func(name string, data []byte) {
		for _, doc := range separator.Split(string(data), -1) {
			whole, err := yaml.YAMLToJSON([]byte(doc))
			var meta metav1.TypeMeta
			if err != nil || json.Unmarshal(whole, &meta) != nil || empty(meta) == nil || meta.APIVersion == "v1" {
				continue
			}
			for range 4 {
				broken := breakOne(rnd, whole)
				o := empty(meta)
				if json.Unmarshal(broken, o) != nil {
					continue // no such object
				}
				refused := check.Upstream(check.Object{Object: o})
				found := check.Run([]check.Object{{Object: o}}, check.Profile{WithoutUpstream: true}).Err()
				switch {
				case refused != nil && found != nil:
					both++
				case found != nil:
					ours++
				case refused != nil && strings.Contains(refused[0].Message, "invalid cel expression"):
					// CEL is compiled by the net alone.
				case refused != nil:
					theirs++
					t.Errorf("%s: %s\n%s", name, refused[0].Error(), broken)
				}
			}
		}
	})
	t.Logf("refused and found: %d; found only: %d; refused only: %d", both, ours, theirs)
	if both < 50 {
		t.Errorf("only %d objects were broken", both)
	}
}

// breakOne drops or bends one value of the spec.
func breakOne(rnd *rand.Rand, whole []byte) []byte {
	var object map[string]any
	if json.Unmarshal(whole, &object) != nil {
		return whole
	}
	countdown := 1 + rnd.Intn(60)
	bend(object["spec"], &countdown, rnd.Intn(2) == 0)
	broken, err := json.Marshal(object)
	if err != nil {
		return whole
	}
	return broken
}

func bend(v any, countdown *int, drop bool) {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			if *countdown--; *countdown != 0 {
				bend(v[k], countdown, drop)
				continue
			}
			s, isString := v[k].(string)
			list, isList := v[k].([]any)
			switch {
			case !drop && isString && s != "":
				v[k] = "x" + s[1:]
			case !drop && isList && len(list) > 0:
				v[k] = append(slices.Clone(list), list[0])
			default:
				delete(v, k)
			}
			return
		}
	case []any:
		for _, item := range v {
			bend(item, countdown, drop)
		}
	}
}
