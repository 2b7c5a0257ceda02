package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"
)

// Ending is how a run ended.
type Ending struct {
	Kind, Name      string
	Status          string // True, False, or Unknown where the time was up
	Reason, Message string
}

func (e Ending) String() string {
	return fmt.Sprintf("%s %q: %s %s: %s", e.Kind, e.Name, e.Status, e.Reason, e.Message)
}

// IsRun tells whether the object is a run of Tekton's.
func IsRun(o *unstructured.Unstructured) bool {
	return o.GetKind() == "TaskRun" || o.GetKind() == "PipelineRun"
}

// Plays has the stand-in of a kubelet end all tasks of the run as the verdict
// says: results, exitCode, step, delay, hang. A real kubelet takes no notice.
func Plays(t *testing.T, run *unstructured.Unstructured, verdict map[string]any) {
	t.Helper()
	text, err := json.Marshal(verdict)
	require.NoError(t, err)
	all := run.GetAnnotations()
	if all == nil {
		all = map[string]string{}
	}
	all["cluster.tekwright.dev/fake"] = string(text)
	run.SetAnnotations(all)
}

// Ended waits until the run has ended, or the time is up.
func (c *Cluster) Ended(ctx context.Context, run *unstructured.Unstructured, limit time.Duration) (Ending, error) {
	e := Ending{Kind: run.GetKind(), Name: run.GetName(), Status: "Unknown"}
	objects, err := c.Of(run)
	if err != nil {
		return e, err
	}
	err = wait.PollUntilContextTimeout(ctx, 200*time.Millisecond, limit, true, func(ctx context.Context) (bool, error) {
		now, err := objects.Get(ctx, run.GetName(), metav1.GetOptions{})
		if err != nil {
			return false, err
		}
		e = ending(now)
		return e.Status != "Unknown", nil
	})
	if wait.Interrupted(err) && ctx.Err() == nil {
		err = nil
	}
	return e, err
}

func ending(run *unstructured.Unstructured) Ending {
	e := Ending{Kind: run.GetKind(), Name: run.GetName(), Status: "Unknown"}
	conditions, _, _ := unstructured.NestedSlice(run.Object, "status", "conditions")
	for _, c := range conditions {
		if c, ok := c.(map[string]any); ok && c["type"] == "Succeeded" {
			e.Status, _ = c["status"].(string)
			e.Reason, _ = c["reason"].(string)
			e.Message, _ = c["message"].(string)
		}
	}
	return e
}

// Endings are those of all runs of the namespace, as they are now.
func (c *Cluster) Endings(ctx context.Context, namespace string) ([]Ending, error) {
	var out []Ending
	for _, kind := range []string{"PipelineRun", "TaskRun"} {
		u := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "tekton.dev/v1", "kind": kind}}
		u.SetNamespace(namespace)
		objects, err := c.Of(u)
		if err != nil {
			return nil, err
		}
		all, err := objects.List(ctx, metav1.ListOptions{})
		if err != nil {
			return nil, err
		}
		for i := range all.Items {
			out = append(out, ending(&all.Items[i]))
		}
	}
	return out, nil
}

var left = regexp.MustCompile(`\$\([^()\s"]*\)?`)

// Pods is all that the pods of the namespace were told, as JSON, and the
// scripts of its TaskRuns, which a pod has in a form of Tekton's own.
func (c *Cluster) Pods(ctx context.Context, namespace string) (string, error) {
	pods, err := c.Core.CoreV1().Pods(namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return "", err
	}
	runs, err := c.Tekton.TektonV1().TaskRuns(namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return "", err
	}
	var all strings.Builder
	for _, p := range pods.Items {
		text, err := unescaped(p.Spec)
		if err != nil {
			return "", err
		}
		all.WriteString(text)
	}
	for _, r := range runs.Items {
		if r.Status.TaskSpec != nil {
			for _, s := range r.Status.TaskSpec.Steps {
				all.WriteString(s.Script + "\n")
			}
		}
	}
	return all.String(), nil
}

// Left are the $(...) in what Pods returned, each once.
func Left(pods string) []string {
	out := left.FindAllString(pods, -1)
	slices.Sort(out)
	return slices.Compact(out)
}

func unescaped(o any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(o)
	return b.String(), err
}
