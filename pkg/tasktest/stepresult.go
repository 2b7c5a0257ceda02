package tasktest

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

var (
	stepResult = regexp.MustCompile(`\$\(steps\..*?\.results\..*?\)`)
	indexing   = regexp.MustCompile(`\[([0-9])*\*?\]`)
)

// stepResultRef is a reference to the result of a step.
type stepResultRef struct {
	step, name string
	index      string // of an array, * for all of it
	key        string // of an object
}

// parseStepResult parses a variable such as $(steps.build.results.image).
func parseStepResult(variable string) (stepResultRef, bool) {
	parts := strings.Split(strings.TrimSuffix(strings.TrimPrefix(variable, "$("), ")"), ".")
	if len(parts) < 4 || len(parts) > 5 || parts[0] != "steps" || parts[2] != "results" {
		return stepResultRef{}, false
	}
	ref := stepResultRef{step: parts[1], name: parts[3]}
	if len(parts) == 5 {
		ref.key = parts[4]
		return ref, true
	}
	ref.index = strings.Trim(indexing.FindString(ref.name), "[]")
	ref.name = indexing.ReplaceAllString(ref.name, "")
	return ref, true
}

// stepResults replaces results of earlier steps when a step begins.
type stepResults struct{ layout layout }

// value returns the value of a variable: a text, or a list for all items of an array.
func (s stepResults) value(variable string) (text string, list []string, err error) {
	ref, ok := parseStepResult(variable)
	if !ok {
		return "", nil, fmt.Errorf("%s is not the result of a step", variable)
	}
	content, err := s.layout.read(path.Join(pipeline.StepsDir, "step-"+path.Base(ref.step), "results", path.Base(ref.name)))
	if err != nil {
		return "", nil, fmt.Errorf("%s: the step has not written the result", variable)
	}
	var v v1.ResultValue
	if err := v.UnmarshalJSON(content); err != nil {
		return "", nil, err
	}
	switch {
	case ref.key != "":
		return v.ObjectVal[ref.key], nil, nil
	case ref.index == "*":
		return "", v.ArrayVal, nil
	case ref.index != "":
		i, err := strconv.Atoi(ref.index)
		if err != nil || i >= len(v.ArrayVal) {
			return "", nil, fmt.Errorf("%s: the array has %d items", variable, len(v.ArrayVal))
		}
		return v.ArrayVal[i], nil, nil
	}
	return v.StringVal, nil, nil
}

// text replaces the variables in a text.
func (s stepResults) text(in string) (string, error) {
	out := in
	for _, variable := range stepResult.FindAllString(in, -1) {
		value, _, err := s.value(variable)
		if err != nil {
			return in, err
		}
		out = strings.ReplaceAll(out, variable, value)
	}
	return out, nil
}

// texts replaces the variables in a list. All items of an array take the place of an item.
func (s stepResults) texts(in []string) ([]string, error) {
	var out []string
	for _, item := range in {
		found := stepResult.FindAllString(item, -1)
		replaced := []string{item}
		for _, variable := range found {
			text, list, err := s.value(variable)
			if err != nil {
				return in, err
			}
			switch {
			case len(list) > 0 && item != variable:
				return in, errors.New("all items of an array must be the whole item: " + item)
			case len(list) > 0:
				replaced = list
			default:
				replaced[0] = strings.ReplaceAll(replaced[0], variable, text)
			}
		}
		out = append(out, replaced...)
	}
	return out, nil
}

// when replaces the variables in when expressions.
func (s stepResults) when(in v1.StepWhenExpressions) (v1.StepWhenExpressions, error) {
	out := in.DeepCopy()
	for i := range out {
		var err error
		if out[i].Values, err = s.texts(out[i].Values); err != nil {
			return out, err
		}
		if out[i].Input, err = s.text(out[i].Input); err != nil {
			return out, err
		}
		if out[i].CEL, err = s.text(out[i].CEL); err != nil {
			return out, err
		}
	}
	return out, nil
}
