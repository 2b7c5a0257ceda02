package plan

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// literal returns a value as a Go expression of its type.
func (p *printer) literal(v any) string { return p.value(reflect.ValueOf(v), true) }

// typeName returns the name of a type as the file writes it.
func (p *printer) typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return "*" + p.typeName(t.Elem())
	case reflect.Slice:
		if t.Name() == "" {
			return "[]" + p.typeName(t.Elem())
		}
	case reflect.Map:
		if t.Name() == "" {
			return "map[" + p.typeName(t.Key()) + "]" + p.typeName(t.Elem())
		}
	case reflect.Interface:
		if t.Name() == "" {
			return "any"
		}
	}
	if t.PkgPath() == "" {
		return t.Name()
	}
	for name, path := range packages {
		if path == t.PkgPath() {
			return p.use(name) + "." + t.Name()
		}
	}
	name := t.String()[:strings.IndexByte(t.String(), '.')]
	return p.useOther(t.PkgPath(), name) + "." + t.Name()
}

// value returns a value as a Go expression. Where the type follows from the place, as in a
// list, constants and composite literals are written without it.
func (p *printer) value(v reflect.Value, typed bool) string {
	if !v.IsValid() {
		return "nil"
	}
	if s, ok := p.wellKnown(v); ok {
		return s
	}
	switch v.Kind() {
	case reflect.Pointer:
		return p.pointer(v)
	case reflect.Interface:
		return p.value(v.Elem(), true)
	case reflect.Struct:
		return p.structure(v, typed)
	case reflect.Slice:
		return p.slice(v, typed)
	case reflect.Map:
		return p.mapValue(v)
	case reflect.String:
		return quoted(v.String())
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	}
	return fmt.Sprint(v.Interface())
}

// wellKnown returns values whose fields are not exported or not meant to be set.
func (p *printer) wellKnown(v reflect.Value) (string, bool) {
	switch x := v.Interface().(type) {
	case resource.Quantity:
		return p.use("resource") + ".MustParse(" + quoted(x.String()) + ")", true
	case metav1.Duration:
		return p.use("metav1") + ".Duration{Duration: " + p.duration(x.Duration) + "}", true
	case time.Duration:
		if x == builder.NoTimeout {
			return p.use("builder") + ".NoTimeout", true
		}
		return p.duration(x), true
	case intstr.IntOrString:
		if x.Type == intstr.String {
			return p.use("intstr") + ".FromString(" + quoted(x.StrVal) + ")", true
		}
		return fmt.Sprintf("%s.FromInt32(%d)", p.use("intstr"), x.IntVal), true
	case runtime.RawExtension:
		return p.use("runtime") + ".RawExtension{Raw: []byte(" + quoted(string(x.Raw)) + ")}", true
	case v1.ParamValue:
		if x.Type == v1.ParamTypeString {
			return "*" + p.use("v1") + ".NewStructuredValues(" + quoted(x.StringVal) + ")", true
		}
	}
	return "", false
}

func (p *printer) pointer(v reflect.Value) string {
	if v.IsNil() {
		return "nil"
	}
	e := v.Elem()
	if s, ok := p.wellKnown(e); ok {
		if rest, ok := strings.CutPrefix(s, "*"); ok {
			return rest
		}
		if strings.HasSuffix(s, "}") {
			return "&" + s
		}
		return "new(" + s + ")"
	}
	if e.Kind() == reflect.Struct {
		return "&" + p.structure(e, true)
	}
	s := p.value(e, true)
	if t := e.Type(); t.PkgPath() != "" || t.Kind() != reflect.String && t.Kind() != reflect.Bool && t.Kind() != reflect.Int {
		s = p.typeName(t) + "(" + s + ")"
	}
	return "new(" + s + ")"
}

func (p *printer) structure(v reflect.Value, typed bool) string {
	var parts []string
	width := 0
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || v.Field(i).IsZero() {
			continue
		}
		s := f.Name + ": " + p.value(v.Field(i), true)
		parts, width = append(parts, s), width+len(s)+2
	}
	name := ""
	if typed {
		name = p.typeName(v.Type())
	}
	if len(parts) == 0 {
		return name + "{}"
	}
	return name + items(parts, width+len(name))
}

func (p *printer) slice(v reflect.Value, typed bool) string {
	if v.IsNil() {
		return "nil"
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return "[]byte(" + quoted(string(v.Bytes())) + ")"
	}
	parts := make([]string, v.Len())
	width := 0
	for i := range parts {
		parts[i] = p.value(v.Index(i), v.Type().Elem().Kind() == reflect.Interface)
		width += len(parts[i]) + 2
	}
	name := p.typeName(v.Type())
	if !typed && v.Type().Name() == "" {
		name = ""
	}
	if len(parts) == 0 {
		return name + "{}"
	}
	return name + items(parts, width+len(name))
}

func (p *printer) mapValue(v reflect.Value) string {
	if v.IsNil() {
		return "nil"
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	parts := make([]string, len(keys))
	width := 0
	for i, k := range keys {
		parts[i] = quoted(k.String()) + ": " + p.value(v.MapIndex(k), v.Type().Elem().Kind() == reflect.Interface)
		width += len(parts[i]) + 2
	}
	name := p.typeName(v.Type())
	if len(parts) == 0 {
		return name + "{}"
	}
	return name + braces(parts, width+len(name))
}
