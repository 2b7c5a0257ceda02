package cluster

import (
	"bytes"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/hostile"
	"github.com/tekwright/tekwright/pkg/diag"
)

// fill sets all texts of a value, other than states and types of events.
func fill(v reflect.Value, text string, depth int) {
	switch v.Kind() {
	case reflect.String:
		switch v.Type() {
		case reflect.TypeFor[State](), reflect.TypeFor[EventType](), reflect.TypeFor[Action](), reflect.TypeFor[v1.ParamType]():
		default:
			v.SetString(text)
		}
	case reflect.Struct:
		switch v.Type() {
		case reflect.TypeFor[time.Time]():
			return
		case reflect.TypeFor[diag.Path]():
			v.Set(reflect.ValueOf(diag.Fields(text).Key(text)))
			return
		}
		for _, field := range v.Fields() {
			if field.CanSet() {
				fill(field, text, depth)
			}
		}
	case reflect.Slice:
		if depth > 0 && v.Type().Elem().Kind() != reflect.Uint8 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fill(v.Index(0), text, depth-1)
		}
	case reflect.Pointer:
		if depth > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), text, depth-1)
		}
	case reflect.Interface:
		if v.Type() == reflect.TypeFor[error]() {
			v.Set(reflect.ValueOf(errors.New(text)))
		}
	case reflect.Int, reflect.Int32:
		v.SetInt(2)
	}
}

// filled returns a value whose texts are all text.
func filled[T any](text string) T {
	var v T
	fill(reflect.ValueOf(&v).Elem(), text, 4)
	return v
}

// TestAttack tests that texts from a cluster are only shown, in every text that this
// package makes of them.
func TestAttack(t *testing.T) {
	states := []State{StatePending, StateWaiting, StateRunning, StateSucceeded, StateFailed, StateCancelled, StateTimedOut, StateSkipped, StateUnknown, "other"}
	types := []EventType{EventRunStarted, EventRunWaiting, EventRunFinished, EventTaskStarted, EventTaskWaiting, EventTaskRetried, EventTaskFinished, EventTaskSkipped, EventStepStarted, EventStepFinished, EventLog, EventWarning}
	for _, text := range hostile.Texts() {
		plain := func(what, out string) {
			t.Helper()
			assert.Empty(t, hostile.Arrived(out, hostile.Plain), "%s of %q", what, text)
		}
		for _, state := range states {
			for _, kind := range types {
				e := filled[Event](text)
				e.Type, e.State = kind, state
				plain(string(kind), e.String())
				plain(string(kind), e.Subject())
				assert.Empty(t, hostile.Arrived(e.Colored(), hostile.Colored), "%s of %q", kind, text)
				if kind != EventWarning {
					assert.NotContains(t, e.String(), "\n")
				}
				e.Timeout, e.ExitCode, e.Matrix, e.Path = nil, 0, nil, nil
				plain(string(kind), e.String())
			}
			f := filled[TaskFailure](text)
			f.State = state
			plain("TaskFailure", f.String())
			f.Log, f.Timeout, f.ExitCode = nil, nil, 0
			plain("TaskFailure", f.String())

			s := filled[Status](text)
			s.State, s.Kind = state, KindPipelineRun
			for i := range s.Tasks {
				s.Tasks[i].State = state
				for k := range s.Tasks[i].Runs {
					s.Tasks[i].Runs[k].State = state
					s.Tasks[i].Runs[k].Nested = nil
					s.Tasks[i].Runs[k].Steps = []StepStatus{{Name: text, Reason: text, State: state}}
				}
			}
			for _, o := range []Tree{{}, {Steps: true, Width: 20}, {Steps: true, ASCII: true}} {
				var out bytes.Buffer
				require.NoError(t, o.Write(&out, s))
				plain("Tree", out.String())
			}
			screen := bytes.Buffer{}
			drawn := Screen{Writer: &screen}
			require.NoError(t, drawn.Draw(Tree{Steps: true, Color: true}.Lines(s)))
			require.NoError(t, drawn.Print(text, "\x1b[31m"+text))
			require.NoError(t, drawn.Draw([]string{text}))
			assert.Empty(t, hostile.Arrived(screen.String(), hostile.Terminal), "Screen of %q", text)
			plain("RunError", (&RunError{Outcome{Status: s, Failures: []TaskFailure{f}}}).Error())
			plain("RunError", (&RunError{Outcome{Status: s}}).Error())
		}
		c := filled[Change](text)
		plain("Change", c.String())
		for _, o := range []LogOptions{{}, {NoPrefix: true}, {NoPrefix: true, Colors: true}} {
			var out bytes.Buffer
			require.NoError(t, copyLines(&out, strings.NewReader(text+"\n\x1b[31m"+text), filled[Event](text), o))
			kind := hostile.Plain
			if o.Colors {
				kind = hostile.Colored
			}
			written := out.String()
			if o.NoPrefix { // a step may write what looks like a result
				written = strings.ReplaceAll(written, "\n"+hostile.Forged, "\nx")
			}
			assert.Empty(t, hostile.Arrived(written, kind), "Logs of %q", text)
		}
		for _, err := range []error{
			new(filled[RejectedError](text)), new(filled[ConflictError](text)), new(filled[ForbiddenError](text)), new(filled[NotServedError](text)),
			new(filled[UnreachableError](text)), new(filled[NotKubernetesError](text)), new(filled[NotFoundError](text)), new(filled[EndedError](text)),
			(&Client{host: text}).explain(errors.New(text), request{object: filled[diag.ObjectRef](text)}),
			(&Client{host: text}).explain(apierrors.NewUnauthorized(text), request{object: filled[diag.ObjectRef](text)}),
			(&Client{host: text}).explain(apierrors.NewInternalError(errors.New(text)), request{object: filled[diag.ObjectRef](text)}),
			(&Client{host: text}).explain(apierrors.NewForbidden(schema.GroupResource{Resource: text}, text, errors.New(text)), request{object: filled[diag.ObjectRef](text)}),
			(&Client{host: text}).explain(apierrors.NewBadRequest(`admission webhook "a" denied the request: `+text), request{object: filled[diag.ObjectRef](text)}),
		} {
			// The lines of a message are indented.
			plain(reflect.TypeOf(err).String(), err.Error())
			for i, line := range strings.Split(err.Error(), "\n") {
				assert.True(t, i == 0 || strings.HasPrefix(line, "\t"), "%T: %q", err, line)
			}
		}
	}
}

// TestAttackSecrets tests that neither the diff nor the errors of a Secret show its
// values.
func TestAttackSecrets(t *testing.T) {
	secret := func(value string) *unstructured.Unstructured {
		return &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"name": "a"},
			"data": map[string]any{"a": hostile.Encoded}, "stringData": map[string]any{"b": value, "c": int64(7700770077)}}}
	}
	assert.Empty(t, hostile.Shown(difference(secret(hostile.Canary), secret("x"))))
	task := func(value, description string) *unstructured.Unstructured {
		return &unstructured.Unstructured{Object: map[string]any{"apiVersion": "tekton.dev/v1", "kind": "Task", "metadata": map[string]any{"name": "a"}, "spec": map[string]any{"description": description,
			"steps": []any{map[string]any{"env": []any{map[string]any{"name": "PASSWORD", "value": value}}}}}}}
	}
	changed := difference(task(hostile.Canary, "before"), task("x"+hostile.Canary, "after"))
	assert.Empty(t, hostile.Shown(changed))
	assert.Contains(t, changed, "after")
	refused := requestFor(task(hostile.Canary, ""), nil, schema.GroupResource{Resource: "tasks"}).refused(metav1.Status{Message: "the value " + strconv.Quote(hostile.Canary) + " is too short"}, errors.New("refused"))
	assert.Empty(t, hostile.Shown(refused.Error()))
	for _, text := range []string{hostile.Canary, hostile.Encoded, hostile.Number} {
		for _, message := range []string{
			`Secret "a" is invalid: data: Invalid value: ` + strconv.Quote(text), `failed to create typed patch object (ci/a; /v1, Kind=Secret): .stringData.b: expected string, got &value.valueUnstructured{Value:` + text + `}`,
			`admission webhook "w" denied the request: the value ` + text + ` is too short`,
		} {
			err := requestFor(secret(hostile.Canary), nil, schema.GroupResource{Resource: "secrets"}).refused(metav1.Status{Message: message}, errors.New("refused"))
			assert.Empty(t, hostile.Shown(err.Error()), "%s", message)
			assert.Contains(t, err.Error(), "***")
		}
	}
}
