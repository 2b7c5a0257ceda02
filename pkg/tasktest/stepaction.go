package tasktest

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"github.com/tektoncd/pipeline/pkg/container"
	"github.com/tektoncd/pipeline/pkg/substitution"
)

// resolveActions puts the StepActions in place of the references to them. The function
// edit changes each StepAction before values are put into it.
func resolveActions(ctx context.Context, spec *v1.TaskSpec, given v1.Params, actions map[string]*v1beta1.StepActionSpec, edit func(*v1.Step)) error {
	for i := range spec.Steps {
		step := &spec.Steps[i]
		if step.Ref == nil {
			continue
		}
		where := fmt.Sprintf("step %q", strings.TrimPrefix(containerName(step.Name, i), "step-"))
		if step.Ref.Resolver != "" {
			return fmt.Errorf("%s gets its StepAction from the resolver %q, which needs a cluster: use a Task whose StepActions are in the same set", where, step.Ref.Resolver)
		}
		found := actions[step.Ref.Name]
		if found == nil {
			return fmt.Errorf("%s: %w", where, named("StepAction", step.Ref.Name, slices.Sorted(maps.Keys(actions))))
		}
		action := found.DeepCopy()
		action.SetDefaults(ctx)
		from := action.ToStep()
		edit(from)
		if err := passParams(from, spec, given, step.Params, action.Params); err != nil {
			return fmt.Errorf("%s: %w", where, err)
		}
		merge(step, from)
	}
	return nil
}

// merge puts the fields of a StepAction into the step that refers to it.
func merge(step, from *v1.Step) {
	step.Image, step.SecurityContext, step.WorkingDir = from.Image, from.SecurityContext, from.WorkingDir
	if len(from.Command) > 0 {
		step.Command = from.Command
	}
	if len(from.Args) > 0 {
		step.Args = from.Args
	}
	if from.Script != "" {
		step.Script = from.Script
	}
	if from.Env != nil {
		step.Env = from.Env
	}
	if len(from.VolumeMounts) > 0 {
		step.VolumeMounts = from.VolumeMounts
	}
	if len(from.Results) > 0 {
		step.Results = from.Results
	}
	step.Ref, step.Params = nil, nil
}

// passParams replaces the params of a StepAction. Values are those of the step, which may
// refer to params of the Task and to results of other steps, and else the defaults.
func passParams(from *v1.Step, spec *v1.TaskSpec, given, passed v1.Params, declared v1.ParamSpecs) error {
	ofTask := paramValues(spec.Params, given)
	passed = passed.ReplaceVariables(ofTask.text, ofTask.list, ofTask.object)
	byName := map[string]v1.ParamValue{}
	for _, p := range passed {
		if !slices.ContainsFunc(declared, func(d v1.ParamSpec) bool { return d.Name == p.Name }) {
			return fmt.Errorf("the StepAction declares no param %q", p.Name)
		}
		byName[p.Name] = p.Value
	}
	r := newReplacements()
	var later []v1.ParamSpec
	known := map[string]string{}
	for _, d := range declared {
		value, ok := byName[d.Name]
		switch {
		case ok:
			if d.Default != nil && !refers(d) {
				r.set(d.Name, *d.Default)
			}
		case d.Default == nil:
			return fmt.Errorf("the param %q of the StepAction has no value and no default", d.Name)
		case refers(d):
			later = append(later, d)
			continue
		default:
			value = *d.Default
		}
		r.set(d.Name, value)
		known[d.Name] = value.StringVal
	}
	for len(later) > 0 {
		before := len(later)
		later = slices.DeleteFunc(later, func(d v1.ParamSpec) bool {
			text := d.Default.StringVal
			variables, _ := substitution.ExtractVariableExpressions(text, "params")
			for _, variable := range variables {
				value, ok := known[strings.TrimSuffix(strings.TrimPrefix(variable, "$(params."), ")")]
				if !ok {
					return false
				}
				text = strings.ReplaceAll(text, variable, value)
			}
			known[d.Name] = text
			r.set(d.Name, v1.ParamValue{Type: v1.ParamTypeString, StringVal: text})
			return true
		})
		if len(later) == before {
			return fmt.Errorf("the default of the param %q of the StepAction refers to a param without a value", later[0].Name)
		}
	}
	fromSteps(r, from, byName, declared)
	container.ApplyStepReplacements(from, r.text, r.list)
	return nil
}

// fromSteps passes on the results of other steps as variables, which are replaced when the
// step begins.
func fromSteps(r replacements, from *v1.Step, passed map[string]v1.ParamValue, declared v1.ParamSpecs) {
	for _, d := range declared {
		value, ok := passed[d.Name]
		if !ok || !strings.HasPrefix(value.StringVal, "$(steps.") {
			continue
		}
		ref, ok := parseStepResult(value.StringVal)
		if !ok {
			continue
		}
		result := "steps." + ref.step + ".results." + ref.name
		switch d.Type {
		case v1.ParamTypeObject:
			for key := range d.Properties {
				r.text["params."+d.Name+"."+key] = "$(" + result + "." + key + ")"
			}
		case v1.ParamTypeArray:
			for _, s := range spellings(d.Name) {
				r.text[s+"[*]"] = "$(" + result + "[*])"
				index := regexp.MustCompile(regexp.QuoteMeta(s) + `\[(\d+)\]`)
				for _, field := range stepTexts(from) {
					for _, m := range index.FindAllStringSubmatch(field, -1) {
						r.text[m[0]] = "$(" + result + "[" + m[1] + "])"
					}
				}
			}
		}
	}
}

// stepTexts are the fields that may refer to an item of an array.
func stepTexts(s *v1.Step) []string {
	all := slices.Concat(s.Command, s.Args)
	for _, e := range s.Env {
		all = append(all, e.Value)
	}
	return all
}
