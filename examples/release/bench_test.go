package main

import (
	"bytes"
	"context"
	"io"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"knative.dev/pkg/apis"
	"sigs.k8s.io/yaml"

	"github.com/tektoncd/triggers/pkg/apis/triggers/contexts"

	"github.com/tekwright/tekwright/pkg/object"
)

// BenchmarkRelease describes, checks and writes the example.
func BenchmarkRelease(b *testing.B) {
	for b.Loop() {
		if err := release().Write(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReleaseRaw makes the same objects as upstream structs and writes
// them with sigs.k8s.io/yaml, unchecked. A deep copy stands for the struct
// literals: it allocates what they would.
func BenchmarkReleaseRaw(b *testing.B) {
	objects := built(b)
	for b.Loop() {
		raw(b, objects, false)
	}
}

// BenchmarkReleaseRawValidated also runs upstream's SetDefaults and Validate,
// on a copy as one has to, since defaults are not meant for the output.
func BenchmarkReleaseRawValidated(b *testing.B) {
	objects := built(b)
	for b.Loop() {
		raw(b, objects, true)
	}
}

func built(b *testing.B) []object.Object {
	objects, err := release().Objects()
	if err != nil {
		b.Fatal(err)
	}
	return objects
}

func raw(b *testing.B, objects []object.Object, validate bool) {
	var out bytes.Buffer
	for _, o := range objects {
		c := o.DeepCopyObject()
		text, err := yaml.Marshal(c)
		if err != nil {
			b.Fatal(err)
		}
		out.WriteString("---\n")
		out.Write(text)
		if validate {
			validated(b, c)
		}
	}
}

func validated(b *testing.B, o runtime.Object) {
	c, ok := o.DeepCopyObject().(interface {
		apis.Defaultable
		apis.Validatable
	})
	if !ok {
		return // a ServiceAccount, a Role: upstream is Tekton here
	}
	ctx := contexts.WithUpgradeViaDefaulting(context.Background())
	c.SetDefaults(ctx)
	if err := c.Validate(ctx); err != nil {
		b.Fatal(err)
	}
}
