package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// answers maps the answers in testdata/status to the objects in
// testdata/refused.yaml. They were recorded from a live cluster (Kubernetes v1.36.3,
// Tekton Pipelines v1.15.1).
var answers = map[string]string{
	"notserved-namespace": "a", "notserved-namespace-deleted": "a",
	"conflict-fields-1": "c", "conflict-fields-2": "a",
	"refused-names": "c_", "refused-run": "r",
	"refused-schema-1": "numbers", "refused-schema-2": "fields", "refused-schema-3": "types", "refused-schema-4": "binding",
	"refused-webhook-1": "bad", "refused-webhook-2": "p",
	"forbidden-create": "a", "forbidden-grant": "wide", "forbidden-none-1": "r-cluster", "forbidden-none-2": "a",
	"quota": "c", "policy": "a", "unreadable": "typed",
}

// recorded returns a recorded answer as an error.
func recorded(t *testing.T, name string) error {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "status", name+".json"))
	require.NoError(t, err)
	var status metav1.Status
	require.NoError(t, json.Unmarshal(data, &status))
	return &apierrors.StatusError{ErrStatus: status}
}

func TestExplain(t *testing.T) {
	_, c := newServer(t)
	targets, err := c.targets(yamlSource(t, "refused"), ApplyOptions{})
	require.NoError(t, err)
	files, err := filepath.Glob("testdata/status/*.json")
	require.NoError(t, err)
	assert.Len(t, answers, len(files))
	var b strings.Builder
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		about := 0
		for _, target := range targets {
			if target.body.GetName() != answers[name] {
				continue
			}
			about++
			resource := schema.GroupResource{Group: target.body.GroupVersionKind().Group, Resource: strings.ToLower(target.body.GetKind()) + "s"}
			answer := recorded(t, name)
			explained := c.explain(answer, requestFor(target.body, target.object.At, resource, "get", "create", "patch"))
			assert.ErrorIs(t, explained, answer)
			assert.False(t, wide(explained), name)
			fmt.Fprintf(&b, "== %s: %T\n%v\n", name, explained, explained)
		}
		assert.Equal(t, 1, about, "%s is about one object", name)
	}
	golden.Check(t, "testdata/explained.txt", []byte(b.String()))
}

func TestExplainNoAnswer(t *testing.T) {
	_, c := newServer(t)
	assert.NoError(t, c.explain(nil, request{}))
	err := c.explain(errors.New("odd"), request{})
	assert.ErrorContains(t, err, "odd")
	unknown := c.explain(&apierrors.StatusError{ErrStatus: metav1.Status{Code: 401, Reason: metav1.StatusReasonUnauthorized, Message: "Unauthorized"}}, request{})
	assert.ErrorContains(t, unknown, "does not accept the credentials")
	assert.True(t, wide(unknown))
}

// TestReadPath tests that items identified by a key get their index, and that any
// text can be read.
func TestReadPath(t *testing.T) {
	object := map[string]any{"spec": map[string]any{"tasks": []any{
		map[string]any{"name": "a"},
		map[string]any{"name": "b", "params": []any{map[string]any{"name": "x"}, map[string]any{"name": "y"}}},
	}, "ports": []any{map[string]any{"port": "1", "protocol": "TCP"}, map[string]any{"port": "1", "protocol": "UDP"}}}}
	for path, want := range map[string]string{
		`spec.tasks[name="b"].params[name="y"].value`:  "spec.tasks[1].params[1].value",
		`spec.tasks[1].params[y]`:                      "spec.tasks[1].params[1]",
		`spec.ports[port="1",protocol="UDP"].nodePort`: "spec.ports[1].nodePort",
		`spec.tasks[name="c"].params[name="y"]`:        `spec.tasks["c"].params["y"]`,
		`spec.nothing[name="c"]`:                       `spec.nothing["c"]`,
		`spec.ports[port="1",protocol="SCTP"]`:         `spec.ports["1,SCTP"]`,
		`spec.params[env]`:                             `spec.params["env"]`,
		`metadata.annotations["a.b/c"].x`:              `metadata.annotations["a.b/c"].x`,
		`.data.a`:                                      "data.a",
		`spec.tasks[9].x[3]`:                           "spec.tasks[9].x[3]",
		`spec.tasks[99999999999999999999]`:             `spec.tasks["99999999999999999999"]`,
		`spec.tasks[`:                                  "spec.tasks.[",
		`spec..a`:                                      "spec...a",
		`spec.tasks[0]`:                                "spec.tasks[0]",
		``:                                             "",
	} {
		assert.Equal(t, want, readPath(object, path).String())
	}
}

func TestWebhookCauses(t *testing.T) {
	assert.Equal(t, []said{
		{path: "spec.steps[0].image", message: "missing field(s)"},
		{path: "spec.a", message: "expected exactly one, got both"}, {path: "spec.b", message: "expected exactly one, got both"},
		{path: "metadata.name", message: "invalid value: x: more about it: and more: again"},
	}, webhookCauses("validation failed: missing field(s): spec.steps[0].Image\nexpected exactly one, got both: spec.a, spec.b\n"+
		"invalid value: x: metadata.name\nmore about it: and more\nagain\n"))
	assert.Equal(t, []said{{message: "no path at all: or so: then more"}}, webhookCauses("no path at all: or so\nthen more"))
	assert.Equal(t, []said{
		{path: "spec.params[env]", message: "feature flag enable-param-enum should be set to true to use Enum"},
		{message: `step stdout stream support requires "enable-api-fields" feature gate to be "alpha": and why`},
		{path: "spec.a", message: "must not be set"},
		{message: "the last one"},
	}, webhookCauses("validation failed: feature flag enable-param-enum should be set to true to use Enum: spec.params[env]\n"+
		"step stdout stream support requires \"enable-api-fields\" feature gate to be \"alpha\": \nand why\nmust not be set: spec.a\nthe last one: "))
	assert.Empty(t, webhookCauses(""))
}

func TestSchemaCauses(t *testing.T) {
	assert.Equal(t, []said{
		{path: "data.a", message: "expected string, got 1"}, {path: "foo", message: "field not declared in schema"}, {message: "odd"},
	}, schemaCauses("failed to create typed patch object (p/c; /v1, Kind=ConfigMap): errors:\n"+
		"  .data.a: expected string, got &value.valueUnstructured{Value:1}\n  .foo: field not declared in schema\n  odd"))
	assert.Equal(t, []said{{path: "spec.foo", message: "unknown field"}, {path: "spec.a", message: "duplicate field"}},
		schemaCauses(`strict decoding error: unknown field "spec.foo", duplicate field "spec.a"`))
	assert.Empty(t, schemaCauses("something else"))
}

func TestDecodeCause(t *testing.T) {
	body := map[string]any{"spec": map[string]any{"a": []any{map[string]any{"odd": 1}}, "twice": map[string]any{"twice": 1}}}
	for text, want := range map[string]said{
		`json: unknown field "odd"`:   {path: "spec.a[0].odd", message: "unknown field"},
		`json: unknown field "twice"`: {message: `unknown field "twice"`},
		`json: cannot unmarshal bool into Go struct field Step.spec.image of type string`: {path: "spec.image", message: "cannot read bool as string"},
		`unexpected EOF`: {message: "unexpected EOF"},
	} {
		got := decodeCause("mutation failed: cannot decode incoming new object: "+text, body)
		require.NotNil(t, got, text)
		assert.Equal(t, want, *got)
	}
	assert.Nil(t, decodeCause("validation failed: x", body))
}

func TestProblems(t *testing.T) {
	one, two, three := errors.New("one"), errors.New("two"), errors.New("three")
	assert.Empty(t, Problems(nil))
	assert.Equal(t, []error{one}, Problems(one))
	assert.Equal(t, []error{one, two, three}, Problems(errors.Join(errors.Join(one, two), three)))
	assert.Equal(t, []error{one, two}, Problems(fmt.Errorf("of set: %w", errors.Join(one, two))))
	alone := fmt.Errorf("of set: %w", errors.Join(one))
	assert.Equal(t, []error{alone}, Problems(alone))
	// The findings of a set are problems too.
	for _, problem := range Problems(manifest.New(builder.NewPipeline("p"), builder.NewPipeline("q")).Build()) {
		var finding diag.Finding
		require.ErrorAs(t, problem, &finding)
		assert.Equal(t, finding, problem)
	}
}
