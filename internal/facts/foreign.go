package facts

import (
	"reflect"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/substitution"
	"github.com/tekwright/tekwright/internal/tekref"
)

// ForeignUse is a variable of Tekton that is written in the notation of another
// language, so that Tekton does not replace it.
type ForeignUse struct {
	tekref.Foreign
	Text *Text
	Spot Spot
}

// ForeignUses returns the variables in the notation of other languages whose names
// exist, in the fields of the spec in which Tekton replaces variables. In a default, they
// are those that are the whole default.
func (t *TaskSpec) ForeignUses() []ForeignUse {
	t.Set().asked(Variables)
	t.find()
	uses := foreignUses(t.foreignTexts, func(field string) bool { return substitution.Known(t.place(), field) }, t.has)
	return slices.DeleteFunc(uses, func(u ForeignUse) bool {
		// A default may be a text for another program, such as a Go template.
		return u.Text.Field == "params.default" && (u.Style != tekref.DollarBrace || u.Start > 0 || u.End < len(u.Text.Value))
	})
}

// has reports whether a variable refers to something that exists.
func (t *TaskSpec) has(v *tekref.Variable) bool {
	switch v.Kind {
	case tekref.Param:
		return t.Params.Find(v.Name) != nil
	case tekref.ResultPath:
		return t.HasResult(v.Name)
	case tekref.Workspace:
		return (t.Workspace(v.Owner) != nil || t.Bound(v.Owner)) && slices.Contains(tekref.WorkspaceFields(), v.Name)
	case tekref.Context:
		return slices.Contains(tekref.ContextFields(v.Owner), v.Name)
	case tekref.TaskResult:
		return t.Pipeline != nil && t.Pipeline.byName[v.Owner] != nil
	default:
		return false
	}
}

// ForeignUses returns the variables in the notation of other languages whose names
// exist, in the fields of the task in which Tekton replaces variables, without those
// of an embedded spec.
func (t *PipelineTask) ForeignUses() []ForeignUse {
	t.Spot.Entry.set.asked(Variables)
	known := func(field string) bool { return substitution.Known(substitution.PipelineTask, field) }
	t.Uses()
	return foreignUses(t.foreignTexts, known, t.Pipeline.has)
}

// ForeignResultUses returns the variables in the notation of other languages in the
// results of the pipeline.
func (p *PipelineSpec) ForeignResultUses() []ForeignUse {
	p.Set().asked(Variables)
	var out []ForeignUse
	for i := range p.Spec.Results {
		value := scan(reflect.ValueOf(&p.Spec.Results[i].Value), p.Spot.Index("results", i).Field("value"))
		out = append(out, foreignUses(value.foreign, func(string) bool { return true }, p.has)...)
	}
	return out
}

// has reports whether a variable refers to something that exists.
func (p *PipelineSpec) has(v *tekref.Variable) bool {
	switch v.Kind {
	case tekref.Param:
		return p.Params.Find(v.Name) != nil
	case tekref.TaskResult, tekref.TaskStatus:
		return p.byName[v.Owner] != nil
	case tekref.Context:
		return slices.Contains(tekref.ContextFields(v.Owner), v.Name)
	default:
		return false
	}
}

// ForeignRunUses returns the variables in the notation of other languages whose names
// exist, in the fields of a run in which Tekton replaces variables, without those of an
// embedded spec.
func (e *Entry) ForeignRunUses() []ForeignUse {
	e.RunUses()
	if len(e.foreignTexts) == 0 {
		return nil
	}
	place, context := substitution.TaskRun, "taskRun"
	if e.Run != nil {
		place, context = substitution.PipelineRun, "pipelineRun"
	}
	var set names
	has := func(v *tekref.Variable) bool {
		switch v.Kind {
		case tekref.Param:
			return set.of(func() []string { return namesOf(e.RunParams(), func(p *v1.Param) string { return p.Name }) }).has(v.Name)
		case tekref.Context:
			return v.Owner == context && slices.Contains(tekref.ContextFields(v.Owner), v.Name)
		default:
			return false
		}
	}
	return foreignUses(e.foreignTexts, func(field string) bool { return field != "params.value" && substitution.Known(place, field) }, has)
}

// ForeignUses returns the params of the template that its objects use in the notation
// of other languages.
func (t *Template) ForeignUses() []ForeignUse {
	var out []ForeignUse
	has := func(v *tekref.Variable) bool { return v.Kind == tekref.Event && t.Declares(v.Name) }
	for _, b := range t.Bodies {
		out = append(out, foreignUses(b.foreignTexts, func(string) bool { return true }, has)...)
	}
	return out
}

// usesAndForeign returns what [UsesIn] does, and the texts that may have variables in the
// notation of another language.
func usesAndForeign(v any, s Spot) ([]Use, []Text) {
	all := scan(reflect.ValueOf(v), s)
	return usesOf(all.texts), all.foreign
}

// maxEarlier is the number of variables in a text that are looked for before the place
// where they are. Those after it get the words before them on the line, so that the time
// for a text is proportional to its length.
const maxEarlier = 64

func foreignUses(texts []Text, replaced func(field string) bool, has func(*tekref.Variable) bool) []ForeignUse {
	var out []ForeignUse
	for i := range texts {
		tx := &texts[i]
		if !replaced(tx.Field) {
			continue
		}
		n := 0
		seen := map[string]bool{}
		for f := range tekref.ScanForeign(tx.Value) {
			if has(&f.Var) {
				n++
				part := tx.Value[f.Start:f.End]
				again := seen[part] || n > maxEarlier && f.Style == tekref.DollarName // $a is a part of $ab
				if n <= maxEarlier {
					again = strings.Index(tx.Value, part) < f.Start
				}
				seen[part] = true
				if again { // with what precedes it on its line, to be found
					line := tx.Value[max(0, f.Start-256):f.Start]
					part = strings.TrimLeft(line[strings.LastIndexByte(line, '\n')+1:]+part, " \t")
				}
				out = append(out, ForeignUse{f, tx, tx.Spot.Of(part)})
			}
		}
	}
	return out
}
