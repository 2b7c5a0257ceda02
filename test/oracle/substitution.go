package oracle

import (
	"reflect"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/tekwright/tekwright/internal/facts"
)

// plant writes the text into every string below the value, and makes one item
// of each list and map on the way. It leaves out the types that are not read
// from a string, and those in keep, which the caller fills in.
func plant(value any, text string, keep ...reflect.Type) {
	p := planter{text: text, keep: map[reflect.Type]bool{}}
	for _, t := range append(keep, leave...) {
		p.keep[t] = true
	}
	p.fields(reflect.ValueOf(value).Elem())
}

var leave = []reflect.Type{
	reflect.TypeFor[metav1.TypeMeta](), reflect.TypeFor[runtime.TypeMeta](), reflect.TypeFor[metav1.ObjectMeta](),
	reflect.TypeFor[metav1.Time](), reflect.TypeFor[metav1.Duration](), reflect.TypeFor[resource.Quantity](),
	reflect.TypeFor[intstr.IntOrString](), reflect.TypeFor[runtime.RawExtension](),
	reflect.TypeFor[v1.EmbeddedTask](), reflect.TypeFor[v1.TaskSpec](), reflect.TypeFor[v1.PipelineSpec](),
}

type planter struct {
	text string
	keep map[reflect.Type]bool
}

func (p planter) fill(v reflect.Value) {
	t := v.Type()
	switch {
	case t == reflect.TypeFor[v1.ParamValue]():
		v.Set(reflect.ValueOf(text(p.text)))
	case p.keep[t] || t.Kind() == reflect.Pointer && p.keep[t.Elem()]:
	case t.Kind() == reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		p.fill(v.Elem())
	case t.Kind() == reflect.String:
		v.SetString(p.text)
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		v.Set(reflect.MakeSlice(t, 1, 1))
		p.fill(v.Index(0))
	case t.Kind() == reflect.Map:
		item := reflect.New(t.Elem()).Elem()
		p.fill(item)
		v.Set(reflect.MakeMap(t))
		v.SetMapIndex(reflect.ValueOf("key").Convert(t.Key()), item)
	case t.Kind() == reflect.Struct:
		p.fields(v)
	}
}

func (p planter) fields(v reflect.Value) {
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() {
			p.fill(v.Field(i))
		}
	}
}

// left returns the fields below the value that contain the text, as the rules name
// them.
func left(value any, text string) map[string]bool {
	out := map[string]bool{}
	for _, t := range facts.TextsIn(value, facts.Spot{}) {
		if strings.Contains(t.Value, text) {
			out[t.Field] = true
		}
	}
	return out
}
