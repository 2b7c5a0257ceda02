package celenv

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/ext"
)

// TemplateVariables are the names that an expression in a template of Pipelines-as-Code
// may use without a prefix. Each has the value of pac.NAME, or is empty.
var TemplateVariables = []string{
	"event", "event_type", "target_branch", "source_branch", "target_url", "source_url", "event_title",
	"revision", "repo_owner", "repo_name", "sender", "repo_url", "git_tag", "target_namespace",
	"trigger_comment", "pull_request_labels", "pull_request_number", "git_auth_secret",
}

// templateEnvironment is the environment of the templates of Pipelines-as-Code and of the
// filters of params, like cel.Value in Pipelines-as-Code v0.50.
var templateEnvironment = sync.OnceValues(func() (*cel.Env, error) {
	object := cel.MapType(cel.StringType, cel.DynType)
	options := []cel.EnvOption{
		cel.Variable("body", object),
		cel.Variable("headers", object),
		cel.Variable("pac", object),
		cel.Variable("files", object),
		ext.Strings(), ext.Lists(),
	}
	for _, name := range TemplateVariables {
		options = append(options, cel.Variable(name, cel.StringType))
	}
	return cel.NewEnv(options...)
})

// Data is what the expressions of a template of Pipelines-as-Code can see.
type Data struct {
	Body    map[string]any
	Headers map[string]string
	Pac     map[string]string
	Files   map[string]any
	// Budget bounds the evaluations with this data. Nil is no bound but that of each.
	Budget *Budget
}

// maxEvaluation bounds the evaluation of an expression. It is about a second.
const maxEvaluation = 5_000_000

// Template returns an error if an expression of a template or of the filter of a param
// cannot be compiled.
func Template(expr string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("the expression cannot be compiled")
		}
	}()
	env, parsed, err := parseTemplate(expr)
	if err != nil {
		return err
	}
	if calls(parsed.NativeRep().Expr()) > maxMatcherCalls {
		return errMatcherCalls
	}
	_, err = typeOf(env, parsed, true)
	return err
}

// parseTemplate parses an expression of a template.
func parseTemplate(expr string) (*cel.Env, *cel.Ast, error) {
	env, err := templateEnvironment()
	if err != nil {
		return nil, nil, err
	}
	parsed, issues := env.Parse(expr)
	if err := explain(issues); err != nil {
		return nil, nil, err
	}
	return env, parsed, withinLimits(parsed.NativeRep().Expr())
}

// checkedTemplate is a compiled expression of a template.
type checkedTemplate struct {
	env     *cel.Env
	checked *cel.Ast
}

// template compiles an expression within a budget. The error is [ErrBudget] if that takes too
// long.
func template(expr string, b *Budget) (t *checkedTemplate, err error) {
	defer func() {
		if r := recover(); r != nil {
			t, err = nil, errors.New("the expression cannot be compiled")
		}
	}()
	env, parsed, err := parseTemplate(expr)
	if err != nil {
		return nil, err
	}
	switch n := calls(parsed.NativeRep().Expr()); {
	case n > maxMatcherCalls && b == nil:
		return nil, errMatcherCalls
	case n > maxMatcherCalls:
		b.exhaust()
		return nil, ErrBudget
	case !b.spend(compiling(n)):
		return nil, ErrBudget
	}
	checked, issues := env.Check(parsed)
	if err := explain(issues); err != nil {
		return nil, err
	}
	// This folds constants.
	if _, err := env.Program(checked, cel.EvalOptions(cel.OptOptimize)); err != nil {
		return nil, errors.New(oneLine(err.Error()))
	}
	return &checkedTemplate{env, checked}, nil
}

// Result is the value of an expression.
type Result struct{ value ref.Val }

// EvalTemplate returns the value of an expression of a template or of the filter of a
// param.
func EvalTemplate(expr string, d Data) (result Result, err error) {
	defer func() {
		if r := recover(); r != nil {
			result, err = Result{}, fmt.Errorf("the expression cannot be evaluated: %v", r)
		}
	}()
	t, err := template(expr, d.Budget)
	if err != nil {
		return Result{}, err
	}
	body := d.Body
	if body == nil {
		body = map[string]any{}
	}
	data := map[string]any{"body": body, "headers": d.Headers, "pac": d.Pac, "files": d.Files}
	for _, name := range TemplateVariables {
		data[name] = d.Pac[name]
	}
	value, err := d.Budget.evaluate(t.env, t.checked, maxEvaluation, data)
	switch {
	case errors.Is(err, ErrBudget):
		return Result{}, err
	case err != nil:
		return Result{}, errors.New(strings.TrimSpace(oneLine(err.Error())))
	}
	size := sizeOf(value, maxCall)
	if size > maxCall { // a list may have a long text many times
		d.Budget.exhaust()
		return Result{}, ErrBudget
	}
	// To make JSON of it is work, even if that fails in the end.
	if !d.Budget.spend(uint64(size) / 10) {
		return Result{}, ErrBudget
	}
	return Result{value}, nil
}

// Bool returns the value; false if it is not a bool.
func (r Result) Bool() (value, ok bool) {
	b, ok := r.value.(types.Bool)
	return bool(b), ok
}

// Text returns the value as Pipelines-as-Code writes it into a text: a string as it is,
// and everything else as JSON. A value that cannot be converted is the empty string.
// Lists and maps have no blanks, whereas those of Pipelines-as-Code depend on its build.
func (r Result) Text() string {
	switch v := r.value.(type) {
	case types.String:
		return string(v)
	case types.Bool:
		return strconv.FormatBool(bool(v))
	case types.Bytes, types.Double, types.Int:
		return jsonOf(v, types.JSONValueType)
	case traits.Lister:
		return jsonOf(v, types.JSONListType)
	case traits.Mapper:
		return jsonOf(v, types.JSONStructType)
	default:
		if native, err := v.ConvertToNative(reflect.TypeFor[[]byte]()); err == nil {
			b, _ := native.([]byte)
			return string(b)
		}
		return ""
	}
}

// jsonOf returns a value as JSON, "" if it cannot be converted.
func jsonOf(v ref.Val, t reflect.Type) string {
	native, err := v.ConvertToNative(t)
	if err != nil {
		return ""
	}
	m, ok := native.(json.Marshaler)
	if !ok {
		return ""
	}
	b, err := m.MarshalJSON()
	if err != nil {
		return ""
	}
	var out bytes.Buffer
	if json.Compact(&out, b) != nil {
		return ""
	}
	return out.String()
}
