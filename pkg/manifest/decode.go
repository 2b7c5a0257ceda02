package manifest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	sigsjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/tree"
	"github.com/tekwright/tekwright/internal/yamldoc"
	"github.com/tekwright/tekwright/pkg/check"
)

// decoder reads the documents of one stream.
type decoder struct {
	name     string
	objects  list
	findings check.Findings
}

// report adds a finding on a document.
func (d *decoder) report(line int, f check.Finding) {
	f.Place = d.name + ":" + strconv.Itoa(line)
	d.findings = append(d.findings, f)
}

func (d *decoder) stream(s string) {
	for _, doc := range yamldoc.Split(s) {
		d.document(doc)
	}
}

func (d *decoder) document(doc yamldoc.Document) {
	j, err := yaml.YAMLToJSONStrict([]byte(doc.Text))
	if err != nil {
		d.yamlError(doc.Line, err)
		return
	}
	var head struct {
		metav1.TypeMeta `json:",inline"`
		Items           []json.RawMessage `json:"items"`
	}
	if err := sigsjson.UnmarshalCaseSensitivePreserveInts(j, &head); err != nil || head.Kind == "" || head.APIVersion == "" {
		d.report(doc.Line, check.Finding{Code: "object-untyped",
			Message: "the document is no object: one has an apiVersion and a kind"})
		return
	}
	if head.Kind == "List" && head.APIVersion == "v1" {
		for _, item := range head.Items {
			var h metav1.TypeMeta
			if err := sigsjson.UnmarshalCaseSensitivePreserveInts(item, &h); err != nil || h.Kind == "" || h.APIVersion == "" {
				d.report(doc.Line, check.Finding{Code: "object-untyped",
					Message: "an item of the list is no object: one has an apiVersion and a kind"})
				continue
			}
			d.object(doc.Line, h, item)
		}
		return
	}
	d.object(doc.Line, head.TypeMeta, j)
}

// yamlLine finds the line in an error of the YAML reader.
var yamlLine = regexp.MustCompile(`line (\d+): `)

// yamlError reports what the YAML reader found, at the lines that it names.
func (d *decoder) yamlError(line int, err error) {
	for text := range strings.Lines(err.Error()) {
		text = strings.TrimSpace(text)
		for _, prefix := range []string{"error converting YAML to JSON: ", "yaml: "} {
			text = strings.TrimPrefix(text, prefix)
		}
		if text == "unmarshal errors:" {
			continue
		}
		at := line
		if m := yamlLine.FindStringSubmatch(text); m != nil {
			if n, err := strconv.Atoi(m[1]); err == nil {
				at += n - 1
			}
			text = strings.Replace(text, m[0], "", 1)
		}
		d.report(at, check.Finding{Code: "yaml-invalid", Message: "the YAML cannot be read: " + text})
	}
}

// object reads one object from JSON.
func (d *decoder) object(line int, head metav1.TypeMeta, j []byte) {
	place := d.name + ":" + strconv.Itoa(line)
	obj := kinds.New(head.APIVersion, head.Kind)
	if obj == nil {
		u := new(unstructured.Unstructured)
		if err := u.UnmarshalJSON(j); err != nil {
			d.report(line, check.Finding{Code: "yaml-invalid",
				Message: fmt.Sprintf("%s cannot be read: %v", head.Kind, err)})
			return
		}
		obj = u
	} else if !d.typed(line, head, j, obj) {
		return
	}
	d.objects = append(d.objects, check.Object{Object: obj, Place: func(string) string { return place }})
}

// typed reads JSON into an upstream struct; false if it does not fit.
func (d *decoder) typed(line int, head metav1.TypeMeta, j []byte, obj runtime.Object) bool {
	var named metav1.PartialObjectMetadata
	_ = sigsjson.UnmarshalCaseSensitivePreserveInts(j, &named) // only for messages
	if named.Name == "" {
		named.Name = named.GenerateName
	}
	f := check.Finding{Subject: named.Name, Object: check.Ref{
		APIVersion: head.APIVersion, Kind: head.Kind, Namespace: named.Namespace, Name: named.Name}}

	strict, err := sigsjson.UnmarshalStrict(j, obj)
	if err != nil {
		f.Code, f.Message = "field-type", fmt.Sprintf("%s does not fit its kind: %v", f.Object, err)
		d.report(line, f)
		return false
	}
	for _, err := range strict {
		f.Code, f.Message = "field-unknown", fmt.Sprintf("%s has an %v", f.Object, err)
		if _, path, ok := strings.Cut(err.Error(), `"`); ok {
			f.Path = strings.TrimSuffix(path, `"`)
			f.Subject = f.Path[strings.LastIndexByte(f.Path, '.')+1:]
		}
		f.Help = "upper and lower case count"
		d.report(line, f)
	}
	path, text := swallowed(j, obj)
	if path != "" {
		f.Code, f.Path, f.Subject = "value-type", path, named.Name
		f.Message = fmt.Sprintf("%s has a value at %s that Tekton takes for the text %q", f.Object, path, text)
		f.Help = "quote each item: a value is a string, a list of strings, or a map of strings"
		d.report(line, f)
	}
	return len(strict) == 0 && path == ""
}

// swallowed finds a list or a map that upstream's struct holds as a text:
// param values take [1, 2] and {k: yes} for JSON in a string, without a word.
func swallowed(j []byte, obj runtime.Object) (path, text string) {
	source, err := tree.FromJSON(j)
	if err != nil {
		return "", ""
	}
	read, err := tree.Of(obj)
	if err != nil {
		return "", ""
	}
	return tree.Swallowed(&source, &read)
}
