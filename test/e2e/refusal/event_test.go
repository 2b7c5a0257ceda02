package refusal_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/tekwright/tekwright/test/e2e/harness"
)

// push is an event such as a Git host sends.
const push = `{"ref": "refs/heads/main", "after": "1f1f0f3e7c3a5f2b0d9a4f1c1b2a3d4e5f607182",
"repository": {"name": "app", "clone_url": "https://git.example.com/acme/app.git"}, "list": ["a", "b"]}`

// ears are a listener that hears for all examples which bring none: it takes
// the Triggers of every namespace that have its label.
type ears struct {
	t     *testing.T // which ends after all of them
	space string
	once  sync.Once
	url   string
}

func (e *ears) start(t *testing.T, c *harness.Cluster) string {
	t.Helper()
	e.once.Do(func() {
		for _, o := range harness.Decode(t, strings.ReplaceAll(listener, "SPACE", e.space)) {
			if o.GetKind() == "ClusterRoleBinding" {
				c.Removed(e.t, o)
			} else {
				o.SetNamespace(e.space)
			}
			_, err := c.Create(t.Context(), o)
			require.NoError(t, err)
		}
		e.url = c.SinkURL(t, e.space, "ears")
	})
	return e.url
}

// triggered posts events until the log of the listener, or that of the
// interceptors, says what the table says, or the time is up.
func (o *outcome) triggered(t *testing.T, c *harness.Cluster, e *ears, v verdict, objects []*unstructured.Unstructured) {
	t.Helper()
	space, name, trigger := e.space, "ears", ""
	for _, object := range objects {
		switch object.GetKind() {
		case "EventListener":
			space, name = object.GetNamespace(), object.GetName()
		case "Trigger":
			trigger = object.GetName()
		}
	}
	url := ""
	if name == "ears" {
		url = e.start(t, c)
	} else {
		url, trigger = c.SinkURL(t, space, name), ""
	}
	before, err := c.InterceptorLog(t.Context())
	require.NoError(t, err)
	_ = wait.PollUntilContextTimeout(t.Context(), time.Second, 40*time.Second, true, func(ctx context.Context) (bool, error) {
		answer, err := post(ctx, url)
		if err != nil {
			return false, err
		}
		o.answers = append(o.answers, answer)
		log, err := c.SinkLog(ctx, space, name)
		if err != nil {
			return false, err
		}
		now, err := c.InterceptorLog(ctx)
		o.log, o.interceptor = wrong(log, v.Event, trigger), wrong(now[min(len(before), len(now)):], v.Interceptor, "")
		return v.Event != "" && some(o.log, v.Event) || v.Interceptor != "" && some(o.interceptor, v.Interceptor), err
	})
	slices.Sort(o.answers)
	o.answers = slices.Compact(o.answers)
}

func post(ctx context.Context, url string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewBufferString(push))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-GitHub-Event", "push")
	request.Header.Set("X-Gitlab-Event", "Push Hook")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	return answer.Status, answer.Body.Close()
}

// wrong are the messages of a log, and in it of a trigger if one is named, that
// are errors, or hold what is waited for.
func wrong(log, expected, trigger string) []string {
	var out []string
	for line := range strings.Lines(log) {
		var entry struct {
			Severity, Message, Msg string
			Trigger                string `json:"/trigger"`
		}
		if json.Unmarshal([]byte(line), &entry) != nil || entry.Trigger != trigger && trigger != "" {
			continue
		}
		if text := entry.Message + entry.Msg; entry.Severity == "error" || expected != "" && strings.Contains(text, expected) {
			out = append(out, text)
		}
	}
	return out
}

// hear returns what the example lacks to be reached by an event: a trigger of
// its template and bindings, a label for the common listener, or for one of its
// own the rights, unless it gives some.
func (e *ears) hear(t *testing.T, c *harness.Cluster, space string, objects []*unstructured.Unstructured) []*unstructured.Unstructured {
	t.Helper()
	var trigger, own *unstructured.Unstructured
	var template map[string]any
	bindings, bound := []any{}, false
	for _, o := range objects {
		if o.GetNamespace() != "" {
			space = o.GetNamespace()
		}
		switch o.GetKind() {
		case "EventListener":
			own = o
		case "RoleBinding":
			bound = true
		case "Trigger":
			trigger = o
		case "TriggerBinding":
			bindings = append(bindings, map[string]any{"ref": o.GetName(), "kind": "TriggerBinding"})
		case "TriggerTemplate":
			template = map[string]any{"ref": o.GetName()}
		}
	}
	if own != nil {
		if bound {
			return nil
		}
		return allowed(t, c, space, own)
	}
	var more []*unstructured.Unstructured
	if trigger == nil {
		trigger = triggerOf(bindings, template, objects)
		trigger.SetNamespace(space)
		more = append(more, trigger)
	}
	trigger.SetName(space) // so that the log tells it from others
	trigger.SetLabels(map[string]string{"ears": e.space})
	return more
}

// allowed gives the account of a listener the rights that it needs.
func allowed(t *testing.T, c *harness.Cluster, space string, own *unstructured.Unstructured) []*unstructured.Unstructured {
	t.Helper()
	account, _, _ := unstructured.NestedString(own.Object, "spec", "serviceAccountName")
	text := rights
	if account == "" {
		account = "default" // which is there
	} else {
		text += "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ACCOUNT}\n"
	}
	out := harness.Decode(t, strings.NewReplacer("ACCOUNT", account, "SPACE", space).Replace(text))
	for _, o := range out {
		if o.GetKind() == "ClusterRoleBinding" {
			c.Removed(t, o)
		} else {
			o.SetNamespace(space)
		}
	}
	return out
}

// triggerOf is one of the bindings and the template; where there is no
// template, of one that takes what they give.
func triggerOf(bindings []any, template map[string]any, objects []*unstructured.Unstructured) *unstructured.Unstructured {
	if template == nil {
		params, data := []any{}, map[string]any{}
		for _, o := range objects {
			for _, p := range list(o, "params") {
				name := p["name"].(string)
				params = append(params, map[string]any{"name": name})
				data[name] = "$(tt.params." + name + ")"
			}
		}
		template = map[string]any{"spec": map[string]any{"params": params, "resourcetemplates": []any{map[string]any{
			"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"generateName": "push-"}, "data": data}}}}
	}
	return &unstructured.Unstructured{Object: map[string]any{"apiVersion": "triggers.tekton.dev/v1beta1", "kind": "Trigger",
		"metadata": map[string]any{}, "spec": map[string]any{"bindings": bindings, "template": template}}}
}

const listener = `
apiVersion: v1
kind: ServiceAccount
metadata: {name: ears}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: SPACE-ears}
subjects: [{kind: ServiceAccount, name: ears, namespace: SPACE}]
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
---
apiVersion: triggers.tekton.dev/v1beta1
kind: EventListener
metadata: {name: ears}
spec:
  serviceAccountName: ears
  namespaceSelector: {matchNames: ["*"]}
  labelSelector: {matchLabels: {ears: SPACE}}
`

const rights = `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: creates}
subjects: [{kind: ServiceAccount, name: ACCOUNT, namespace: SPACE}]
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: listens}
subjects: [{kind: ServiceAccount, name: ACCOUNT, namespace: SPACE}]
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: tekton-triggers-eventlistener-roles}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: SPACE-listens}
subjects: [{kind: ServiceAccount, name: ACCOUNT, namespace: SPACE}]
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: tekton-triggers-eventlistener-clusterroles}
`
