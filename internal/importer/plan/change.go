package plan

import (
	"fmt"
	"reflect"
)

// function returns a Change as a function. It returns an error if an assignment would not
// compile.
func (c Change) function() (reflect.Value, error) {
	for _, a := range c.Sets {
		if err := a.valid(c.Of); err != nil {
			return reflect.Value{}, err
		}
	}
	t := reflect.FuncOf([]reflect.Type{reflect.PointerTo(c.Of)}, nil, false)
	return reflect.MakeFunc(t, func(args []reflect.Value) []reflect.Value {
		for _, a := range c.Sets {
			a.assign(args[0].Elem())
		}
		return nil
	}), nil
}

// valid reports as an error why a value of a type has no part that can be assigned to.
func (a Assignment) valid(of reflect.Type) error {
	t := of
	for _, s := range a.Path {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch {
		case s.IsKey && t.Kind() == reflect.Map, s.Field == "" && !s.IsKey && t.Kind() == reflect.Slice:
			t = t.Elem()
		case s.Field != "" && t.Kind() == reflect.Struct:
			f, ok := t.FieldByName(s.Field)
			if !ok {
				return fmt.Errorf("%s has no field %s", t, s.Field)
			}
			t = f.Type
		default:
			return fmt.Errorf("%s has no part that is assigned to", t)
		}
	}
	if !a.Value.Type().AssignableTo(t) {
		return fmt.Errorf("%s is assigned to %s", a.Value.Type(), t)
	}
	return nil
}

// assign assigns the value to the part of v, if v has that part.
func (a Assignment) assign(v reflect.Value) {
	for i, s := range a.Path {
		for v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return
			}
			v = v.Elem()
		}
		switch {
		case s.IsKey:
			if i == len(a.Path)-1 && !v.IsNil() {
				v.SetMapIndex(reflect.ValueOf(s.Key).Convert(v.Type().Key()), a.Value)
			}
			return
		case s.Field != "":
			v = v.FieldByName(s.Field)
		case s.Index < v.Len():
			v = v.Index(s.Index)
		default:
			return
		}
	}
	v.Set(a.Value)
}
