// Package admission validates YAML with upstream code, as a cluster would.
// Tests use it to check the output of this module.
package admission

import (
	"context"
	"errors"
	"fmt"

	"github.com/tektoncd/pipeline/pkg/apis/config"
	"github.com/tektoncd/triggers/pkg/apis/triggers/contexts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	sigsjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/yamlsplit"
)

// Stream returns the errors of upstream about the documents of a YAML stream:
// unknown kinds, duplicate keys, unknown fields (keys are case-sensitive, as in
// the API server), and what SetDefaults and Validate reject with every feature
// flag enabled.
func Stream(stream []byte) error {
	docs := yamlsplit.Split(string(stream))
	if len(docs) == 0 {
		return errors.New("the stream has no documents")
	}
	var errs []error
	for _, doc := range docs {
		if err := document([]byte(doc.Text)); err != nil {
			errs = append(errs, fmt.Errorf("line %d: %w", doc.Line, err))
		}
	}
	return errors.Join(errs...)
}

func document(text []byte) error {
	obj, err := decode(text)
	if err != nil {
		return err
	}
	return Object(obj)
}

// decode decodes a document into the upstream struct of its kind.
func decode(text []byte) (runtime.Object, error) {
	j, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return nil, err
	}
	var head metav1.TypeMeta
	if err := sigsjson.UnmarshalCaseSensitivePreserveInts(j, &head); err != nil {
		return nil, err
	}
	obj := kinds.New(head.APIVersion, head.Kind)
	if obj == nil {
		return nil, fmt.Errorf("kind %q of %q is unknown", head.Kind, head.APIVersion)
	}
	strict, err := sigsjson.UnmarshalStrict(j, obj)
	if err != nil {
		return nil, err
	}
	return obj, errors.Join(strict...)
}

// Object returns the errors of upstream's SetDefaults and Validate about the
// object, which is not changed. A panic is returned as an error.
func Object(obj runtime.Object) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("upstream panicked: %v", r)
		}
	}()
	obj = obj.DeepCopyObject()
	meta, ok := obj.(metav1.Object)
	if !ok {
		return fmt.Errorf("%T has no metadata", obj)
	}
	switch {
	case meta.GetName() != "":
	case meta.GetGenerateName() != "":
		// The API server cuts the text to 58 bytes and adds 5, before the webhook validates.
		base := meta.GetGenerateName()
		meta.SetName(base[:min(len(base), 58)] + "xxxxx")
	default:
		return errors.New("metadata.name and metadata.generateName are missing")
	}
	ctx := flags(context.Background())
	if d, ok := obj.(interface{ SetDefaults(context.Context) }); ok {
		d.SetDefaults(contexts.WithUpgradeViaDefaulting(ctx))
	}
	return validate(ctx, obj)
}

// flags enables every feature flag.
func flags(ctx context.Context) context.Context {
	f, err := config.NewFeatureFlagsFromMap(map[string]string{
		"enable-api-fields":                config.AlphaAPIFields,
		config.EnableCELInWhenExpression:   "true",
		config.EnableParamEnum:             "true",
		config.EnableArtifacts:             "true",
		config.EnableConciseResolverSyntax: "true",
		config.EnableKubernetesSidecar:     "true",
	})
	if err != nil {
		return ctx // the map above is a constant; TestFlags would fail
	}
	c := config.FromContextOrDefaults(ctx)
	c.FeatureFlags = f
	return config.ToContext(ctx, c)
}
