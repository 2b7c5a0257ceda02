package simulate

import (
	"fmt"
	"strconv"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// normal returns the value as a string, a []string or a map[string]string.
func normal(value any) (any, error) {
	switch v := value.(type) {
	case string, []string, map[string]string:
		return v, nil
	case bool, int, int32, int64, float64:
		return fmt.Sprint(v), nil
	case []any:
		texts := make([]string, len(v))
		for i, item := range v {
			text, err := normal(item)
			if err != nil {
				return nil, err
			}
			s, ok := text.(string)
			if !ok {
				return nil, fmt.Errorf("an item of an array must be a string")
			}
			texts[i] = s
		}
		return texts, nil
	case map[string]any:
		texts := make(map[string]string, len(v))
		for k, item := range v {
			text, err := normal(item)
			if err != nil {
				return nil, err
			}
			s, ok := text.(string)
			if !ok {
				return nil, fmt.Errorf("a value of an object must be a string")
			}
			texts[k] = s
		}
		return texts, nil
	case v1.ParamValue:
		return plain(v), nil
	case *v1.ParamValue:
		if v != nil {
			return plain(*v), nil
		}
	}
	return nil, fmt.Errorf("a value must be a string, a []string or a map[string]string, not %T", value)
}

// plain is Tekton's value as a value of this package.
func plain(v v1.ParamValue) any {
	switch v.Type {
	case v1.ParamTypeArray:
		if v.ArrayVal == nil {
			return []string{}
		}
		return v.ArrayVal
	case v1.ParamTypeObject:
		if v.ObjectVal == nil {
			return map[string]string{}
		}
		return v.ObjectVal
	}
	return v.StringVal
}

// param is a value of this package as Tekton's.
func param(value any) (v1.ParamValue, error) {
	v, err := normal(value)
	if err != nil {
		return v1.ParamValue{}, err
	}
	switch v := v.(type) {
	case []string:
		return v1.ParamValue{Type: v1.ParamTypeArray, ArrayVal: v}, nil
	case map[string]string:
		return v1.ParamValue{Type: v1.ParamTypeObject, ObjectVal: v}, nil
	case string:
		return v1.ParamValue{Type: v1.ParamTypeString, StringVal: v}, nil
	}
	return v1.ParamValue{}, fmt.Errorf("a value must be a string, a []string or a map[string]string")
}

func itoa(n int32) string { return strconv.Itoa(int(n)) }
