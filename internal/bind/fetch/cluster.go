package fetch

import (
	"context"
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/bind"
	"github.com/tekwright/tekwright/internal/yamlwrite"
)

// cluster reads a Task, or else a StepAction, of a cluster.
func (f *Fetcher) cluster(ctx context.Context, s bind.Source) (got bind.Fetched, err error) {
	client, err := f.Cluster()
	if err != nil {
		return got, err
	}
	for _, r := range []schema.GroupVersionResource{
		{Group: "tekton.dev", Version: "v1", Resource: "tasks"},
		{Group: "tekton.dev", Version: "v1beta1", Resource: "stepactions"},
	} {
		o, err := client.Resource(r).Namespace(s.Namespace).Get(ctx, s.Name, metav1.GetOptions{})
		switch {
		case apierrors.IsNotFound(err):
			continue
		case ctx.Err() != nil:
			return got, ctx.Err()
		case err != nil:
			return got, withoutURL(err)
		}
		text, err := written(o)
		if err == nil && len(text) > bind.MaxBytes {
			err = fmt.Errorf("it is larger than %d MiB", bind.MaxBytes>>20)
		}
		got.Files = []bind.Text{{Bytes: text}}
		return got, err
	}
	return got, errors.New("the cluster has no Task and no StepAction of this name")
}

// written returns an object as somebody would write it, without what the server added.
func written(o *unstructured.Unstructured) ([]byte, error) {
	meta := map[string]any{"name": o.GetName()}
	if l := o.GetLabels(); len(l) > 0 {
		meta["labels"] = l
	}
	notes := o.GetAnnotations()
	delete(notes, "kubectl.kubernetes.io/last-applied-configuration")
	if len(notes) > 0 {
		meta["annotations"] = notes
	}
	return yamlwrite.Append(nil, map[string]any{
		"apiVersion": o.GetAPIVersion(), "kind": o.GetKind(), "metadata": meta, "spec": o.Object["spec"],
	})
}
