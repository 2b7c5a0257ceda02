package facts

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/pkg/diag"
)

// ExpandedVariable is a {{ }} in an object, which Pipelines-as-Code may replace.
type ExpandedVariable struct {
	pac.Variable
	Spot Spot
	Text string // the string that contains it
	// Code reports whether the string is a script, a command or a description: text in
	// another language, which may have {{ }} of its own.
	Code bool
}

// ExpandedVariables returns each {{ }} in a Task, a Pipeline or a run that
// Pipelines-as-Code replaces variables in. Other objects of a file have them replaced, too,
// but nothing uses them.
func (e *Entry) ExpandedVariables() []ExpandedVariable {
	var object any
	switch {
	case e.Within != nil || !e.inTektonFolder() && !e.resolvesReferences():
		return nil
	case e.Run != nil:
		object = e.Run
	case e.Pipeline != nil:
		object = e.Pipeline
	case e.Task != nil:
		object = e.Task
	default:
		return nil
	}
	b, err := json.Marshal(object)
	if err != nil || !bytes.Contains(b, []byte("{{")) {
		return nil
	}
	var value any
	if json.Unmarshal(b, &value) != nil {
		return nil
	}
	var out []ExpandedVariable
	collect(value, diag.Path{}, false, func(path diag.Path, text string, code bool) {
		for _, v := range pac.Variables(text) {
			out = append(out, ExpandedVariable{v, Spot{Entry: e, Path: path, Part: text[v.Start:v.End]}, text, code})
		}
	})
	return out
}

// inTektonFolder reports whether the file of the object is in a folder .tekton.
func (e *Entry) inTektonFolder() bool {
	return slices.Contains(strings.Split(slashed(e.File()), "/"), ".tekton")
}

// codeFields are the fields whose text is in another language.
var codeFields = map[string]bool{"script": true, "command": true, "args": true, "description": true, "displayName": true}

// collect calls visit for each string with {{ below a value of JSON.
func collect(value any, path diag.Path, code bool, visit func(path diag.Path, text string, code bool)) {
	switch value := value.(type) {
	case string:
		if strings.Contains(value, "{{") {
			visit(path, value, code)
		}
	case []any:
		for i, item := range value {
			collect(item, path.Index(i), code, visit)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			next := path.Field(name)
			if path.Last().Name == "annotations" || path.Last().Name == "labels" {
				next = path.Key(name)
			}
			collect(value[name], next, code || codeFields[name], visit)
		}
	}
}
