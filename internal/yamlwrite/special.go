package yamlwrite

import (
	"fmt"
	"reflect"
	"strings"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// paramValue writes a param's value; a nil array is [], not null.
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

// duration writes 1h30m where upstream writes 1h30m0s.
func duration(v reflect.Value, _ int) (Node, error) {
	s := v.Interface().(metav1.Duration).Duration.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-2]
		}
	}
	return Node{Kind: String, Text: s}, nil
}

// rawExtension writes the object or the JSON that the extension holds.
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

// tidyObject orders the tree of an object that was no struct, and takes out
// what a cluster writes.
func (n *Node) tidyObject() {
	n.Free = false
	n.remove("status")
	if meta := n.Get("metadata"); meta != nil && meta.Kind == Map {
		if t := meta.Get("creationTimestamp"); t != nil && t.Kind == Null {
			meta.remove("creationTimestamp")
		}
		meta.first("name", "generateName", "namespace", "labels", "annotations")
	}
	n.orderAsKind()
	n.first("apiVersion", "kind", "metadata", "spec")
	n.tidy()
}

// tidy puts name first in the items of lists; scripts become blocks.
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

// freeKeys are the fields that usually hold maps with data for keys.
var freeKeys = map[string]bool{
	"labels": true, "annotations": true, "matchLabels": true, "nodeSelector": true,
	"data": true, "stringData": true, "binaryData": true,
}
