package yamlwrite

import (
	"fmt"
	"reflect"
	"strings"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// paramValue returns the tree of a param value. A nil array becomes [], not null.
func paramValue(v reflect.Value, depth int) (Node, error) {
	p := v.Interface().(pipelinev1.ParamValue)
	var (
		n   Node
		err error
	)
	switch p.Type {
	case pipelinev1.ParamTypeString:
		return text(p.StringVal)
	case pipelinev1.ParamTypeArray:
		n, err = list(reflect.ValueOf(p.ArrayVal), depth)
		n.Kind = List
	case pipelinev1.ParamTypeObject:
		n, err = freeMap(reflect.ValueOf(p.ObjectVal), depth)
		n.Kind, n.Free = Map, true
	default:
		err = fmt.Errorf("a param value of type %q cannot be written; set Type to string, array or object", p.Type)
	}
	return n, err
}

// duration returns the tree of a duration: 1h30m where upstream writes 1h30m0s.
func duration(v reflect.Value, _ int) (Node, error) {
	s := v.Interface().(metav1.Duration).Duration.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-2]
		}
	}
	return Node{Kind: String, Text: s}, nil
}

// rawExtension returns the tree of the object or JSON in a RawExtension.
func rawExtension(v reflect.Value, depth int) (Node, error) {
	raw := v.Interface().(runtime.RawExtension)
	switch {
	case raw.Raw != nil:
		n, err := marshalled(raw)
		if n.Kind == Map && n.Get("kind") != nil && n.Get("apiVersion") != nil {
			n.tidyObject()
		}
		return n, err
	case raw.Object != nil:
		return value(reflect.ValueOf(raw.Object), depth+1)
	}
	return Node{}, nil
}

// tidyObject sorts the keys of an unstructured object, and removes the fields that the
// cluster sets.
func (n *Node) tidyObject() {
	n.Free = false
	n.remove("status")
	if meta := n.Get("metadata"); meta != nil && meta.Kind == Map {
		if t := meta.Get("creationTimestamp"); t != nil && t.Kind == Null {
			meta.remove("creationTimestamp")
		}
		meta.moveFirst("name", "generateName", "namespace", "labels", "annotations")
	}
	n.orderAsKind()
	n.moveFirst("apiVersion", "kind", "metadata", "spec")
	n.tidy()
}

// tidy moves the name to the front in items of lists, and makes scripts literal blocks.
func (n *Node) tidy() {
	for i := range n.Items {
		item := &n.Items[i]
		if n.Kind == List {
			item.Free = false
			item.nameFirst()
		} else {
			item.Free = item.Free && freeKeys[n.Keys[i]]
			item.Block = item.Kind == String && n.Keys[i] == "script"
		}
		item.tidy()
	}
}

// freeKeys are the fields that usually contain maps with arbitrary keys.
var freeKeys = map[string]bool{
	"labels": true, "annotations": true, "matchLabels": true, "nodeSelector": true,
	"data": true, "stringData": true, "binaryData": true,
}
