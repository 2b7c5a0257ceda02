package facts

import (
	"encoding/json"
	"maps"
	"reflect"
	"strconv"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/shape"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Template is the spec of a TriggerTemplate, or of a template in a trigger.
type Template struct {
	Spot  Spot   // of the spec
	Label string // for sentences: TriggerTemplate "build", the template of trigger "push"
	Spec  *triggersv1beta1.TriggerTemplateSpec
	// Bodies are the objects that it creates.
	Bodies []*Body

	used      map[string]bool
	names     names
	emptiedBy map[string]*Trigger // by the text
	asked     int
}

// Body is an object that a template creates.
type Body struct {
	Template *Template
	Spot     Spot // of the object, in the template
	// Kind is the kind that the object declares.
	Kind string
	// Content is the object without the values that cannot be read before an event sets
	// them; nil if it is not an object.
	Content map[string]any
	// Entry is the object; nil if it has no apiVersion or no kind.
	Entry *Entry
	// Misfits are the values that do not match the type of their field.
	Misfits []Misfit
	// Strays are the unknown fields.
	Strays []Stray
	// Uses are the $(...) in the texts of the object.
	Uses []Use

	foreignTexts []Text

	opaque bool // the API server leaves the value that is read to Tekton
}

// Misfit is a value that does not match the type of its field.
type Misfit struct {
	Spot  Spot
	Value any
	Type  reflect.Type
	// Grammar reports whether the type has its own syntax, like quantities and
	// durations.
	Grammar bool
}

// Stray is a field that does not exist in its kind.
type Stray struct {
	Spot  Spot
	Name  string
	Known []string // the known fields, sorted
	// Help says where the field belongs, "" if that is not known.
	Help string
	// Exact is the field that Tekton reads it as, because only the case differs and the
	// API server leaves the reading to Tekton.
	Exact string
}

// Templates returns the templates in the object.
func (e *Entry) Templates() []*Template {
	if e.templatesDone {
		return e.templates
	}
	e.templatesDone = true
	add := func(s Spot, label string, spec *triggersv1beta1.TriggerTemplateSpec) {
		t := &Template{Spot: s, Label: label, Spec: spec}
		for i := range spec.ResourceTemplates {
			t.Bodies = append(t.Bodies, newBody(t, s.Index("resourcetemplates", i), spec.ResourceTemplates[i].Raw))
		}
		e.templates = append(e.templates, t)
	}
	inTrigger := func(s Spot, label string, t *triggersv1beta1.TriggerSpecTemplate) {
		if t != nil && t.Ref == nil && t.Spec != nil {
			add(s.Field("template", "spec"), "the template of "+label, t.Spec)
		}
	}
	switch o := e.Event; {
	case o.Template != nil:
		add(e.At("spec"), e.Ref.String(), &o.Template.Spec)
	case o.Trigger != nil:
		inTrigger(e.At("spec"), e.Ref.String(), &o.Trigger.Spec.Template)
	case o.Listener != nil:
		for i := range o.Listener.Spec.Triggers {
			t := &o.Listener.Spec.Triggers[i]
			if t.TriggerRef != "" && t.Template == nil {
				continue
			}
			inTrigger(e.At("spec").Index("triggers", i), InlineTriggerLabel(e, t.Name), t.Template)
		}
	}
	return e.templates
}

// InlineTriggerLabel returns the label of a trigger in an EventListener for
// sentences.
func InlineTriggerLabel(listener *Entry, name string) string {
	if name == "" {
		return "a trigger of " + listener.Ref.String()
	}
	return "trigger " + strconv.Quote(name) + " of " + listener.Ref.String()
}

// Bodies returns the objects that the templates in the object create.
func (e *Entry) Bodies() []*Body {
	var out []*Body
	for _, t := range e.Templates() {
		out = append(out, t.Bodies...)
	}
	return out
}

// Names returns the names of the declared params.
func (t *Template) Names() []string { return t.declared().list }

func (t *Template) declared() *names {
	return t.names.of(func() []string {
		return namesOf(t.Spec.Params, func(p *triggersv1beta1.ParamSpec) string { return p.Name })
	})
}

// UsedParams returns the names of the params that the objects of the template use. A
// misspelled name also counts as a use of the param that was most likely meant.
func (t *Template) UsedParams() map[string]bool {
	if t.used != nil {
		return t.used
	}
	t.used = map[string]bool{}
	names := t.Names()
	for i := range t.Spec.ResourceTemplates {
		for _, name := range tekref.TemplateParams(string(t.Spec.ResourceTemplates[i].Raw)) {
			t.used[name] = true
		}
	}
	for _, b := range t.Bodies {
		for i := range b.Uses {
			u := &b.Uses[i]
			name, isParam := strings.CutPrefix(u.Expr, tekref.TemplatePrefix)
			root, _ := tekref.Root(u.Expr)
			switch {
			case u.Open && root == "tt":
				t.used[suggest.Name(name, names)] = true
				t.used[name] = true
			case u.Open, isParam && t.Declares(name):
			case isParam && tekref.IsTemplateParam(name):
				t.used[suggest.Name(name, names)] = true // so that one mistake is reported once
			case root == "tt":
				if name, ok := t.MeantParam(u.Expr); ok {
					t.used[name] = true
				}
			case root == "params" && !b.OwnParams(u.Spot) && t.Declares(u.Var.Name):
				t.used[u.Var.Name] = true
			}
		}
		if b.Entry == nil {
			continue
		}
		problems := b.Entry.Problems()
		for i := range problems {
			switch problems[i].Kind {
			case UnknownParam, UnknownDefault, UnsetParam, UnknownRunParam:
				t.used[problems[i].Var.Name] = true
			}
		}
		for _, pod := range b.Entry.PodParams() {
			t.used[pod.Use.Var.Name] = true
		}
	}
	return t.used
}

// MeantParam returns the param that a malformed expression was most likely meant to be;
// false if the expression has no name.
func (t *Template) MeantParam(expr string) (name string, ok bool) {
	name = strings.TrimSpace(expr)
	for _, cut := range [...]string{"tt.params", "tt.param", "tt"} {
		if rest, ok := strings.CutPrefix(name, cut); ok {
			name = strings.Trim(rest, `.[]'" `)
			break
		}
	}
	if !tekref.IsTemplateParam(name) {
		return name, false
	}
	if i := strings.LastIndexByte(name, '.'); i >= 0 && !t.Declares(name) {
		name = name[i+1:]
	}
	return name, true
}

// OwnParams reports whether $(params.NAME) may have a meaning at a place of the
// object, which it has in a pipeline or a task.
func (b *Body) OwnParams(s Spot) bool {
	path, _ := s.Path.Cut(b.Spot.Path)
	switch {
	case path.At(0).Name == "metadata":
		return false
	case b.Kind == "Pipeline" || b.Kind == "Task" || b.Kind == "StepAction":
		return true
	case path.At(0).Name != "spec" || path.Len() < 3:
		return false
	}
	switch path.At(1).Name {
	case "pipelineSpec", "taskSpec", "podTemplate", "workspaces":
		return true
	}
	return false
}

// Declares reports whether the template declares the param.
func (t *Template) Declares(name string) bool { return t.declared().has(name) }

// Body returns the object of a template if e is one; nil for other objects.
func (e *Entry) Body() *Body { return e.body }

func newBody(t *Template, s Spot, raw []byte) *Body {
	b := &Body{Template: t, Spot: s}
	content, ok := bodyContent(raw)
	if !ok {
		return b
	}
	b.Content = content
	apiVersion, _ := content["apiVersion"].(string)
	b.Kind, _ = content["kind"].(string)
	if apiVersion == "" || b.Kind == "" {
		return b
	}
	b.Content, _ = b.value(content, shapeOf(apiVersion, b.Kind), s).(map[string]any)
	e := newEntry(s.Entry.set, object.Object{Object: &unstructured.Unstructured{Object: b.Content}})
	e.Within, e.Prefix, e.body = s.Entry, s.Path, b
	if e.Ref.Namespace == "" || tekref.Contains(e.Ref.Namespace) {
		e.Ref.Namespace = s.Entry.Ref.Namespace
	}
	if tekref.Contains(e.Ref.Name) {
		e.Ref.Name = ""
	}
	b.Entry = e
	return b
}

// bodyContent reads an object of a template.
func bodyContent(raw []byte) (map[string]any, bool) {
	var content map[string]any
	return content, json.Valid(raw) && utiljson.Unmarshal(raw, &content) == nil && content != nil
}

// shapeOf returns the struct of a kind; nil if it is not known.
func shapeOf(apiVersion, kind string) reflect.Type {
	if apiVersion == "tekton.dev/v1beta1" {
		switch kind {
		case "PipelineRun":
			return reflect.TypeFor[v1beta1.PipelineRun]()
		case "TaskRun":
			return reflect.TypeFor[v1beta1.TaskRun]()
		case "Pipeline":
			return reflect.TypeFor[v1beta1.Pipeline]()
		case "Task":
			return reflect.TypeFor[v1beta1.Task]()
		}
	}
	if o := kinds.New(apiVersion, kind); o != nil {
		return reflect.TypeOf(o).Elem()
	}
	return nil
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

// value checks a value of the object against its type, which is nil if it is not
// known, and finds the variables in it. It returns the value without the parts that
// cannot be read before an event sets them.
func (b *Body) value(v any, t reflect.Type, s Spot) any {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t != nil && (t.Kind() == reflect.Interface || reflect.PointerTo(t).Implements(unmarshaler)) {
		if text, ok := v.(string); ok && tekref.Contains(text) && !freeText(t) {
			b.text(s, text)
			return standIn(t, s.Path)
		}
		if data, err := json.Marshal(v); err == nil && t.Kind() != reflect.Interface && json.Unmarshal(data, reflect.New(t).Interface()) != nil {
			b.Misfits = append(b.Misfits, Misfit{s, v, t, true})
			return standIn(t, s.Path)
		}
		t = nil
	}
	misfit := func() any {
		b.Misfits = append(b.Misfits, Misfit{s, v, t, false})
		return nil
	}
	switch v := v.(type) {
	case map[string]any:
		if t != nil && t.Kind() != reflect.Struct && t.Kind() != reflect.Map {
			return misfit()
		}
		return b.object(v, t, s)
	case []any:
		if t != nil && t.Kind() != reflect.Slice {
			return misfit()
		}
		var item reflect.Type
		if t != nil {
			item = t.Elem()
		}
		out := make([]any, 0, len(v))
		for i, x := range v {
			out = append(out, b.value(x, item, s.Item(i)))
		}
		return out
	case string:
		b.text(s, v)
		if t != nil && t.Kind() != reflect.String && !(t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8) {
			return misfit()
		}
		if b.inMetadata(s) {
			return filledIn(v)
		}
		return v
	case bool, int64, float64:
		if t != nil && !fits(v, t) {
			return misfit()
		}
	}
	return v
}

// inMetadata reports whether a place is a label or an annotation, of the object or
// of an object inside it.
func (b *Body) inMetadata(s Spot) bool {
	if s.Path.Last().Kind != diag.KeySegment {
		return false
	}
	list := s.Path.Parent()
	of := list.Parent()
	return (list.Last().Name == "labels" || list.Last().Name == "annotations") && of.Last() == (diag.Segment{Name: "metadata"})
}

// text finds the variables in a text of the object.
func (b *Body) text(s Spot, value string) {
	if tekref.MayBeForeign(value) {
		b.foreignTexts = append(b.foreignTexts, Text{Spot: s, Value: value})
	}
	if !tekref.Contains(value) {
		return
	}
	tx := &Text{Spot: s, Value: value}
	for m := range tekref.Scan(value) {
		b.Uses = append(b.Uses, Use{Match: m, Var: tekref.Parse(m.Expr), Text: tx, Spot: s.Of(value[m.Start:m.End])})
	}
}

// standIn returns a placeholder for a quantity or a duration that an event sets,
// which no rule reports; nil if none is needed.
func standIn(t reflect.Type, path diag.Path) any {
	last, parent := path.Last(), path.Parent().Last()
	switch {
	case t.Name() == "Quantity" && last == (diag.Segment{Name: "storage", Kind: diag.KeySegment}):
		return "1Gi"
	case t.Name() == "Quantity" && last.Kind == diag.KeySegment && parent.Name == "limits":
		return "1E"
	case t.Name() == "Quantity":
		return "1n"
	case t.Name() == "Duration" && last.Name == "pipeline" && parent.Name == "timeouts":
		return "0s"
	}
	return nil
}

// freeText reports whether a type accepts any text.
func freeText(t reflect.Type) bool {
	switch t.Name() {
	case "ParamValue", "ArrayOrString", "RawExtension", "JSON", "IntOrString":
		return true
	}
	return t.Kind() == reflect.Interface
}

func fits(v any, t reflect.Type) bool {
	switch v.(type) {
	case bool:
		return t.Kind() == reflect.Bool
	case int64:
		return t.Kind() >= reflect.Int && t.Kind() <= reflect.Float64
	}
	return t.Kind() == reflect.Float32 || t.Kind() == reflect.Float64
}

// object checks the fields of a map against a type. Keys are case-sensitive, as in
// the API server.
func (b *Body) object(m map[string]any, t reflect.Type, s Spot) map[string]any {
	out := make(map[string]any, len(m))
	var fields map[string]reflect.Type
	if t != nil && t.Kind() == reflect.Struct {
		fields = fieldsOf(t)
	}
	for _, k := range sortedKeys(m) {
		written := k
		at, item := s.Field(k), reflect.Type(nil)
		if k == "" {
			at = s.Key(k) // it is not the name of a field
		}
		switch {
		case t == nil:
			if holder := s.Path.Last(); holder.Kind == diag.FieldSegment && freeKeys[holder.Name] || !IsIdentifier(k) {
				at = s.Key(k)
			}
		case fields != nil:
			f, ok := fields[k]
			if !ok && k == "status" && s.Path.Equal(b.Spot.Path) {
				continue
			}
			exact := ""
			if !ok && b.opaque {
				exact = folded(sortedKeys(fields), k)
			}
			if !ok && exact != "" {
				b.Strays = append(b.Strays, Stray{Spot: at.Of(k), Name: k, Exact: exact})
				if _, set := m[exact]; set {
					continue
				}
				k, f = exact, fields[exact]
			} else if !ok {
				known := sortedKeys(fields)
				b.Strays = append(b.Strays, Stray{Spot: at.Of(k), Name: k, Known: known, Help: shape.BindingHelp(t, k)})
				if near := suggest.Name(k, known); near != "" && m[near] == nil { // use the intended field, so that it is not reported as missing too
					out[near] = b.value(m[k], fields[near], at)
				}
				continue
			}
			item = f
		default:
			at, item = s.Key(k), t.Elem()
		}
		outside := b.opaque
		b.opaque = b.opaque || t != nil && shape.IsOpaque(t, k)
		if v := b.value(m[written], item, at); v != nil {
			out[k] = v
		}
		b.opaque = outside
	}
	return out
}

// freeKeys are the fields with user-defined keys, in kinds that are not known.
var freeKeys = map[string]bool{
	"labels": true, "annotations": true, "data": true, "stringData": true, "nodeSelector": true, "matchLabels": true, "limits": true, "requests": true,
}

// IsIdentifier reports whether a text can be the name of a field.
func IsIdentifier(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !tekref.IsNameRune(r) || r == '.' }) < 0
}

// fieldsOf returns the fields of a struct by their JSON names.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	out := make(map[string]reflect.Type, t.NumField())
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
		case name != "":
			out[name] = f.Type
		case f.Anonymous:
			embedded := f.Type
			for embedded.Kind() == reflect.Pointer {
				embedded = embedded.Elem()
			}
			if embedded.Kind() == reflect.Struct {
				maps.Copy(out, fieldsOf(embedded))
			}
		}
	}
	return out
}

// filledIn returns a text with a letter for each part that an event sets.
func filledIn(s string) string {
	return tekref.Replace(s, func(tekref.Match) string { return "x" })
}
