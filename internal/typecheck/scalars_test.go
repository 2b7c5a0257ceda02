package typecheck

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"sigs.k8s.io/yaml"
)

// TestUnquoted has scalars without quotes where a string is needed, as the API server and
// Tekton decode them. What is not a string there is a fault that tells what is read, and a
// value of a param is a fault if the string differs from what is written.
func TestUnquoted(t *testing.T) {
	refused := 0
	for written := range strings.FieldsSeq(`0755 01777 0o755 0o17 08 0900 00 0 -0755 +0755 0777.5 0x1F 0XFF 0b11 0b2 1_000 1__0 0_7 1e3 1E3 1.5e2 1.10 1.0 1. .5 0.1e-10 +1 -1
		12e4567 1234567 007 190:20:30 1:30 4:20 2001-12-14 2001-12-14T21:59:43Z yes Yes YES yEs no No on ON off Off y Y n N true True TRUE tRUE false t f
		nan Infinity 1_ _1 0x 0o8 0o -0o7 0b v1.10 1.2.3 10% 5m 1Gi 12345678901234567890 9223372036854775808 ~x =`) {
		plain, err := yaml.YAMLToJSON([]byte("v: " + written))
		require.NoError(t, err, written)
		var as struct{ V json.RawMessage }
		require.NoError(t, json.Unmarshal(plain, &as), written)
		isText := as.V[0] == '"'
		said := func(field string) string {
			docs := documents("{" + field + ": " + written + "}")
			require.Len(t, docs, 1, written)
			require.Nil(t, docs[0].Problem, written)
			var out []string
			for _, f := range Check(docs[0].Root, reflect.TypeFor[everything](), Custom).Faults {
				out = append(out, f.Message)
			}
			return strings.Join(out, "; ")
		}
		if isText {
			assert.Empty(t, said("text"), written)
		} else {
			refused++
			assert.Contains(t, said("text"), string(as.V), written)
			assert.Contains(t, said("text"), written)
		}
		var param pipelinev1.ParamValue
		require.NoError(t, json.Unmarshal(as.V, &param), written)
		if param.StringVal == written {
			assert.Empty(t, said("param"), written)
		} else {
			assert.Contains(t, said("param"), "Tekton reads "+written+" as the string "+`"`+param.StringVal+`"`)
		}
	}
	assert.Greater(t, refused, 30)
}
