package refusal_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/tekwright/tekwright/test/e2e/harness"
)

// try sends the example to the cluster, and runs or triggers what is admitted.
func try(t *testing.T, c *harness.Cluster, ears *ears, v verdict) outcome {
	t.Helper()
	var o outcome
	space := c.Namespace(t)
	if v.Text {
		for _, doc := range harness.Documents(t, v.YAML) {
			o.heard(c.Post(t.Context(), kindOf(doc), space, doc))
		}
		return o
	}
	objects := c.Move(t, space, harness.Decode(t, v.YAML))
	c.Commanded(t, objects)
	if v.Event+v.Interceptor != "" {
		objects = append(objects, ears.hear(t, c, space, objects)...)
	}
	if r := startable(objects); r != nil && v.Refused == "" && !v.Idle {
		objects = append(objects, r)
	}
	for _, object := range objects {
		if harness.IsRun(object) && v.Results != nil {
			harness.Plays(t, object, map[string]any{"results": v.Results})
		}
	}
	var runs []*unstructured.Unstructured
	for _, object := range objects {
		made, err := c.Create(t.Context(), object)
		o.heard(err)
		if err == nil && harness.IsRun(made) {
			runs = append(runs, made)
		}
	}
	if len(o.refused)+len(o.client) > 0 {
		return o
	}
	if v.Event+v.Interceptor != "" {
		o.triggered(t, c, ears, v, objects)
	}
	for _, r := range runs {
		o.follow(t, c, v, r)
	}
	return o
}

func (o *outcome) heard(err error) {
	switch {
	case err == nil:
	case meta.IsNoMatchError(err):
		o.client = append(o.client, err.Error())
	default:
		o.refused = append(o.refused, err.Error())
	}
}

// follow waits for the end of a run, or for what the node says.
func (o *outcome) follow(t *testing.T, c *harness.Cluster, v verdict, r *unstructured.Unstructured) {
	t.Helper()
	if c.Tier == harness.Node && v.Node != "" {
		_ = wait.PollUntilContextTimeout(t.Context(), time.Second, 2*time.Minute, true, func(ctx context.Context) (bool, error) {
			pods, err := c.Core.CoreV1().Pods(r.GetNamespace()).List(ctx, metav1.ListOptions{})
			if err != nil {
				return false, err
			}
			o.node = nil
			for _, p := range pods.Items {
				for _, s := range append(p.Status.InitContainerStatuses, p.Status.ContainerStatuses...) {
					if s.State.Waiting != nil {
						o.node = append(o.node, s.State.Waiting.Reason, s.State.Waiting.Message)
					}
					if s.State.Terminated != nil && s.State.Terminated.ExitCode != 0 {
						log, err := c.Core.CoreV1().Pods(p.Namespace).GetLogs(p.Name, &corev1.PodLogOptions{Container: s.Name}).DoRaw(ctx)
						o.node = append(o.node, s.State.Terminated.Reason, string(log), fmt.Sprint(err))
					}
				}
				for _, s := range p.Status.Conditions {
					o.node = append(o.node, s.Reason)
				}
			}
			all, err := c.Endings(ctx, r.GetNamespace())
			o.ended = all
			return o.is(v, true), err
		})
		return
	}
	_, err := c.Ended(t.Context(), r, time.Minute)
	require.NoError(t, err)
	all, err := c.Endings(t.Context(), r.GetNamespace())
	require.NoError(t, err)
	o.ended = append(o.ended, all...)
	o.pods, err = c.Pods(t.Context(), r.GetNamespace())
	require.NoError(t, err)
	o.left = append(o.left, harness.Left(o.pods)...)
	if r.GetKind() == "PipelineRun" {
		now, err := c.Tekton.TektonV1().PipelineRuns(r.GetNamespace()).Get(t.Context(), r.GetName(), metav1.GetOptions{})
		require.NoError(t, err)
		for _, s := range now.Status.SkippedTasks {
			o.skipped = append(o.skipped, string(s.Reason))
		}
	}
}

var field = regexp.MustCompile(`(?m)^["{ ]*(apiVersion|kind)"?: *"?([\w./]+)`)

// kindOf is that of a text which may be no YAML.
func kindOf(doc []byte) schema.GroupVersionKind {
	found := map[string]string{"apiVersion": "tekton.dev/v1", "kind": "Task"}
	for _, m := range field.FindAllStringSubmatch(string(doc), -1) {
		found[m[1]] = m[2]
	}
	return schema.FromAPIVersionAndKind(found["apiVersion"], found["kind"])
}

// startable is a run of the last Pipeline, or else of the last Task, that gives
// it all it requires; nil if there is nothing to run, or a run already.
func startable(objects []*unstructured.Unstructured) *unstructured.Unstructured {
	var of *unstructured.Unstructured
	for _, o := range objects {
		if harness.IsRun(o) {
			return nil
		}
		if strings.HasPrefix(o.GetAPIVersion(), "tekton.dev/") &&
			(o.GetKind() == "Pipeline" || o.GetKind() == "Task" && (of == nil || of.GetKind() == "Task")) {
			of = o
		}
	}
	if of == nil {
		return nil
	}
	spec := map[string]any{"taskRef": map[string]any{"name": of.GetName()}}
	if of.GetKind() == "Pipeline" {
		spec = map[string]any{"pipelineRef": map[string]any{"name": of.GetName()}}
	}
	params := []any{}
	for _, p := range list(of, "params") {
		if p["default"] == nil {
			params = append(params, map[string]any{"name": p["name"], "value": value(p)})
		}
	}
	spaces := []any{}
	for _, w := range list(of, "workspaces") {
		if w["optional"] != true {
			spaces = append(spaces, map[string]any{"name": w["name"], "emptyDir": map[string]any{}})
		}
	}
	spec["params"], spec["workspaces"] = params, spaces
	return &unstructured.Unstructured{Object: map[string]any{"apiVersion": "tekton.dev/v1", "kind": of.GetKind() + "Run",
		"metadata": map[string]any{"generateName": "run-", "namespace": of.GetNamespace()}, "spec": spec}}
}

func list(o *unstructured.Unstructured, field string) []map[string]any {
	items, _, _ := unstructured.NestedSlice(o.Object, "spec", field)
	var out []map[string]any
	for _, i := range items {
		if i, ok := i.(map[string]any); ok {
			out = append(out, i)
		}
	}
	return out
}

// value is one for the param.
func value(p map[string]any) any {
	switch p["type"] {
	case "array":
		return []any{"value"}
	case "object":
		all := map[string]any{}
		properties, _ := p["properties"].(map[string]any)
		for key := range properties {
			all[key] = "value"
		}
		return all
	}
	return "value"
}
