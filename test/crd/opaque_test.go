package crd

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/shape"
	"github.com/tekwright/tekwright/internal/typecheck"
)

// TestOpaque compares the fields whose contents the library takes to be read by the
// webhook alone with those that the definitions do not describe.
func TestOpaque(t *testing.T) {
	opaque, described := 0, 0
	var walk func(path string, s *structural.Structural, typ *shape.Type)
	walk = func(path string, s *structural.Structural, typ *shape.Type) {
		switch typ.Class {
		case shape.List, shape.Map:
			if s.Items != nil {
				walk(path+"[]", s.Items, typ.Elem())
			}
			if s.AdditionalProperties != nil && s.AdditionalProperties.Structural != nil {
				walk(path+"{}", s.AdditionalProperties.Structural, typ.Elem())
			}
		case shape.Struct:
			for name := range s.Properties {
				f, inner := typ.Field(name), s.Properties[name]
				if f == nil || name == "status" || name == "metadata" {
					continue
				}
				class := f.Type().Class
				for of := f.Type(); class == shape.List || class == shape.Map; class = of.Class {
					of = of.Elem()
				}
				if class == shape.Struct && inner.XPreserveUnknownFields {
					opaque++
					assert.True(t, typ.IsOpaque(name), "the definition does not describe %s.%s of %s", path, name, typ.Go)
					continue
				}
				if class == shape.Struct {
					described++
				}
				assert.False(t, typ.IsOpaque(name), "the definition describes %s.%s", path, name)
				walk(path+"."+name, &inner, f.Type())
			}
		}
	}
	for meta, s := range schemas(t) {
		typ := kinds.Shape(meta.APIVersion, meta.Kind)
		if !assert.NotNil(t, typ, "%v", meta) {
			continue
		}
		open := s.XPreserveUnknownFields && len(s.Properties) == 0
		assert.Equal(t, open, typecheck.SchemaOf(meta.APIVersion) == typecheck.Open, "%v", meta)
		if !open {
			walk(meta.Kind, s, shape.Of(reflect.PointerTo(typ)))
		}
	}
	t.Logf("%d fields are opaque, %d are described", opaque, described)
	assert.Greater(t, opaque, 30)
}
