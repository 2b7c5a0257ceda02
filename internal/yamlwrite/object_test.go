package yamlwrite

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/equality"
	sigsjson "sigs.k8s.io/json"
	sigs "sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/internal/randobject"
)

// FuzzObject writes random upstream objects, and tests that they are equal after strict
// decoding.
func FuzzObject(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		for _, object := range randobject.Objects() {
			randobject.Fill(object, seed, randobject.Strings)
			n, err := Of(object)
			require.NoError(t, err)
			text := n.AppendYAML(nil)
			again, err := Append(nil, object)
			require.NoError(t, err)
			require.Equal(t, string(text), string(again), "Append writes the same bytes as AppendYAML")

			j, err := sigs.YAMLToJSONStrict(text)
			require.NoError(t, err, "%s", text)
			back := reflect.New(reflect.TypeOf(object).Elem()).Interface()
			strict, err := sigsjson.UnmarshalStrict(j, back)
			require.NoError(t, err, "%s", text)
			require.Empty(t, strict, "%s", text)
			if !equality.Semantic.DeepEqual(object, back) {
				require.Equal(t, object, back, "%s", text)
			}
		}
	})
}
