package typecheck

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"

	"github.com/tekwright/tekwright/internal/shape"
	"github.com/tekwright/tekwright/internal/yamlread"
)

// Decode decodes a value into the zero struct that into points to, as an API server
// decodes its JSON. The value should have been corrected by Check; Decode returns
// an error if it still does not match.
func Decode(root *yamlread.Node, into any) error {
	v := reflect.ValueOf(into).Elem()
	return decode(root, shape.Of(v.Type()), v)
}

// decode decodes a value into a zero variable of the shape, or a pointer to one.
func decode(n *yamlread.Node, s *shape.Type, v reflect.Value) error {
	if n.Kind == yamlread.Null && (v.Kind() == reflect.Pointer || s.Class < shape.Raw) {
		return nil
	}
	for v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch s.Class {
	case shape.Raw, shape.Param, shape.Custom:
		return read(n, v.Addr().Interface())
	case shape.Text:
		if n.Kind == yamlread.String {
			v.SetString(n.Text)
			return nil
		}
	case shape.Bool:
		if n.Kind == yamlread.Bool {
			v.SetBool(n.Text == "true")
			return nil
		}
	case shape.Int, shape.Float:
		if n.Kind == yamlread.Number {
			return number(n.Text, v)
		}
	case shape.Bytes:
		if n.Kind == yamlread.String && v.Kind() == reflect.Slice {
			b, err := base64.StdEncoding.DecodeString(n.Text)
			v.SetBytes(b)
			return err
		}
	case shape.List:
		if n.Kind == yamlread.List && v.Kind() == reflect.Slice {
			return items(n, s.Elem(), v)
		}
	case shape.Map:
		if n.Kind == yamlread.Map && v.Type().Key().Kind() == reflect.String {
			return entries(n, s.Elem(), v)
		}
	case shape.Struct:
		if n.Kind == yamlread.Map {
			return members(n, s, v)
		}
	case shape.Any:
		if v.Kind() == reflect.Interface && v.NumMethod() == 0 {
			v.Set(reflect.ValueOf(n.Value()))
			return nil
		}
	}
	return fmt.Errorf("cannot decode %s into a %s", n.Kind, v.Type())
}

// read decodes a value with the JSON decoder of the type.
func read(n *yamlread.Node, into any) error {
	b := n.AppendJSON(nil)
	if reader, ok := into.(json.Unmarshaler); ok {
		return reader.UnmarshalJSON(b)
	}
	return json.Unmarshal(b, into)
}

func number(text string, v reflect.Value) error {
	bits := v.Type().Bits()
	switch {
	case v.CanInt():
		i, err := strconv.ParseInt(text, 10, bits)
		v.SetInt(i)
		return err
	case v.CanUint():
		u, err := strconv.ParseUint(text, 10, bits)
		v.SetUint(u)
		return err
	}
	f, err := strconv.ParseFloat(text, bits)
	v.SetFloat(f)
	return err
}

func items(n *yamlread.Node, elem *shape.Type, v reflect.Value) error {
	v.Set(reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items)))
	for i, item := range n.Items {
		if err := decode(item, elem, v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func entries(n *yamlread.Node, elem *shape.Type, v reflect.Value) error {
	v.Set(reflect.MakeMapWithSize(v.Type(), len(n.Items)))
	for i, item := range n.Items {
		value := reflect.New(v.Type().Elem()).Elem()
		if err := decode(item, elem, value); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(n.Keys[i].Name).Convert(v.Type().Key()), value)
	}
	return nil
}

func members(n *yamlread.Node, s *shape.Type, v reflect.Value) error {
	for i, item := range n.Items {
		if f := s.Field(n.Keys[i].Name); f != nil {
			if err := decode(item, f.Type(), f.Make(v)); err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
		}
	}
	return nil
}
