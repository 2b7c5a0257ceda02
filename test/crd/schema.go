package crd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
	"k8s.io/kube-openapi/pkg/validation/validate"
	sigsjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/internal/yamlsplit"
)

// Schemas are the schemas of CustomResourceDefinitions.
type Schemas map[metav1.TypeMeta]*structural.Structural

// Add reads the definitions in the YAML files that match the pattern.
func (s Schemas) Add(pattern string) error {
	files, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("no file matches %q", pattern)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for _, doc := range yamlsplit.Split(string(b)) {
			if err := s.definition(doc.Text); err != nil {
				return fmt.Errorf("%s:%d: %w", file, doc.Line, err)
			}
		}
	}
	return nil
}

// definition adds the schemas of each version of a definition.
func (s Schemas) definition(text string) error {
	var d apiextensionsv1.CustomResourceDefinition
	if err := yaml.Unmarshal([]byte(text), &d); err != nil {
		return err
	}
	for _, v := range d.Spec.Versions {
		if v.Schema == nil || v.Schema.OpenAPIV3Schema == nil {
			continue
		}
		var props apiextensions.JSONSchemaProps
		if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(v.Schema.OpenAPIV3Schema, &props, nil); err != nil {
			return err
		}
		schema, err := structural.NewStructural(&props)
		if err != nil {
			return err
		}
		s[metav1.TypeMeta{APIVersion: d.Spec.Group + "/" + v.Name, Kind: d.Spec.Names.Kind}] = schema
	}
	return nil
}

// Validate holds a YAML stream against the schemas. It returns how many of its
// documents have one; the others are not looked at.
func (s Schemas) Validate(stream string) (known int, err error) {
	var errs []error
	for _, doc := range yamlsplit.Split(stream) {
		j, err := yaml.YAMLToJSONStrict([]byte(doc.Text))
		if err != nil {
			errs = append(errs, fmt.Errorf("line %d: %w", doc.Line, err))
			continue
		}
		var object map[string]any
		if err := sigsjson.UnmarshalCaseSensitivePreserveInts(j, &object); err != nil {
			errs = append(errs, fmt.Errorf("line %d: %w", doc.Line, err))
			continue
		}
		head := metav1.TypeMeta{}
		head.APIVersion, _ = object["apiVersion"].(string)
		head.Kind, _ = object["kind"].(string)
		schema := s[head]
		if schema == nil {
			continue
		}
		known++
		for _, err := range faults(schema, object) {
			errs = append(errs, fmt.Errorf("line %d: %s: %w", doc.Line, head.Kind, err))
		}
	}
	return known, errors.Join(errs...)
}

// faults are what the schema has against an object.
func faults(schema *structural.Structural, object map[string]any) []error {
	removeNulls(object, schema)
	errs := validate.NewSchemaValidator(schema.ToKubeOpenAPI(), nil, "", strfmt.Default).Validate(object).Errors
	unknown := pruning.PruneWithOptions(object, schema, true, structural.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
	for _, path := range unknown {
		errs = append(errs, fmt.Errorf("the schema has no field %q", path))
	}
	return errs
}

// removeNulls removes the fields that are null and may not be, as the API server does
// before it applies the schema: PruneNonNullableNullsWithoutDefaults of
// k8s.io/apiextensions-apiserver, in a package that needs many more modules.
func removeNulls(value any, schema *structural.Structural) {
	if schema == nil {
		return
	}
	switch value := value.(type) {
	case map[string]any:
		for k, v := range value {
			field, ok := schema.Properties[k]
			switch {
			case !ok:
			case v == nil && !field.Nullable && field.Default.Object == nil:
				delete(value, k)
			default:
				removeNulls(v, &field)
			}
		}
	case []any:
		for _, item := range value {
			removeNulls(item, schema.Items)
		}
	}
}
