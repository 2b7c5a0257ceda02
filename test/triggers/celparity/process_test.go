package celparity

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	triggerscel "github.com/tektoncd/triggers/pkg/interceptors/cel"
	"google.golang.org/grpc/codes"
)

// noSecrets are no Secrets.
type noSecrets struct{}

// Get finds nothing.
func (noSecrets) Get(context.Context, string, *v1beta1.SecretRef) ([]byte, error) {
	return nil, errors.New("there are no Secrets")
}

// process runs upstream's interceptor with one overlay.
func process(expr string) (out *v1beta1.InterceptorResponse) {
	defer func() {
		if r := recover(); r != nil {
			out = &v1beta1.InterceptorResponse{Status: v1beta1.Status{Code: codes.Internal, Message: fmt.Sprint("failed to create a Program: ", r)}}
		}
	}()
	return triggerscel.NewInterceptor(noSecrets{}).Process(context.Background(), &v1beta1.InterceptorRequest{
		Body: "{}", Header: map[string][]string{}, Context: &v1beta1.TriggerContext{TriggerID: "namespaces/ci/triggers/t"},
		InterceptorParams: map[string]any{"overlays": []map[string]string{{"key": "k", "expression": expr}}},
	})
}

// notCompiled is what the interceptor says of expressions that no event can
// make right.
var notCompiled = regexp.MustCompile(`failed to parse expression|check failed|failed to create a Program`)

// TestUpstream shows that the environment which the other tests compare with
// is the one that the interceptor makes.
func TestUpstream(t *testing.T) {
	for _, expr := range append(append([]string{}, own...), inExamples(t)...) {
		_, err := compile(expr)
		out := process(expr)
		if err != nil {
			assert.Regexp(t, notCompiled, out.Status.Message, "%q: %v", expr, err)
		} else {
			assert.NotRegexp(t, notCompiled, out.Status.Message, "%q", expr)
		}
	}
}

// TestKinds shows why celenv.Value refuses some types that compile: the
// interceptor fails with them, or leaves what is no string, number or bool.
func TestKinds(t *testing.T) {
	for kind, expr := range literals {
		out := process(expr)
		switch {
		case expr == "body.x", noText[kind]:
			assert.False(t, out.Continue, "%s: %v", expr, out.Extensions)
		default:
			require.True(t, out.Continue, "%s: %s", expr, out.Status.Message)
			switch v := out.Extensions["k"].(type) {
			case string, bool, float64:
			default:
				t.Errorf("%s: %T cannot be used in a string", expr, v)
			}
		}
	}
	assert.Equal(t, []any{"a"}, process("['a']").Extensions["k"])
	assert.Equal(t, map[string]any{"a": "b"}, process("{'a': 'b'}").Extensions["k"])
}
