package triggers_test

import (
	"testing"

	"github.com/tekwright/tekwright/pkg/triggers"
)

const note = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  generateName: note-\ndata:\n  note: $(tt.params.note)\n"

// nested returns a template that contains itself.
func nested() *triggers.Template {
	t := triggers.NewTemplate("t")
	return t.Create(t) // want
}

// TestErrorsTemplates tests mistakes in templates and bindings.
func TestErrorsTemplates(t *testing.T) {
	push := triggers.GitHubPush()
	handle := string(push.SHA)
	raw := []byte(note)
	checkMistakes(t, "testdata/errors/templates.txt", []mistake{
		{"a nil template", "template-invalid", (*triggers.Template)(nil)},
		{"a template without objects", "template-invalid", triggers.NewTemplate("t")},                // want
		{"a bad name", "name-invalid", triggers.NewTemplate("a_b", "note").Raw(raw)},                 // want
		{"a param that is not declared", "param-unknown", triggers.NewTemplate("t").Raw(raw)},        // want
		{"a param twice", "param-duplicate", triggers.NewTemplate("t", "note", "note").Raw(raw)},     // want
		{"a bad name of a param", "name-invalid", triggers.NewTemplate("t", "note", "a b").Raw(raw)}, // want
		{"a nil object", "resource-invalid", triggers.NewTemplate("t").Create(nil)},                  // want
		{"a template in itself", "template-invalid", nested()},
		{"text that is not an object", "template-invalid", triggers.NewTemplate("t").Raw([]byte("- a\n- b\n"))},                                                          // want
		{"text that is not YAML", "template-invalid", triggers.NewTemplate("t").Raw([]byte("a: [\n"))},                                                                   // want
		{"no text", "template-invalid", triggers.NewTemplate("t").Raw(nil)},                                                                                              // want
		{"an object without a kind", "template-invalid", triggers.NewTemplate("t").Raw([]byte("apiVersion: v1\n"))},                                                      // want
		{"a run with a fixed name", "name-fixed spec-missing", triggers.NewTemplate("t").Raw([]byte("{apiVersion: tekton.dev/v1, kind: TaskRun, metadata: {name: x}}"))}, // want
		{"a run that uses fields", "handle-foreign", triggers.NewTemplate("t").Create(sha(push.SHA))},                                                                    // want run
		{"a run that uses a param that is not declared", "param-unknown", undeclared()},
		{"text that uses fields", "handle-misplaced", triggers.NewTemplate("t", "note").Raw([]byte(note + "  sha: " + handle))}, // want
		{"a field as default", "handle-misplaced", triggers.NewTemplate("t").Default("note", handle).Raw(raw)},                  // want

		{"a nil binding", "binding-invalid", (*triggers.Binding)(nil)},
		{"a binding without params", "binding-invalid", triggers.NewBinding("b")},                            // want
		{"a bad name of a binding", "name-invalid", triggers.NewBinding("").Param("a", "")},                  // want
		{"a bad param", "name-invalid", triggers.NewBinding("b").Param("$(a)", "")},                          // want
		{"a value that is not closed", "param-invalid", triggers.NewBinding("b").Param("a", "$(body.after")}, // want
		{"a field as value", "handle-misplaced", triggers.NewBinding("b").Param("a", handle)},                // want
		{"a param that is set twice", "param-duplicate", triggers.NewBinding("b").
			Param("a", "1").  // want first
			Param("a", "2")}, // want

		{"a template and another object", "template-invalid", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On("t", push, triggers.NewTemplate("t", "note").Default("note", "").Raw(raw), sha(push.SHA)) // want
		})},
		{"a template after a run", "template-invalid", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On("t", push, sha(push.SHA), triggers.NewTemplate("t", "note").Raw(raw)) // want
		})},
		{"a template without bindings", "param-missing", of(func(l *triggers.Listener, push *triggers.Push) {
			l.On("t", push, triggers.NewTemplate("t", "note").Raw(raw)) // want
		})},
		{"one template and one binding for two triggers", "param-invalid", of(func(l *triggers.Listener, push *triggers.Push) {
			template := triggers.NewTemplate("t", "note", "text").Raw(raw) // want template
			binding := triggers.NewBinding("b").
				Param("text", "").
				Param("note", "$(") // want binding
			l.On("a", push, template).Bind(binding)
			l.On("b", push, template).Bind(binding)
		})},
	})
}

// undeclared returns a template whose run uses a param that it does not declare.
func undeclared() *triggers.Template {
	t := triggers.NewTemplate("t")
	return t.Create(sha(t.Param("sha"))) // want create
}
